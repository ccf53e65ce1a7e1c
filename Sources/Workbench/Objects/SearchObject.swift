import Compression
import Figures
import Language

/// An architecture search in the language: its table as far as it is filled, and the best student.
final class SearchObject: DescribedObject, Displayable {
  private let search: ArchitectureSearch
  private var best: ModelObject?

  init(_ search: ArchitectureSearch) { self.search = search }

  var typeName: String { "search" }
  static let attributeTexts: KeyValuePairs = [
    "table": "The shapes by rank with sizes and losses.",
    "best": "The student of the best shape.",
    "ranks": "The rank of each shape after every measured step of its distillation.",
    "curves": "The held-out losses of each shape by name.",
    "steps": "The steps at which shapes were ranked.",
    "done": "Whether every shape was measured.",
  ]

  func representation() -> String { text(width: nil) }

  func representation(width: Int?) -> String { text(width: width) }

  private func text(width: Int?) -> String {
    let measured = search.candidates.count { $0.loss != nil }
    let state = search.isDone ? "" : "; not done: the same call goes on"
    let head = "search: \(measured) of \(search.candidates.count) shapes measured\(state)"
    return (width.map { head.folded(to: $0) } ?? head) + "\n"
      + table().representation(width: width)
  }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "table": return .object(table())
    case "best":
      let model = try best ?? ModelObject(search.best())
      if search.isDone { best = model }
      return .object(model)
    case "ranks": return .object(ranks())
    case "curves":
      return .dict(
        DictObject(
          search.candidates.ranked.filter { !$0.curve.isEmpty }.map { candidate in
            (candidate.name, .list(candidate.curve.map { .float($0.loss) }))
          }))
    case "steps": return .list(search.candidates.ranks.steps.map { .int($0) })
    case "done": return .bool(search.isDone)
    default: return nil
    }
  }

  func display() throws -> Display {
    Display(
      text: representation(), html: try table().display().html, figure: try figure())
  }

  /// The candidates by rank.
  func table() -> TableObject {
    let ranked = search.candidates.ranked
    let byCut = ranked.sorted { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }.map(\.sizes)
    let isDistilled = ranked.contains { $0.distilledLoss != nil }
    let rows = ranked.enumerated().map { place, candidate -> [Value] in
      let sizes = candidate.sizes
      let first: [Value] = [
        .int(place + 1), .string(candidate.name), .int(sizes.layers), .int(sizes.heads),
        .int(sizes.ffn), .int(sizes.hidden), .int(sizes.parameters),
        candidate.loss.map { .float($0) } ?? .none,
      ]
      guard isDistilled else { return first }
      let before = byCut.firstIndex(of: sizes).map { $0 + 1 } ?? 0
      return first + [candidate.distilledLoss.map { .float($0) } ?? .none, .int(before)]
    }
    return TableObject(
      columns: ["rank", "name", "layers", "heads", "ffn", "hidden", "parameters", "loss"]
        + (isDistilled ? ["distilled", "rank_before"] : []),
      rows: rows)
  }

  /// The loss of every measured shape against its parameters; nil before there is one.
  private func figure() throws -> Figure? {
    let ranked = search.candidates.ranked
    if ranked.isEmpty { return nil }
    let plot = try ScatterPlot(
      pareto: ranked.map { candidate in
        (
          Double(candidate.sizes.parameters),
          candidate.distilledLoss ?? candidate.loss ?? .nan
        )
      }, names: ranked.map(\.name))
    return Figure(
      .scatter(plot), title: "Search", xLabel: "parameters", yLabel: "loss (nats per token)")
  }

  private func ranks() -> TableObject {
    let (steps, rows) = search.candidates.ranks
    return TableObject(
      columns: ["name"] + steps.map { "step \($0)" },
      rows: rows.map { [.string($0.candidate.name)] + $0.ranks.map { .int($0) } })
  }
}
