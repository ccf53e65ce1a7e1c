import Figures
import Foundation
import Testing

@Suite struct ScatterPlotTests {
  /// Points along a falling curve with others above it, made without chance.
  private static func crowd(_ count: Int, names: Int = 1, labelled: Bool = true) throws
    -> [ScatterPlot.Series]
  {
    try (0..<names).map { name in
      let x = (0..<count).map { Double((($0 + name) &* 7919) % 997 + 20) * 1e5 }
      let y = x.indices.map { 2 + 6e6 / x[$0] + Double(($0 &* 104_729) % 89) / 60 }
      return try ScatterPlot.Series(
        name: "series \(name)", x: x, y: y,
        labels: labelled ? x.indices.map { "point \($0)" } : nil)
    }
  }

  @Test func theFrontIsWhatNothingBeats() throws {
    let x: [Double] = [3, 1, 2, 2, 4, 1, 5, 3, .nan, 2]
    let y: [Double] = [2, 5, 3, 4, 2, 6, 1, 9, 0, 3]
    let plot = try ScatterPlot(series: [.init(x: x, y: y)], front: true)
    #expect(plot.points.count == 9)
    for point in plot.points {
      let isBeaten = plot.points.contains {
        $0.x <= point.x && $0.y <= point.y && ($0.x < point.x || $0.y < point.y)
      }
      #expect(point.isBest == !isBeaten, "\(point.x), \(point.y)")
    }
    // (2, 3) is there twice and counts as best both times.
    #expect(plot.points.filter(\.isBest).count == 5)
    #expect(plot.frontPlaces.map(\.x) == [1, 2, 3, 5])
    #expect(plot.frontPlaces.map(\.y) == [5, 3, 2, 1])
  }

  @Test func pointsWithoutAPlaceAreLeftOut() throws {
    let series = try ScatterPlot.Series(x: [1, 0, -1, .infinity, 2], y: [1, 1, 1, 1, 0])
    func count(_ log: LogAxes) throws -> Int {
      try ScatterPlot(series: [series], log: log).points.count
    }
    #expect(try count(.none) == 4)
    #expect(try count(.x) == 2)
    #expect(try count(.y) == 3)
    #expect(try count(.both) == 1)
  }

  @Test func badSeriesAreRefused() {
    func message(_ make: () throws -> Any) -> String {
      do {
        _ = try make()
        return "none"
      } catch { return "\(error)" }
    }
    #expect(
      message { try ScatterPlot.Series(name: "a", x: [1], y: []) }
        == "the series \"a\" has 1 x values for 0 y values")
    #expect(
      message { try ScatterPlot.Series(x: [1], y: [1], labels: []) }
        == "a series has 0 labels for 1 points")
    #expect(
      message { try ScatterPlot(series: []) }
        == "nothing to draw: no point of the scatter plot has finite values")
    #expect(
      message { try ScatterPlot(series: [.init(x: [-1], y: [1])], log: .x) }.hasSuffix(
        "finite values that are positive on a log axis"))
    #expect(
      message {
        try Figure(.scatter(try ScatterPlot(series: [.init(x: [1e301], y: [1])]))).layout()
      }.hasPrefix("the x values reach"))
  }

  /// Labels stand inside the plot, on no other label, no marker, no step and not on the legend.
  @Test(arguments: [2.0, 3.4, 7], LogAxes.allCases)
  func labelsStandFree(_ width: Double, _ log: LogAxes) throws {
    for (count, names, front) in [(1, 1, true), (12, 1, true), (60, 1, true), (20, 3, false)] {
      let plot = try ScatterPlot(
        series: Self.crowd(count, names: names), log: log, front: front)
      let figure = Figure(.scatter(plot), title: "Title", xLabel: "parameters", yLabel: "loss")
      let boxes = try figure.layout(width: width).boxes
      let frame = try #require(boxes.first { $0.name == "plot" }).rectangle
      let labels = boxes.filter { $0.name.hasPrefix("label") }
      #expect(!labels.isEmpty && labels.count <= count * names)
      for (index, label) in labels.enumerated() {
        #expect(frame.contains(label.rectangle))
        for other in labels[(index + 1)...] + boxes.filter({ $0.name == "legend" }) {
          #expect(!label.rectangle.overlaps(other.rectangle), "\(label.text) \(other.text)")
        }
      }
      let texts = boxes.filter { $0.name != "plot" && !$0.name.hasPrefix("label") }
      for (index, text) in texts.enumerated() {
        #expect(text.name == "legend" || !text.rectangle.overlaps(frame), "\(text.name)")
        for other in texts[(index + 1)...] {
          #expect(!text.rectangle.overlaps(other.rectangle), "\(text.name) \(other.name)")
        }
      }
    }
  }

  @Test func roomIsForTheFrontFirst() throws {
    let plot = try ScatterPlot(series: Self.crowd(60), front: true)
    let best = Set(plot.points.filter(\.isBest).map(\.label))
    let boxes = try Figure(.scatter(plot)).layout(width: 3.4).boxes
    let labels = boxes.filter { $0.name.hasPrefix("label") }.flatMap(\.text)
    #expect(labels.count < 60)
    let others = labels.drop(while: best.contains)
    #expect(others.count < labels.count && !others.isEmpty)
    #expect(!others.contains(where: best.contains))
  }

  /// The front's grey where its steps run, the series' blue where a point is.
  @Test func stepsRunRightAndThenDown() throws {
    let plot = try ScatterPlot(series: [.init(x: [0, 10], y: [10, 0])], front: true)
    let figure = Figure(.scatter(plot))
    let image = try figure.page(width: 4, height: 3).image(dpi: 144)
    let bytes = try image.rgb()
    func color(_ x: Double, _ y: Double) -> [UInt8] {
      let start = (Int(y * 2) * image.width + Int(x * 2)) * 3
      return Array(bytes[start..<start + 3])
    }
    let frame = try #require(
      try figure.layout(width: 4, height: 3).boxes.first { $0.name == "plot" }
    ).rectangle
    // The axes reach 6 and 7 hundredths past the points.
    func place(_ x: Double, _ y: Double) -> (Double, Double) {
      (
        frame.x + frame.width * (x + 0.6) / 11.2, frame.maxY - frame.height * (y + 0.7) / 11.4
      )
    }
    func hasGrey(_ x: Double, _ y: Double) -> Bool {
      let (x, y) = place(x, y)
      return (-2...2).contains { shift in
        [(0, Double(shift) / 2), (Double(shift) / 2, 0)].contains {
          color(x + $0.0, y + $0.1) == [0x8C, 0x8C, 0x8C]
        }
      }
    }
    #expect(hasGrey(3.3, 10) && hasGrey(10, 3.3))
    #expect(!hasGrey(3.3, 0.7) && !hasGrey(0, 3.3) && !hasGrey(3.3, 6.7))
    let (x, y) = place(0, 10)
    #expect(color(x, y) == [0x00, 0x72, 0xB2])
  }

  @Test func manyPointsAreQuick() throws {
    let start = ContinuousClock.now
    let plot = try ScatterPlot(series: Self.crowd(20_000), front: true)
    _ = try Figure(.scatter(plot)).page().png(dpi: 100)
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}
