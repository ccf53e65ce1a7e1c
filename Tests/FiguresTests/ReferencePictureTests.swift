import Figures
import Files
import Foundation
import JSONFormat
import TestTools
import Testing

/// Every kind of figure in every theme against the picture that was looked at and kept, shrunk so
/// that the last bits of the type's edges do not count. `PARE_RENEW_PICTURES=1` keeps new ones.
@Suite struct ReferencePictureTests {
  private static let path = fixturePath("figures/pictures.json")
  private static let dpi = 60
  private static let shrinking = 6
  /// The largest mean difference of a colour, of 255, in a figure.
  private static let tolerance = 2.0

  private static func figures() throws -> [(name: String, figure: Figure)] {
    func labelled(_ content: Figure.Content) -> Figure {
      Figure(content, title: "Title $x^2$", xLabel: "across", yLabel: "up")
    }
    return [
      ("heatmap", labelled(try Samples.heatmap(5, 8, annotate: true, label: "value"))),
      ("line", labelled(try Samples.lines(["first", "second"]))),
      ("scatter", labelled(try Samples.scatter())),
      ("bars", labelled(try Samples.bars(["teacher", "pruned", "distilled"]))),
      ("histogram", labelled(try Samples.histogram())),
      ("shapes", Figure(try Samples.shapes(), title: "Shapes")),
      ("table", Figure(try Samples.table(), title: "Table")),
      ("grid", Figure(try Samples.grid(), title: "Grid")),
    ]
  }

  private func shrunk(_ figure: Figure, _ theme: Theme) throws -> [Int] {
    let image = try figure.image(width: 5, height: nil, dpi: Self.dpi, theme: theme)
    let grid = try image.grid().shrunk(by: Self.shrinking)
    return [grid.width, grid.height] + grid.bytes.map { Int($0) }
  }

  @Test func figuresAreWhatTheyWere() throws {
    var made = JSONObject()
    for (name, figure) in try Self.figures() {
      for theme in Theme.allCases {
        let bytes = try shrunk(figure, theme)
        made["\(name) \(theme.rawValue)"] = .string(
          Data(bytes.dropFirst(2).map { UInt8($0) }).base64EncodedString())
      }
    }
    if ProcessInfo.processInfo.environment["PARE_RENEW_PICTURES"] != nil {
      try writeFile(Self.path) { try $0.write(JSON.object(made).text(indent: 1) + "\n") }
    }
    let kept = try MappedFile(path: Self.path).withBytes { try JSON(reading: $0) }
    for (name, picture) in made.members {
      let old = try #require(Data(base64Encoded: kept[name]?.string ?? ""), "\(name)")
      let new = try #require(Data(base64Encoded: picture.string ?? ""))
      try #require(old.count == new.count && !old.isEmpty, "\(name) has another size")
      let difference = zip(old, new).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) }
      let mean = difference / Double(old.count)
      #expect(mean < Self.tolerance, "\(name): \(mean)")
    }
  }
}
