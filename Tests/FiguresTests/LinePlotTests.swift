import Figures
import Foundation
import Testing

@Suite struct LinePlotTests {
  private func curve(_ series: LinePlot.Series, log: LogAxes = .none, smooth: Double? = nil) throws
    -> Curve
  {
    try #require(try LinePlot(series: [series], log: log, smooth: smooth).curves.first)
  }

  @Test func gapsBreakTheCurve() throws {
    let series = try LinePlot.Series(y: [1, 2, .nan, 4, .infinity, 6, 7])
    #expect(try curve(series).stretches.map { $0.map(\.y) } == [[1, 2], [4], [6, 7]])
    #expect(try curve(series).stretches.map { $0.map(\.x) } == [[0, 1], [3], [5, 6]])
    let signed = try LinePlot.Series(y: [1, 0, -2, 4])
    #expect(try curve(signed, log: .y).stretches.map { $0.map(\.y) } == [[1], [4]])
  }

  @Test func theAverageStartsAtTheDataAndKeepsAConstant() throws {
    let smooth = try curve(.init(y: [4, 2, 8]), smooth: 0.5)
    let values = smooth.stretches.flatMap { $0.map(\.y) }
    // By hand: 2/0.5, (0.5·2 + 1)/0.75, (0.5·2 + 4)/0.875.
    let expected = [4, 2 / 0.75, 5 / 0.875]
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(smooth.raw.flatMap { $0.map(\.y) } == [4, 2, 8])
    let constant = try curve(.init(y: [3, 3, .nan, 3, 3]), smooth: 0.97)
    #expect(constant.stretches.joined().allSatisfy { abs($0.y - 3) < 1e-12 })
    #expect(try curve(.init(y: [1, 2]), smooth: 0).raw.isEmpty)
  }

  @Test func bandsFollowTheirErrors() throws {
    let band = try curve(.init(y: [2, 3], error: [1, .nan]))
    #expect(band.stretches.joined().map { [$0.lower, $0.upper] } == [[1, 3], [3, 3]])
    let low = try curve(.init(y: [2], error: [5]), log: .y)
    // Off every axis, not at a place that no datum has.
    #expect(low.stretches.joined().allSatisfy { $0.lower > 0 && $0.lower < 1e-300 })
    let near = try curve(.init(y: [2], error: [1.9375]), log: .y)
    #expect(near.stretches.joined().map(\.lower) == [0.0625])
  }

  /// A band says how far what was measured may be off; the average over time has none.
  @Test func bandsStayWithWhatWasMeasured() throws {
    let smooth = try curve(.init(y: [4, 2], error: [1, 0.5]), smooth: 0.5)
    #expect(smooth.raw.joined().map { [$0.lower, $0.upper] } == [[3, 5], [1.5, 2.5]])
    #expect(smooth.stretches.joined().allSatisfy { $0.lower == $0.y && $0.upper == $0.y })
  }

  /// The labels of an axis and where their middles are.
  private func ticks(_ axis: String, of figure: Figure) throws -> [(text: String, middle: Double)] {
    try figure.layout(width: 4).boxes.filter { $0.name.hasPrefix("\(axis)Tick") }.map {
      ($0.text.joined(), axis == "x" ? $0.rectangle.midX : $0.rectangle.midY)
    }
  }

  @Test func axesEndWhereTheyAreAskedTo() throws {
    var figure = Figure(.line(try LinePlot(series: [.init(y: [0, 10, 20, 30])])))
    figure.yLimits = try AxisLimits(start: 10, end: nil)
    let labels = try ticks("y", of: figure).map(\.text)
    #expect(labels.first == "10" && labels.last == "30")
    // One that begins at the larger number runs backward.
    figure.xLimits = try AxisLimits(start: 4, end: 0)
    let places = try ticks("x", of: figure)
    #expect(places.map(\.text) == ["0", "1", "2", "3", "4"])
    #expect(zip(places, places.dropFirst()).allSatisfy { $0.middle > $1.middle })
    #expect(figure.emptyLimits.isEmpty)
    figure.xLimits = try AxisLimits(start: 50, end: nil)
    #expect(figure.emptyLimits.map(\.name) == ["xlim"])
    _ = try figure.layout()
    #expect(throws: FigureError.self) { try AxisLimits(start: 1, end: 1) }
    #expect(throws: FigureError.self) { try AxisLimits(start: .nan, end: nil) }
  }

  /// Limits beyond the data on either side, on either scale, are drawn.
  @Test func limitsFarFromTheDataAreDrawn() throws {
    for log in [LogAxes.none, .both] {
      let plot = try LinePlot(series: [.init(x: [1, 2], y: [1, 10])], log: log)
      for limit in [1e-300, 1e-5, 0.5, 50, 1e17, 1e300] {
        for limits in [
          try AxisLimits(start: limit, end: nil), try AxisLimits(start: nil, end: limit),
        ] {
          var figure = Figure(.line(plot))
          (figure.xLimits, figure.yLimits) = (limits, limits)
          _ = try figure.page(width: 7).png(dpi: 50)
        }
      }
      var figure = Figure(.line(plot))
      figure.yLimits = try AxisLimits(start: -1, end: nil)
      if log == .both {
        #expect { try figure.check() } throws: {
          "\($0)" == "ylim: a logarithmic axis has numbers above 0, not -1.0"
        }
        for tiny in [1e-320, 5e-324] {
          figure.yLimits = try AxisLimits(start: nil, end: tiny)
          #expect(throws: FigureError.self) { try figure.check() }
          #expect(throws: FigureError.self) {
            try GridPlot(figures: [figure, figure], shared: [.y]).figures[0].layout()
          }
          #expect(throws: FigureError.self) {
            try Heatmap(
              values: [1, 2], rows: 1, columns: 2, isLogarithmic: true, range: figure.yLimits)
          }
        }
      } else {
        try figure.check()
      }
    }
  }

  /// Numbers at the ends of what doubles hold are drawn, or refused where no axis has them.
  @Test func extremeNumbersEndWell() throws {
    func figures(_ values: [Double], _ log: LogAxes) throws -> [Figure] {
      [
        Figure(.line(try LinePlot(series: [.init(x: values, y: values)], log: log))),
        Figure(.scatter(try ScatterPlot(series: [.init(x: values, y: values)], log: log))),
      ]
    }
    let rows: [[Double]] = [[1e-300, 1e300], [5e-324, 1], [1e300, 1e300], [1, 1 + 1e-15]]
    for values in rows {
      for log in LogAxes.allCases {
        for figure in try figures(values, log) { _ = try figure.page(width: 3).png(dpi: 50) }
      }
      _ = try Figure(.histogram(try Histogram(series: [.init(values: values)]))).page(width: 3).png(
        dpi: 50)
    }
    for figure in try figures([5e-324, 1e-323], .none) {
      _ = try figure.page(width: 3).png(dpi: 50)
    }
    #expect(throws: FigureError.self) { try figures([5e-324, 1e-323], .both) }
    for log in LogAxes.allCases {
      for figure in try figures([1.6e308, 1.7e308], log) {
        #expect(throws: FigureError.self) { try figure.check() }
        #expect(throws: FigureError.self) { try figure.page(width: 3) }
      }
    }
  }

  /// A marker on the edge of the plot is whole.
  @Test func markersReachOverTheEdge() throws {
    var figure = Figure(.line(try LinePlot(series: [.init(y: [1, 5, 1])])))
    figure.yLimits = try AxisLimits(start: 0, end: 5)
    let image = try figure.page(width: 3, height: 2).image(dpi: 720)
    let bytes = try image.rgb()
    let layout = try figure.layout(width: 3, height: 2)
    let plot = try #require(layout.boxes.first { $0.name == "plot" }).rectangle
    // A point and a half above the upper edge and its middle.
    let start = (Int((plot.y - 1.5) * 10) * image.width + Int(plot.midX * 10)) * 3
    #expect(bytes[start] < 100 && bytes[start + 2] > 130)
  }

  @Test func badSeriesAreRefused() {
    func message(_ make: () throws -> Any) -> String {
      do {
        _ = try make()
        return "none"
      } catch { return "\(error)" }
    }
    #expect(
      message { try LinePlot.Series(name: "a", x: [1], y: [1, 2]) }
        == "the curve \"a\" has 1 x values for 2 y values")
    #expect(
      message { try LinePlot.Series(y: [1], error: []) } == "a curve has 0 errors for 1 values")
    #expect(
      message { try LinePlot.Series(y: [1], error: [-1]) }
        == "a curve has the negative error -1.0 at point 0")
    #expect(
      message { try LinePlot(series: []) }
        == "nothing to draw: no curve of the line plot has finite values")
    #expect(
      message { try LinePlot(series: [.init(y: [-1, 0])], log: .y) }
        == "nothing to draw: no curve of the line plot has finite values that are positive on a log axis"
    )
    #expect(
      message { try LinePlot(series: [.init(y: [1])], smooth: 1) }
        == "smooth is a weight from 0 to below 1, not 1.0")
    #expect(
      message { try Figure(.line(try LinePlot(series: [.init(y: [-1e308, 1e308])]))).layout() }
        .hasPrefix("the y values reach -1e+308 to 1e+308"))
  }

  /// A curve's colour on the canvas where the curve must be, and white where it is not.
  @Test func curvesPassThroughTheirPoints() throws {
    let count = 5000
    let series = try LinePlot.Series(y: (0..<count).map { $0 == 2500 ? 1 : 0 })
    let figure = Figure(.line(try LinePlot(series: [series])))
    let image = try figure.page(width: 5, height: 3).image(dpi: 144)
    let bytes = try image.rgb()
    func isBlue(_ row: Int, _ column: Int) -> Bool {
      let start = (row * image.width + column) * 3
      return bytes[start] < 100 && bytes[start + 2] > 130
    }
    let layout = try figure.layout(width: 5, height: 3)
    let plot = try #require(layout.boxes.first { $0.name == "plot" }).rectangle
    let middle = Int(plot.midX * 2)
    let top = Int((plot.y + plot.height * 0.2) * 2)
    // One point of five thousand is a peak: thinning the curve must not lose it.
    #expect((middle - 4...middle + 4).contains { isBlue(top, $0) })
    #expect(!(middle + 40...middle + 80).contains { isBlue(top, $0) })
  }

  @Test func manyPointsAreQuick() throws {
    let series = try LinePlot.Series(y: (0..<400_000).map { sin(Double($0) * 0.37) })
    let figure = Figure(.line(try LinePlot(series: [series, series], smooth: 0.9)))
    let start = ContinuousClock.now
    _ = try figure.page().png(dpi: 100)
    // A tenth of this is usual; stroking every point takes minutes.
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}
