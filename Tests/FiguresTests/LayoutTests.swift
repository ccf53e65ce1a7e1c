import Figures
import Foundation
import Testing

@Suite struct LayoutTests {
  private static let widths = [2, 2.6, 3.4, 5, 7, 12]
  private static let lengths = [0, 1, 20, 45, 80]

  private static func contents() throws -> [Figure.Content] {
    let names = (1...9).map { "curve \($0)" }
    return [
      try Samples.heatmap(30, 9, annotate: true), try Samples.heatmap(30, 1536, scale: 1e-6),
      try Samples.heatmap(1, 576, label: "importance"), try Samples.heatmap(1, 1, scale: 0),
      try Samples.heatmap(576, 1), try Samples.heatmap(5, 8, scale: 1e9, label: "value in nats"),
      try Samples.heatmap(40, 40, scale: -123_456), try Samples.lines(["loss"]),
      try Samples.lines(names), try Samples.lines(["a", Samples.text(60)], scale: 1e-7),
      try Samples.lines(names, scale: 1e5, log: true), try Samples.lines(["x", "y"], count: 1),
      try Samples.lines((1...60).map { "series \($0)" }),
    ]
  }

  @Test(arguments: widths)
  func nothingOverlapsOrIsCutOff(width: Double) throws {
    var count = 0
    for content in try Self.contents() {
      for length in Self.lengths {
        let text = Samples.text(length)
        let figure = Figure(content, title: text, xLabel: text, yLabel: text)
        try check(try figure.layout(width: width), "\(width) in, \(length) characters")
        count += 1
      }
    }
    #expect(count == 65)
  }

  @Test(arguments: [(3.4, 2.0), (7.0, 2.2), (7, 9), (12, 3), (4, 4)])
  func givenHeightsAreKept(width: Double, height: Double) throws {
    for content in try Self.contents() {
      let figure = Figure(content, title: "Title", xLabel: "step", yLabel: "loss")
      let layout = try figure.layout(width: width, height: height)
      #expect(abs(layout.height - height * 72) < 1e-9)
      #expect(abs(layout.width - width * 72) < 1e-9)
      try check(layout, "\(width) x \(height) in")
    }
  }

  private func check(_ layout: FigureLayout, _ place: String) throws {
    let canvas = Rectangle(x: 0, y: 0, width: layout.width, height: layout.height)
    let boxes = layout.boxes
    let plot = try #require(boxes.first { $0.name == "plot" }).rectangle
    #expect(plot.width >= 24 && plot.height >= 10, "\(place): \(plot)")
    for (index, box) in boxes.enumerated() {
      #expect(canvas.contains(box.rectangle), "\(place): \(box.name) \(box.rectangle)")
      for other in boxes[(index + 1)...] where box.rectangle.overlaps(other.rectangle) {
        let isInside = other.name == "legend" && plot.contains(other.rectangle)
        #expect(
          isInside && box.name == "plot",
          "\(place): \(box.name) \(box.rectangle) meets \(other.name) \(other.rectangle)")
      }
    }
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
