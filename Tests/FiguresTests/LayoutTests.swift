import Figures
import Foundation
import Testing

@Suite struct LayoutTests {
  private static let widths = [2, 2.6, 3.4, 5, 7, 12]
  private static let lengths = [0, 1, 20, 40, 80]

  private static func contents() throws -> [Figure.Content] {
    let names = (1...9).map { "curve \($0)" }
    return [
      try Samples.heatmap(30, 9, annotate: true), try Samples.heatmap(30, 1536, scale: 1e-6),
      try Samples.heatmap(1, 576, label: "importance"), try Samples.heatmap(1, 1, scale: 0),
      try Samples.heatmap(576, 1), try Samples.heatmap(5, 8, scale: 1e9, label: "value in nats"),
      try Samples.heatmap(40, 40, scale: -123_456), try Samples.lines(["loss"]),
      try Samples.lines(names), try Samples.lines(["a", Samples.text(40)], scale: 1e-7),
      try Samples.lines(names, scale: 1e5, log: true), try Samples.lines(["x", "y"], count: 1),
      try Samples.lines((1...60).map { "series \($0)" }),
      try Samples.bars(["teacher", "pruned", "distilled"]), try Samples.histogram(),
      try Samples.bars((0..<12).map { Samples.text(3 * $0 + 4) }, series: 1),
      try Samples.bars((0..<5).map { Samples.text(9 * $0 + 4) }, horizontal: true),
      try Samples.histogram(log: true), try Samples.shapes(), try Samples.scatter(),
      try Samples.table(), try Samples.grid(), try Samples.grid([.colors]),
      try Samples.grid([.x, .y]), try named(4, 5), try named(60, 80),
      try Samples.heatmap(1, 576, label: Samples.text(40)),
      try Samples.heatmap(2, 2, label: Samples.text(40)),
      try Samples.lines((0..<5).map { Samples.text(40 - $0) }),
      try Samples.bars((0..<12).map { Samples.text(40 - $0) }, horizontal: true),
      try Samples.shapes(name: Samples.text(40)), try Samples.scatter(label: Samples.text(40)),
    ]
  }

  /// A heatmap whose rows and columns have names of up to 40 characters, some cells masked.
  private static func named(_ rows: Int, _ columns: Int) throws -> Figure.Content {
    var map = try Heatmap(
      values: Samples.matrix(rows, columns), rows: rows, columns: columns,
      mask: (0..<rows * columns).map { $0 % 7 == 0 })
    map.rowNames = (0..<rows).map { Samples.text(1 + $0 * 13 % 40) }
    map.columnNames = (0..<columns).map { Samples.text(1 + $0 * 7 % 40) }
    map.valueLabel = "value"
    return .heatmap(map)
  }

  @Test(arguments: widths, Theme.allCases)
  func nothingOverlapsOrIsCutOff(width: Double, theme: Theme) throws {
    var count = 0
    for content in try Self.contents() {
      // A table has type that can be read, or says how wide it must be.
      if case .table = content, width / theme.zoom < 2 { continue }
      for length in Self.lengths {
        let text = Samples.text(length)
        let figure = Figure(content, title: text, xLabel: text, yLabel: text)
        let place = "\(figure.summary), \(width) in, \(length) characters, \(theme)"
        guard let layout = try? figure.layout(width: width, theme: theme) else {
          Issue.record("\(place): no room")
          continue
        }
        try check(layout, place)
        // What has at most 40 letters is read whole.
        for box in layout.boxes where length <= 40 {
          #expect(!box.text.joined().contains("…"), "\(place): \(box.name) \(box.text)")
        }
        count += 1
      }
    }
    #expect(count >= 125)
  }

  @Test(arguments: [(3.4, 2.0), (7.0, 2.2), (7, 9), (12, 3), (4, 4)])
  func givenHeightsAreKept(width: Double, height: Double) throws {
    for content in try Self.contents() {
      let figure = Figure(content, title: "Title", xLabel: "step", yLabel: "loss")
      // Rows of panels want more.
      if case .grid = content, height < 3 { continue }
      guard let layout = try? figure.layout(width: width, height: height) else {
        Issue.record("\(figure.summary), \(width) x \(height): no room")
        continue
      }
      #expect(abs(layout.height - height * 72) < 1e-9)
      #expect(abs(layout.width - width * 72) < 1e-9)
      try check(layout, "\(width) x \(height) in")
    }
  }

  private func check(_ layout: FigureLayout, _ place: String) throws {
    let canvas = Rectangle(x: 0, y: 0, width: layout.width, height: layout.height)
    let boxes = layout.boxes
    let plots = boxes.filter { $0.name.hasSuffix("plot") }
    #expect(!plots.isEmpty)
    for plot in plots {
      #expect(
        plot.rectangle.width >= 24 && plot.rectangle.height >= 10, "\(place): \(plot.rectangle)")
    }
    for (index, box) in boxes.enumerated() {
      #expect(canvas.contains(Self.shrunk(box)), "\(place): \(box.name) \(box.rectangle)")
      for other in boxes[(index + 1)...] where Self.shrunk(box).overlaps(other.rectangle) {
        #expect(
          Self.mayHold(box, other),
          "\(place): \(box.name) \(box.rectangle) meets \(other.name) \(other.rectangle)")
      }
    }
  }

  /// The rectangle without what rounding may have added.
  private static func shrunk(_ box: FigureLayout.Box) -> Rectangle {
    let (rectangle, edge) = (box.rectangle, 1e-6)
    return Rectangle(
      x: rectangle.x + edge, y: rectangle.y + edge, width: rectangle.width - 2 * edge,
      height: rectangle.height - 2 * edge)
  }

  /// Whether something stands inside a plot where it may, a legend or what is written there, or in
  /// its legend.
  private static func mayHold(_ plot: FigureLayout.Box, _ inner: FigureLayout.Box) -> Bool {
    if plot.name.hasSuffix("legend"), inner.name == plot.name + "Rest" {
      return plot.rectangle.contains(shrunk(inner))
    }
    guard plot.name.hasSuffix("plot") else { return false }
    let panel = plot.name.dropLast("plot".count)
    guard inner.name.hasPrefix(panel) else { return false }
    let name = inner.name.dropFirst(panel.count)
    return ["legend", "label", "cell"].contains { name.hasPrefix($0) }
      && plot.rectangle.contains(shrunk(inner))
  }

  @Test func typeKeepsItsSize() throws {
    for width in [3.4, 7, 12] {
      let figure = Figure(try Samples.heatmap(30, 9), title: "Title", xLabel: "head")
      let boxes = try figure.layout(width: width).boxes
      let tick = try #require(boxes.first { $0.name == "xTick 0" })
      #expect((5.5..<6.5).contains(tick.rectangle.height), "\(tick.rectangle)")
      let label = try #require(boxes.first { $0.name == "xLabel" })
      #expect((8..<9.5).contains(label.rectangle.height), "\(label.rectangle)")
    }
  }

  @Test func longTitlesWrapAndEndlessOnesEnd() throws {
    func lines(_ title: String) throws -> [String] {
      let figure = Figure(try Samples.heatmap(4, 4), title: title)
      return try #require(try figure.layout(width: 3.4).boxes.first { $0.name == "title" }).text
    }
    #expect(try lines("Short") == ["Short"])
    #expect(try lines("Two\nlines\u{7}") == ["Two", "lines"])
    let wrapped = try lines(Samples.text(80))
    #expect(wrapped.count == 2)
    #expect(wrapped.joined(separator: " ") == Samples.text(80).trimmingCharacters(in: .whitespaces))
    let endless = try lines(String(repeating: "word", count: 200_000))
    #expect(endless.count == 3)
    #expect(endless.last?.hasSuffix("…") == true)
  }

  @Test func theLegendStandsWhereNoCurveIs() throws {
    let falling = try LinePlot.Series(name: "falling", y: (0..<50).map { 50 - Double($0) })
    let other = try LinePlot.Series(name: "as well", y: (0..<50).map { 49 - Double($0) })
    let figure = Figure(.line(try LinePlot(series: [falling, other])))
    let boxes = try figure.layout().boxes
    let plot = try #require(boxes.first { $0.name == "plot" }).rectangle
    let legend = try #require(boxes.first { $0.name == "legend" })
    #expect(legend.text == ["falling", "as well"])
    #expect(plot.contains(legend.rectangle))
    #expect(legend.rectangle.midX > plot.midX && legend.rectangle.midY < plot.midY)

    let crossing = try (0..<4).map { index in
      try LinePlot.Series(
        name: "a longer name \(index)", y: (0..<60).map { Double(($0 &* (index + 7)) % 11) })
    }
    let full = Figure(.line(try LinePlot(series: crossing)))
    for (width, isBeside) in [(7.0, true), (3.4, false)] {
      let boxes = try full.layout(width: width).boxes
      let plot = try #require(boxes.first { $0.name == "plot" }).rectangle
      let legend = try #require(boxes.first { $0.name == "legend" }).rectangle
      #expect(isBeside ? legend.x > plot.maxX : legend.y > plot.maxY)
    }
  }
}
