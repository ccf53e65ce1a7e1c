import Figures
import Files
import Foundation
import JSONFormat
import TestTools
import Testing

/// Bars and histograms.
@Suite struct BarTests {
  private func message(_ make: () throws -> Any) -> String {
    do {
      _ = try make()
      return "none"
    } catch { return "\(error)" }
  }

  private func ticks(_ name: String, _ figure: Figure, width: Double = 5) throws -> [String] {
    try figure.layout(width: width).boxes.filter { $0.name.hasPrefix(name) }.map {
      $0.text.joined(separator: " ")
    }
  }

  @Test func barsStandOnZeroUnderTheirNames() throws {
    let figure = Figure(try Samples.bars(["teacher", "pruned", "distilled"]))
    #expect(try ticks("xTick", figure) == ["teacher", "pruned", "distilled"])
    #expect(try ticks("yTick", figure).contains("0"))
    let across = Figure(try Samples.bars(["teacher", "pruned"], horizontal: true))
    #expect(try ticks("yTick", across) == ["teacher", "pruned"])
    let unnamed = Figure(.bars(try BarPlot(series: [.init(values: [1, 2, 3])])))
    #expect(try ticks("xTick", unnamed) == ["0", "1", "2"])
  }

  /// An error that reaches zero has no end on a logarithmic axis: its line runs off the plot. One
  /// that does not ends where it ends.
  @Test func errorsOnALogarithmicAxis() throws {
    let plot = try BarPlot(
      series: [.init(values: [1, 10], errors: [2, 9.75])], isLogarithmic: true)
    let figure = Figure(.bars(plot))
    let area = try #require(
      try figure.layout(width: 4, height: 3).boxes.first { $0.name == "plot" }
    )
    .rectangle
    let image = try figure.page(width: 4, height: 3).image(dpi: 144)
    let bytes = try image.rgb()
    func isInk(_ share: Double, above bottom: Double) -> Bool {
      let x = Int((area.x + area.width * share) * 2)
      let y = Int((area.maxY - bottom) * 2)
      return (x - 1...x + 1).contains { column in
        bytes[(y * image.width + column) * 3..<(y * image.width + column) * 3 + 3].allSatisfy {
          $0 < 90
        }
      }
    }
    #expect(isInk(0.25, above: 2))
    // From 10 down to a quarter, and no farther.
    #expect(!isInk(0.75, above: 2) && isInk(0.75, above: area.height * 0.4))
    #expect(try ticks("yTick", figure).contains("0.1"))
  }

  @Test func tenThousandNamesAreThinned() throws {
    let names = (0..<10_000).map { "layer \($0)" }
    let figure = Figure(
      .bars(try BarPlot(categories: names, series: [.init(values: names.map { _ in 1 })])))
    let start = ContinuousClock().now
    let shown = try ticks("xTick", figure)
    #expect((2...100).contains(shown.count))
    #expect(ContinuousClock().now - start < .seconds(10))
  }

  @Test func missingBarsAreSaid() throws {
    let plot = try BarPlot(series: [.init(values: [1, .nan, .infinity, 2])])
    let boxes = try Figure(.bars(plot)).layout().boxes
    #expect(boxes.first { $0.name == "legend" }?.text == ["2 values missing"])
    let log = try BarPlot(series: [.init(values: [1, 0, 2])], isLogarithmic: true)
    #expect(
      try Figure(.bars(log)).layout().boxes.first { $0.name == "legend" }?.text == [
        "1 value missing or not above 0"
      ])
  }

  @Test func badBarsAreRefused() {
    #expect(message { try BarPlot(series: []) } == "nothing to draw: no bar has finite values")
    #expect(
      message { try BarPlot(categories: ["a"], series: [.init(values: [1, 2])]) }
        == "the bars have 2 values, and the names are 1")
    #expect(
      message { try BarPlot.Series(name: "s", values: [1], errors: [-1]) }
        == "the series \"s\" has the negative error -1.0 at bar 0")
  }

  @Test func countsAreNumPys() throws {
    let path = fixturePath("figures/histograms.json")
    let cases = try #require(MappedFile(path: path).withBytes { try JSON(reading: $0) }.array)
    #expect(cases.count == 20)
    for json in cases {
      let parts = try #require(json.array)
      func numbers(_ index: Int) -> [Double] { parts[index].array?.compactMap(\.double) ?? [] }
      for isDensity in [false, true] {
        let made = try Histogram(
          series: [.init(values: numbers(0))], bins: parts[1].int, isDensity: isDensity)
        #expect(zip(made.edges, numbers(2)).allSatisfy { abs($0 - $1) < 1e-12 })
        let wanted = numbers(isDensity ? 4 : 3)
        #expect(made.heights[0].count == wanted.count)
        #expect(zip(made.heights[0], wanted).allSatisfy { abs($0 - $1) < 1e-12 })
      }
    }
  }

  @Test func binsAreShared() throws {
    let made = try Histogram(series: [
      .init(name: "a", values: [0, 1, .nan]), .init(name: "b", values: [10, 9, .infinity]),
    ])
    #expect(made.edges.first == 0 && made.edges.last == 10)
    #expect(made.heights.map { $0.reduce(0, +) } == [2, 2])
    let legend = try Figure(.histogram(made)).layout().boxes.first { $0.name == "legend" }
    #expect(legend?.text == ["a", "b", "2 values missing"])
  }

  @Test func badHistogramsAreRefused() {
    #expect(
      message { try Histogram(series: [.init(values: [.nan])]) }
        == "nothing to draw: no value of the histogram is finite")
    #expect(
      message { try Histogram(series: [.init(values: [1])], bins: 0) }
        == "a histogram has 1 to 2000 bins, not 0")
    #expect(
      message { try Histogram(series: [.init(values: [-1.7e308, 1.7e308])]) }
        .contains("too far apart"))
  }

  @Test func gridsRefuseWhatTheyCannotShare() throws {
    let (line, bars) = (Figure(try Samples.lines(["a"])), Figure(try Samples.bars(["x"])))
    let map = Figure(try Samples.heatmap(3, 3))
    #expect(message { try GridPlot(figures: []) } == "a grid needs at least one figure")
    #expect(
      message { try GridPlot(figures: [line, map], shared: [.y]) }
        .contains("panels a and b cannot share a vertical axis: one has numbers"))
    #expect(
      message { try GridPlot(figures: [line, bars], shared: [.x]) }.contains("one has numbers"))
    let table = Figure(.table(try TablePlot(columns: ["a"], rows: [["1"]], isNumeric: [true])))
    #expect(
      message { try GridPlot(figures: [line, table], shared: [.x]) }.hasPrefix("panel b has no"))
    #expect(
      message { try GridPlot(figures: [line], shared: [.colors]) }.contains("none is a heatmap"))
    let grid = Figure(.grid(try GridPlot(figures: [line])))
    #expect(message { try GridPlot(figures: [grid]) } == "a grid cannot hold a grid")
  }

  /// Panels that share an axis have the same ticks, whatever room each has.
  @Test func sharedAxesHaveTheSameTicks() throws {
    let long = "a label that is so long that its plot has less room than its neighbour"
    let figures = [
      Figure(.line(try LinePlot(series: [.init(y: [0, 1, 2])])), yLabel: long),
      Figure(.line(try LinePlot(series: [.init(y: [0, 110_000, 2])]))),
      Figure(.line(try LinePlot(series: [.init(x: [0.5, 7], y: [1e-7, 2])]))),
    ]
    for width in [3.35, 5, 6.9, 9] {
      let grid = Figure(.grid(try GridPlot(figures: figures, columns: 3, shared: [.x])))
      let boxes = try grid.layout(width: width).boxes
      let ticks = ["a", "b", "c"].map { letter in
        boxes.filter { $0.name.hasPrefix("\(letter) xTick") }.map(\.text)
      }
      #expect(ticks[0] == ticks[1] && ticks[1] == ticks[2], "\(width): \(ticks)")
      #expect(ticks[0].count >= 2)
    }
  }

  /// The plots of a grid are equally wide, whatever stands around each.
  @Test func plotsOfAGridAreAlike() throws {
    let maps = try (0..<3).map { _ in Figure(try Samples.heatmap(9, 12), yLabel: "layer") }
    for shared in [[], [.y], [.x, .y, .colors]] as [Set<GridPlot.Shared>] {
      for (width, height) in [(6.9, nil), (3.35, nil), (6.9, 3)] as [(Double, Double?)] {
        let grid = Figure(.grid(try GridPlot(figures: maps, columns: 3, shared: shared)))
        let boxes = try grid.layout(width: width, height: height).boxes
        let plots = boxes.filter { $0.name.hasSuffix(" plot") }.map(\.rectangle)
        #expect(plots.count == 3)
        for plot in plots.dropFirst() {
          #expect(abs(plot.width - plots[0].width) < 0.5, "\(width) \(shared): \(plots)")
          #expect(abs(plot.height - plots[0].height) < 0.5)
        }
      }
    }
  }

  /// A table has no axes to stand in line with, and rows that share an axis are equally high.
  @Test func tablesLeaveTheirNeighboursAlone() throws {
    let line = Figure(try Samples.lines(["a"]), xLabel: "step")
    let table = Figure(
      .table(try TablePlot(columns: ["a\nb"], rows: [["1\t2"]], isNumeric: [true])))
    func plots(_ figures: [Figure], _ shared: Set<GridPlot.Shared> = []) throws -> [Rectangle] {
      let grid = Figure(.grid(try GridPlot(figures: figures, columns: 2, shared: shared)))
      return try grid.layout().boxes.filter { $0.name.hasSuffix(" plot") }.map(\.rectangle)
    }
    let (alone, beside) = (try plots([line, line]), try plots([line, table]))
    #expect(abs(alone[0].width - beside[0].width) < 12)
    let rows = try plots([line, line, line, line], [.x, .y])
    #expect(rows.allSatisfy { abs($0.height - rows[0].height) < 0.5 }, "\(rows)")
    let cells = try table.layout().boxes.filter { $0.name.hasPrefix("cell") }
    #expect(cells.map(\.text) == [["a b"], ["1 2"]])
  }

  /// Values that no bins part stand in the middle of one, as equal ones do.
  @Test func valuesThatNoBinsPart() throws {
    for values in [[1.0, 1.0000000000000002], [0, 5e-324], [3, 3]] {
      for bins in [1, 50] {
        let made = try Histogram(
          series: [.init(values: values)], bins: bins == 1 ? nil : bins, isDensity: true)
        #expect(made.heights[0].count == bins)
        #expect(zip(made.edges, made.edges.dropFirst()).allSatisfy { $0 < $1 })
        #expect(made.heights[0].allSatisfy { $0.isFinite })
      }
    }
  }

  /// What is said of names that the legend leaves out stands inside the figure.
  @Test func theRestOfALegendIsInside() throws {
    let names = (0..<1000).map { "n\($0)" }
    for width in [2.0, 3.35, 6.9] {
      let layout = try Figure(try Samples.lines(names)).layout(width: width)
      let legend = try #require(layout.boxes.first { $0.name == "legend" })
      #expect(legend.text.last?.hasSuffix("more") == true)
      let rest = try #require(layout.boxes.first { $0.name == "legendRest" }).rectangle
      #expect(rest.maxX <= layout.width && legend.rectangle.contains(rest), "\(rest)")
    }
  }

  /// What panels share is the same in all, or missing in some.
  @Test func sharedLabelsAreTheSame() throws {
    func figure(_ label: String) throws -> Figure {
      Figure(try Samples.lines(["a"]), xLabel: label)
    }
    #expect(
      message { try GridPlot(figures: [figure("step"), figure("token")], shared: [.x]) }
        == "panels that share have the same labels of the horizontal axis, not step and token")
    let grid = try GridPlot(figures: [figure("step"), figure("")], columns: 1, shared: [.x])
    let boxes = try Figure(.grid(grid)).layout().boxes
    #expect(boxes.first { $0.name == "b xLabel" }?.text == ["step"])
    #expect(!boxes.contains { $0.name == "a xLabel" })
  }

  /// Heatmaps of the same rows name them once.
  @Test func heatmapsShareTheirRows() throws {
    let maps = [Figure(try Samples.heatmap(4, 9)), Figure(try Samples.heatmap(4, 5))]
    let grid = Figure(.grid(try GridPlot(figures: maps, columns: 2, shared: [.y])))
    let names = try grid.layout(width: 6.9).boxes.map(\.name)
    #expect(names.contains { $0.hasPrefix("a yTick") })
    #expect(!names.contains { $0.hasPrefix("b yTick") })
    #expect(names.contains { $0.hasPrefix("b xTick") })
  }

  /// Names with signs are broken behind them before they are turned upward.
  @Test func namesAreBrokenBehindSigns() throws {
    let names = ["Minitron-4B-Width", "Minitron-4B-Depth", "Mistral-NeMo-8B", "7-Distilled"]
    let boxes = try Figure(try Samples.bars(names)).layout(width: 3.35).boxes
    let ticks = boxes.filter { $0.name.hasPrefix("xTick") }
    #expect(ticks.map { $0.text.joined() } == names)
    #expect(ticks.contains { $0.text.count > 1 })
    #expect(ticks.flatMap { $0.text.dropLast() }.allSatisfy { "-.".contains($0.suffix(1)) })
  }

  /// Panels of a row stand on one line, those of a column under each other, whatever their labels.
  @Test func plotsOfAGridStandInLine() throws {
    let boxes = try Figure(try Samples.grid()).layout(width: 7).boxes
    func plot(_ letter: String) throws -> Rectangle {
      try #require(boxes.first { $0.name == "\(letter) plot" }).rectangle
    }
    let (a, b, c, d) = (try plot("a"), try plot("b"), try plot("c"), try plot("d"))
    #expect(abs(a.y - b.y) < 1e-6 && abs(a.maxY - b.maxY) < 1e-6)
    #expect(abs(a.x - c.x) < 1e-6 && abs(b.maxX - d.maxX) < 1e-6)
  }
}
