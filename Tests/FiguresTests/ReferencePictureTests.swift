import Figures
import TestTools
import Testing

/// Every kind of figure, and what each can show, in every theme against the picture that was looked
/// at and kept, shrunk so that the last bits of the type's edges do not count.
@Suite struct ReferencePictureTests {
  private static let dpi = 60
  private static let shrinking = 6

  private static func figures() throws -> [(name: String, figure: Figure)] {
    func labelled(_ content: Figure.Content) -> Figure {
      Figure(content, title: "Title $x^2$", xLabel: "across", yLabel: "up")
    }
    return [
      ("heatmap", labelled(try Samples.heatmap(5, 8, annotate: true, label: "value"))),
      ("masked heatmap", labelled(try maskedHeatmap())),
      ("line", labelled(try Samples.lines(["first", "second"]))),
      ("bands", labelled(try bands())),
      ("scatter", labelled(try Samples.scatter())),
      ("compared points", labelled(try comparedPoints())),
      ("bars", labelled(try Samples.bars(["teacher", "pruned", "distilled"]))),
      (
        "level bars",
        labelled(
          try Samples.bars([Samples.text(40), "a", Samples.text(20)], horizontal: true))
      ),
      ("histogram", labelled(try Samples.histogram())),
      ("log histogram", labelled(try Samples.histogram(log: true))),
      ("shapes", Figure(try Samples.shapes(), title: "Shapes")),
      ("table", Figure(try Samples.table(), title: "Table")),
      ("grid", Figure(try Samples.grid(), title: "Grid")),
      ("shared colours", Figure(try Samples.grid([.colors]), title: "Grid")),
      ("shared axes", Figure(try Samples.grid([.x, .y]))),
    ]
  }

  /// Names, hatched cells, cells without a value, frames.
  private static func maskedHeatmap() throws -> Figure.Content {
    var values = Samples.matrix(4, 6)
    values[3] = .nan
    var map = try Heatmap(
      values: values, rows: 4, columns: 6, center: 0.5, mask: (0..<24).map { $0 % 7 == 0 })
    map.rowNames = (0..<4).map { "row \($0)" }
    map.columnNames = (0..<6).map { "a column \($0)" }
    map.marked = ([(row: 1, column: 2), (row: 2, column: 4)], "best")
    return .heatmap(map)
  }

  /// A band, marked places, a smoothed curve over its raw line, a gap, lines to compare with.
  private static func bands() throws -> Figure.Content {
    let y = (0..<40).map { (step: Int) -> Double in 3 / Double(step + 2) + Double(step % 3) / 20 }
    var first = try LinePlot.Series(name: "marked", y: y, error: y.map { $0 / 5 })
    first.marks = [0, 10, 20, 30]
    first.isSmoothed = false
    var gap = y.map { $0 + 0.5 }
    gap[20] = .nan
    return .line(
      try LinePlot(
        series: [first, LinePlot.Series(name: "smoothed", y: gap)], smooth: 0.8,
        references: [.init(value: 0.4, name: "teacher"), .init(value: 1.2)]))
  }

  /// A front, and points that are there to compare with.
  private static func comparedPoints() throws -> Figure.Content {
    var others = try ScatterPlot.Series(
      name: "published", x: [2, 6, 9], y: [9, 4, 3], labels: ["A", "B", "C"])
    others.isComparison = true
    let x = [1, 2, 4, 7, 9, 10].map { Double($0) }
    let own = try ScatterPlot.Series(
      name: "ours", x: x, y: x.map { 10 / $0 + $0.truncatingRemainder(dividingBy: 2) })
    return .scatter(try ScatterPlot(series: [own, others], front: true))
  }

  @Test func figuresAreWhatTheyWere() throws {
    let made = try Self.figures().flatMap { name, figure in
      try Theme.allCases.map { theme in
        let image = try figure.page(width: 5, theme: theme).image(dpi: Self.dpi)
        let grid = try image.grid().shrunk(by: Self.shrinking)
        return (
          name: "\(name) \(theme.rawValue)",
          picture: KeptPictures.Picture(width: grid.width, height: grid.height, bytes: grid.bytes)
        )
      }
    }
    let kept = try KeptPictures(fixturePath("figures/pictures.json"), new: made)
    for (name, picture) in made {
      let difference = kept.difference(name, picture)
      #expect(difference == nil, "\(difference ?? "")")
    }
  }

  /// A change of one line or one word is seen.
  @Test func aSmallChangeIsADifference() throws {
    func picture(_ label: String, _ position: Double) throws -> KeptPictures.Picture {
      let plot = try LinePlot(series: [.init(y: [1, 2, 3])], references: [.init(value: position)])
      let figure = Figure(.line(plot), xLabel: label)
      let grid = try figure.page(width: 5).image(dpi: Self.dpi).grid()
        .shrunk(by: Self.shrinking)
      return .init(width: grid.width, height: grid.height, bytes: grid.bytes)
    }
    let path = try temporaryFolder() + "/pictures.json"
    let first = try picture("steps", 2.3)
    try KeptPictures.keep([("one", first)], path)
    let kept = try KeptPictures(path, new: [])
    #expect(kept.difference("one", first) == nil)
    #expect(kept.difference("one", try picture("stop here", 2.3)) != nil)
    #expect(kept.difference("one", try picture("steps", 1.6)) != nil)
    #expect(kept.difference("two", first) == "two was not kept")
  }
}
