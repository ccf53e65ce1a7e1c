import Figures
import Testing

@Suite struct PNGTests {
  private struct Chunk {
    let name: String
    let content: [UInt8]
  }

  /// The chunks of a file, their checksums verified bit by bit as PNG's annex D defines them.
  private func chunks(_ file: [UInt8]) throws -> [Chunk] {
    try #require(Array(file.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    var chunks: [Chunk] = []
    var position = 8
    while position < file.count {
      let length = Int(number(file, position))
      let body = Array(file[(position + 4)..<(position + 8 + length)])
      #expect(remainder(body) == number(file, position + 8 + length))
      chunks.append(
        Chunk(
          name: String(decoding: body.prefix(4), as: UTF8.self),
          content: Array(body.dropFirst(4))))
      position += 12 + length
    }
    return chunks
  }

  private func number(_ bytes: [UInt8], _ start: Int) -> UInt32 {
    bytes[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private func remainder(_ bytes: [UInt8]) -> UInt32 {
    var register = UInt32.max
    for byte in bytes {
      for bit in 0..<8 {
        let isSet = (register ^ UInt32(byte >> bit)) & 1 == 1
        register = register >> 1 ^ (isSet ? 0xEDB8_8320 : 0)
      }
    }
    return ~register
  }

  @Test func sizeResolutionAndTexts() throws {
    let figure = Figure(try Samples.heatmap(30, 9), title: "Head importance")
    let file = try figure.page(width: 3.4, height: 2.5).png(
      dpi: 300,
      metadata: [("Software", "Pare"), ("Source", "quickstart.ipynb, größe"), ("Model", "λ → μ")])
    let chunks = try chunks(file)
    #expect(chunks.first?.name == "IHDR")
    #expect(chunks.last?.name == "IEND")
    let head = try #require(chunks.first).content
    #expect(number(head, 0) == 1020 && number(head, 4) == 750)
    #expect(Array(head[8...]) == [8, 2, 0, 0, 0])

    let resolution = try #require(chunks.first { $0.name == "pHYs" }).content
    #expect(number(resolution, 0) == 11811 && number(resolution, 4) == 11811)
    #expect(resolution.last == 1)

    let texts = chunks.filter { $0.name == "tEXt" }.map(\.content)
    #expect(texts.first == Array("Software\0Pare".utf8))
    #expect(texts.count == 2 && texts[1].contains(0xDF))
    let international = try #require(chunks.first { $0.name == "iTXt" }).content
    #expect(international == Array("Model".utf8) + [0, 0, 0, 0, 0] + Array("λ → μ".utf8))
    let names = chunks.map(\.name)
    let data = try #require(names.firstIndex(of: "IDAT"))
    #expect(try #require(names.firstIndex(of: "pHYs")) < data)
    #expect(!names.contains("tIME"))
  }

  @Test func theSameFigureGivesTheSameBytes() async throws {
    let figures = [
      Figure(try Samples.heatmap(30, 1536), title: "Neurons", xLabel: "neuron", yLabel: "layer"),
      Figure(try Samples.lines(["a", "b", "c"], log: true), title: "Loss", xLabel: "step"),
    ]
    for figure in figures {
      let once = try figure.page(width: 3.4).png(dpi: 150)
      let files = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for _ in 0..<6 { group.addTask { try figure.page(width: 3.4).png(dpi: 150) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(files.allSatisfy { $0 == once })
      #expect(try figure.page(width: 3.41).png(dpi: 150) != once)
    }
  }

  @Test(
    arguments: [
      (0.0, nil, 300, "a figure is more than 0 and at most 200 inches wide, not 0.0"),
      (-1, nil, 300, "a figure is more than 0 and at most 200 inches wide, not -1.0"),
      (.nan, nil, 300, "a figure is more than 0 and at most 200 inches wide, not nan"),
      (.infinity, nil, 300, "a figure is more than 0 and at most 200 inches wide, not inf"),
      (7, 0, 300, "a figure is more than 0 and at most 200 inches high, not 0.0"),
      (1e300, nil, 300, "a figure is more than 0 and at most 200 inches wide, not 1e+300"),
      (7, nil, 0, "a resolution is 1 to 4800 dots per inch, not 0"),
      (7, nil, Int.max, "a resolution is 1 to 4800 dots per inch, not \(Int.max)"),
      (
        100, nil, 300,
        "a figure 100.0 inches wide at 300 dots per inch has more than 20000 pixels: use fewer"
      ),
      (
        60, 60, 300,
        "a figure of 18000 x 18000 pixels is too large: use fewer dots per inch than 300"
      ),
      (
        7, 0.3, 300,
        "a figure 7.0 inches wide and 0.3 high leaves no room for its plot: make it larger"
      ),
      (
        0.3, nil, 300,
        "a figure 0.3 inches wide leaves no room for its plot: make it larger"
      ),
    ] as [(Double, Double?, Int, String)])
  func badSizes(width: Double, height: Double?, dpi: Int, message: String) throws {
    let figure = Figure(try Samples.heatmap(30, 9), title: "Title", xLabel: "x", yLabel: "y")
    #expect {
      try figure.page(width: width, height: height).png(dpi: dpi)
    } throws: {
      "\($0)" == message
    }
  }

  @Test(arguments: ["", " a", "a ", "a  b", "λ", "a\n", String(repeating: "k", count: 80)])
  func badKeywords(keyword: String) throws {
    let figure = Figure(try Samples.heatmap(2, 2))
    #expect(throws: FigureError.self) {
      try figure.page().png(dpi: 50, metadata: [(keyword, "text")])
    }
  }

  @Test func badTexts() throws {
    let figure = Figure(try Samples.heatmap(2, 2))
    #expect(throws: FigureError.self) {
      try figure.page().png(dpi: 50, metadata: [("Source", "a\0b")])
    }
  }
}
