import Compression
import Models
import Tensors
import TestFixtures
import Testing

/// The head residual by hand: arXiv 2407.14679, section 2.3, inside each key-value group.
@Suite struct HeadResidualTests {
  /// llama-tied: two groups of L = 3 heads, of which K = 2 stay. i runs from 2K − L + 1 = 2 to K =
  /// 2 and takes from head 2K − i + 1 = 3: the second head of each group gets itself minus the
  /// third.
  @Test func insideEachGroup() throws {
    let golden = try Golden("llama-tied")
    let model = try golden.model()
    let scores = try importance(model, golden.windows("windows"))
    let request = PruningRequest(heads: .count(4))
    let plain = try prune(model, request, by: scores)
    let pruned = try prune(model, request, by: scores, residual: true)
    for layer in 0..<4 {
      let row = Array(scores.scores(.heads).values[layer * 6..<(layer + 1) * 6])
      let groups = [[0, 1, 2], [3, 4, 5]].map { $0.sorted { row[$0] > row[$1] } }
      let kept = groups.flatMap { $0.prefix(2) }.sorted()
      let changes = groups.map { (kept: $0[1], pruned: $0[2]) }
      try expectRows("q_proj", layer, of: pruned, from: model, kept, changes)
      for role in ["k_proj", "v_proj", "o_proj"] {
        try expectSame("self_attn.\(role)", layer, pruned, plain)
      }
    }
  }

  /// llama-mha: one ranking of L = 4 heads, K = 3 stay; the third gets itself minus the fourth, in
  /// queries, keys and values. With K = 2 the first takes from the fourth, the second from the
  /// third.
  @Test(arguments: [3, 2])
  func withKeysAndValues(_ count: Int) throws {
    let golden = try Golden("llama-mha")
    let model = try golden.model()
    let scores = try importance(model, golden.windows("windows"))
    let request = PruningRequest(heads: .count(count))
    let plain = try prune(model, request, by: scores)
    let pruned = try prune(model, request, by: scores, residual: true)
    for layer in 0..<3 {
      let row = Array(scores.scores(.heads).values[layer * 4..<(layer + 1) * 4])
      let order = [0, 1, 2, 3].sorted { row[$0] > row[$1] }
      let changes =
        count == 3
        ? [(kept: order[2], pruned: order[3])]
        : [(kept: order[0], pruned: order[3]), (kept: order[1], pruned: order[2])]
      for role in ["q_proj", "k_proj", "v_proj"] {
        try expectRows(role, layer, of: pruned, from: model, order.prefix(count).sorted(), changes)
      }
      try expectSame("self_attn.o_proj", layer, pruned, plain)
      try expectSame("mlp.up_proj", layer, pruned, plain)
    }
  }

  @Test func halfOfTheHeadsMustStay() throws {
    let golden = try Golden("llama-tied")
    let model = try golden.model()
    let scores = try importance(model, golden.windows("windows"))
    #expect(
      message { try prune(model, PruningRequest(heads: .count(2)), by: scores, residual: true) }
        == "residual=True needs at least half of the heads to stay; 1 of 3 a group do")
  }

  /// Checks that a projection has the kept heads' rows, some with their residual.
  private func expectRows(
    _ role: String, _ layer: Int, of pruned: Model, from model: Model, _ kept: [Int],
    _ changes: [(kept: Int, pruned: Int)]
  ) throws {
    let name = "model.layers.\(layer).self_attn.\(role).weight"
    let source = try #require(model.weights[name]).floats()
    let size = model.architecture.headDim * model.architecture.hidden
    func head(_ index: Int) -> ArraySlice<Float> { source[index * size..<(index + 1) * size] }
    let wanted = kept.flatMap { index -> [Float] in
      guard let change = changes.first(where: { $0.kept == index }) else {
        return Array(head(index))
      }
      return zip(head(index), head(change.pruned)).map { 2 * $0 - $1 }
    }
    let found = try #require(pruned.weights[name]).floats()
    #expect(maximumDifference(found, wanted) < 1e-6, "\(name)")
  }

  private func expectSame(_ role: String, _ layer: Int, _ a: Model, _ b: Model) throws {
    let name = "model.layers.\(layer).\(role).weight"
    #expect(try #require(a.weights[name]).floats() == #require(b.weights[name]).floats(), "\(name)")
  }
}
