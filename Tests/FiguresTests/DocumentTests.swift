import Figures
import Foundation
import Testing

/// Figures as PDF and SVG, looked at with tools of other people.
@Suite struct DocumentTests {
  private static func tool(_ name: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/" + name)
  }

  private func output(_ tool: String, _ bytes: [UInt8], _ arguments: [String] = []) throws -> String
  {
    let path = FileManager.default.temporaryDirectory.path + "/figure-\(UUID().uuidString).pdf"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/" + tool)
    process.arguments = arguments + [path] + (tool == "pdftotext" ? ["-"] : [])
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  private func figure() throws -> Figure {
    Figure(
      try Samples.grid(), title: "Importance of heads, $\\alpha^2$ ± 1", xLabel: "x", yLabel: "y")
  }

  @Test(
    .enabled(if: tool("pdffonts"), "poppler-utils are not installed"), arguments: Theme.allCases)
  func fontsAreEmbeddedAsTrueType(theme: Theme) throws {
    let lines = try output("pdffonts", figure().page(theme: theme).pdf()).split(separator: "\n")
      .dropFirst(
        2)
    #expect(!lines.isEmpty)
    for line in lines {
      #expect(line.contains("TrueType"), "\(line)")
      // Embedded, a subset, with a way back to Unicode.
      #expect(line.contains(/yes\s+yes\s+yes/), "\(line)")
    }
  }

  @Test(.enabled(if: tool("pdftotext"), "poppler-utils are not installed"))
  func textCanBeCopied() throws {
    let text = try output("pdftotext", figure().page().pdf(), ["-layout"])
    for words in ["Importance of heads", "Panel", "across", "± 1"] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test(.enabled(if: tool("pdfinfo"), "poppler-utils are not installed"))
  func sizeAndMetadata() throws {
    let bytes = try figure().page(width: Figure.columnWidth, height: 8).pdf(metadata: [
      ("Software", "Pare 1"), ("Source", "a.ipynb"), ("Model", "λ"),
    ])
    let text = try output("pdfinfo", bytes)
    #expect(text.contains(/Page size:\s+241.2 x 576 pts/))
    #expect(text.contains(/Creator:\s+Pare 1/) && text.contains("Source: a.ipynb; Model: λ"))
    #expect(!text.contains("CreationDate") && !text.contains("ModDate"))
  }

  @Test(arguments: Theme.allCases)
  func theSameFigureGivesTheSameDocuments(theme: Theme) async throws {
    let figure = try figure()
    let (pdf, svg) = (try figure.page(theme: theme).pdf(), try figure.page(theme: theme).svg())
    let pairs = try await withThrowingTaskGroup(of: ([UInt8], String).self) { group in
      for _ in 0..<4 {
        group.addTask { (try figure.page(theme: theme).pdf(), try figure.page(theme: theme).svg()) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for pair in pairs { #expect(pair.0 == pdf && pair.1 == svg) }
  }

  /// A matrix of four million cells is one image, whole where it packs well, and no file is large.
  @Test(arguments: [false, true]) func aLargeHeatmapIsOneImage(isNoise: Bool) throws {
    let size = 2000
    var state: UInt64 = 1
    let values = (0..<size * size).map { index -> Float in
      guard isNoise else { return Float(index / size) + Float(index % size) }
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40)
    }
    let figure = Figure(.heatmap(try Heatmap(values: values, rows: size, columns: size)))
    let (pdf, svg) = (try figure.page().pdf(), try figure.page().svg())
    #expect(pdf.count < 2_000_000 && svg.utf8.count < 2_000_000)
    // Cells and the colour bar, each with nearest neighbours when it is enlarged.
    #expect(svg.components(separatedBy: "<image ").count == 3)
    #expect(svg.components(separatedBy: "image-rendering:pixelated").count == 3)
    guard Self.tool("pdfimages") else { return }
    let images = try output("pdfimages", pdf, ["-list"]).split(separator: "\n").dropFirst(2)
    #expect(images.count == 2)
    let columns = images.first.map { $0.split(separator: " ") } ?? []
    #expect(columns.count > 9 && columns[9] == "no", "not interpolated")
    if !isNoise { #expect((Int(columns[3]) ?? 0) >= size && (Int(columns[4]) ?? 0) >= size) }
  }

  /// Of a million points as many are drawn as can be seen, and the one that stands out is among
  /// them.
  @Test func aLongLineIsThinnedAndKeepsItsSpike() throws {
    var y = (0..<1_000_000).map { sin(Double($0) / 1000) }
    y[123_456] = 50
    let figure = Figure(.line(try LinePlot(series: [.init(y: y)])))
    let pdf = try figure.page().pdf()
    #expect(pdf.count < 200_000)
    let svg = try figure.page().svg()
    #expect(svg.utf8.count < 1_000_000)
    let plot = try #require(try figure.layout().boxes.first { $0.name == "plot" }).rectangle
    let image = try figure.page(width: Figure.defaultWidth).image(dpi: 100)
    let bytes = try image.rgb()
    // The spike's column has colour near the top of the plot.
    let x = Int((plot.x + plot.width * (0.025 + 0.95 * 0.123456)) * 100 / 72)
    let row = Int((plot.y + plot.height * 0.1) * 100 / 72)
    let isBlue = (x - 6...x + 6).contains { column in
      let place = (row * image.width + column) * 3
      return Int(bytes[place + 2]) - Int(bytes[place]) > 60
    }
    #expect(isBlue)
  }

  /// A letter that the theme's type lacks is drawn in a face that has it, upright where the slanted
  /// one lacks it.
  @Test func lettersComeFromOtherFonts() throws {
    guard Self.tool("pdffonts"), Self.tool("pdftotext") else { return }
    let plot = Figure.Content.line(try LinePlot(series: [.init(y: [1, 2])]))
    // Of the fonts that set-up installs, the bold serif has the bold letter alone.
    for (title, letter) in [("☃ a", "☃"), ("$م$ a", "م"), ("\u{1D400} a", "\u{1D400}")] {
      let figure = Figure(plot, title: title)
      let pdf = try figure.page().pdf()
      let fonts = try output("pdffonts", pdf, []).split(separator: "\n").dropFirst(2)
      let names = fonts.compactMap { $0.split(separator: " ").first?.split(separator: "+").last }
      #expect(names.contains { $0.hasPrefix("DejaVu") }, "\(title): \(names)")
      #expect(try output("pdftotext", pdf).contains(letter))
      #expect(try figure.page().remarks().isEmpty)
    }
    let figure = Figure(plot, title: "\u{F0001}")
    _ = try figure.page().pdf()
    #expect(
      try figure.page().remarks() == ["no installed font has '\u{F0001}': a box stands for each"])
  }

  /// A hundred thousand points are a picture in a document, and as many shapes as pixels nowhere.
  @Test func manyPointsAreOneImage() throws {
    let x = (0..<100_000).map { sin(Double($0) * 1.7) + sin(Double($0) * 0.37) }
    let y = (0..<100_000).map { cos(Double($0) * 0.91) + sin(Double($0) * 2.3) }
    let figure = Figure(.scatter(try ScatterPlot(series: [.init(x: x, y: y)])))
    let (pdf, svg) = (try figure.page().pdf(), try figure.page().svg())
    #expect(pdf.count < 2_000_000 && svg.utf8.count < 2_000_000)
    #expect(svg.components(separatedBy: "<image ").count == 2)
  }

  /// Neither is a line that turns back at every point: no thinning reaches it.
  @Test func aTangledLineIsOneImage() throws {
    let x = (0..<21_000).map { Double($0 * 7919 % 10_007) }
    let y = (0..<21_000).map { Double($0 * 104_729 % 10_009) }
    let figure = Figure(.line(try LinePlot(series: [.init(x: x, y: y)])), title: "T")
    let (pdf, svg) = (try figure.page(width: 2).pdf(), try figure.page(width: 2).svg())
    #expect(pdf.count < 2_000_000 && svg.utf8.count < 2_000_000)
    #expect(svg.components(separatedBy: "<image ").count == 2)
    let straight = Figure(.line(try LinePlot(series: [.init(x: x.sorted(by: >), y: y)])))
    #expect(!(try straight.page().svg()).contains("<image "))
  }

  /// Drawing looks for a stop while it works and throws what stopped it.
  @Test func drawingIsStopped() throws {
    struct Stop: Error {}
    let many = (0..<100_000).map { Double($0 * 7919 % 10_007) }
    let contents: [Figure.Content] = [
      try Samples.heatmap(2000, 200), try Samples.bars((0..<2000).map { "\($0)" }),
      .line(try LinePlot(series: [.init(y: many)])),
      .scatter(try ScatterPlot(series: [.init(x: many, y: many.reversed())])),
    ]
    for content in contents {
      let figure = Figure(content)
      for draw in [
        { poll in _ = try figure.page().png(poll: poll) },
        { poll in _ = try figure.page().pdf(poll: poll) },
        { poll in _ = try figure.page().svg(poll: poll) },
      ] as [(@escaping Poll) throws -> Void] {
        var calls = 0
        try draw { calls += 1 }
        #expect(calls > 0, "\(figure.summary)")
        var left = max(1, calls / 2)
        #expect(throws: Stop.self, "\(figure.summary)") {
          try draw {
            left -= 1
            if left <= 0 { throw Stop() }
          }
        }
        #expect(left == 0, "\(figure.summary) went on")
      }
    }
  }

  /// The promise is 150 ms; a machine that is busy with other tests has more.
  @Test func aHeatmapOfNeuronsIsDrawnQuickly() throws {
    let figure = Figure(
      try Samples.heatmap(30, 1536), title: "Neurons", xLabel: "neuron", yLabel: "layer")
    let clock = ContinuousClock()
    let times = try (0..<5).map { _ in try clock.measure { _ = try figure.page().png(dpi: 300) } }
    let best = try #require(times.min())
    print("30 x 1536 at 300 dpi: \(best / .milliseconds(1)) ms")
    #expect(best < .milliseconds(600))
  }
}
