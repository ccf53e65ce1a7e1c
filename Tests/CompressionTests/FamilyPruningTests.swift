import Compression
import Files
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

/// What pruning does to weights that only some families have.
@Suite struct FamilyPruningTests {
  /// The elements of one head of a weight whose axis runs over heads, `part` times `heads` of them
  /// on.
  private func head(
    _ index: Int, of weight: Tensor, headDim: Int, axis: Int, part: Int = 0, heads: Int = 0
  ) throws -> [Float] {
    let start = (part * heads + index) * headDim
    let whole = AxisIndex.slice(start: nil, end: nil, step: nil)
    return try weight.indexed(
      Array(repeating: whole, count: axis)
        + [.slice(start: start, end: start + headDim, step: nil)]
    ).floats()
  }

  /// Heads of a layer by falling importance.
  private func order(_ importance: Importance, _ layer: Int, _ heads: Range<Int>) -> [Int] {
    let scores = importance.scores(.heads)
    let first = layer * (scores.shape.last ?? 0)
    return heads.sorted { scores.values[first + $0] > scores.values[first + $1] }
  }

  /// gpt2: of 4 heads 3 stay; the third gets itself minus the fourth in queries, keys and values,
  /// in the weight's columns and in the bias.
  @Test func theResidualOfAFusedProjection() throws {
    let golden = try Golden("gpt2")
    let model = try golden.model()
    let scores = try importance(model, golden.windows("windows"))
    let pruned = try prune(model, PruningRequest(heads: .count(3)), by: scores, residual: true)
    for layer in 0..<3 {
      let order = order(scores, layer, 0..<4)
      let kept = order.prefix(3).sorted()
      for (role, axis) in [("weight", 1), ("bias", 0)] {
        let name = "transformer.h.\(layer).attn.c_attn.\(role)"
        let (old, new) = (try #require(model.weights[name]), try #require(pruned.weights[name]))
        for part in 0..<3 {
          for (place, index) in kept.enumerated() {
            var wanted = try head(index, of: old, headDim: 6, axis: axis, part: part, heads: 4)
            if index == order[2] {
              let gone = try head(order[3], of: old, headDim: 6, axis: axis, part: part, heads: 4)
              wanted = zip(wanted, gone).map { 2 * $0 - $1 }
            }
            let found = try head(place, of: new, headDim: 6, axis: axis, part: part, heads: 3)
            #expect(maximumDifference(found, wanted) < 1e-6, "\(name), part \(part)")
          }
        }
      }
      // The output projection's rows are those of the kept heads, as they were.
      let name = "transformer.h.\(layer).attn.c_proj.weight"
      let (old, new) = (try #require(model.weights[name]), try #require(pruned.weights[name]))
      for (place, index) in kept.enumerated() {
        #expect(
          try head(place, of: new, headDim: 6, axis: 0) == head(index, of: old, headDim: 6, axis: 0)
        )
      }
    }
  }

  /// qwen2: the residual is on the bias of the queries as on their rows; where a head has keys and
  /// values of its own, on theirs too.
  @Test(arguments: ["qwen2", "qwen2-mha"])
  func theResidualOfABias(_ name: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let sizes = model.architecture
    let ownKeys = sizes.kvHeads == sizes.heads
    let scores = try importance(model, golden.windows("windows"))
    let pruned = try prune(
      model, PruningRequest(heads: .count(ownKeys ? 3 : 4)), by: scores, residual: true)
    let groups = ownKeys ? [0..<4] : [0..<3, 3..<6]
    for layer in 0..<sizes.layers {
      func weight(_ model: Model, _ role: String) throws -> Tensor {
        try #require(model.weights["model.layers.\(layer).self_attn.\(role)"])
      }
      let orders = groups.map { order(scores, layer, $0) }
      let kept = orders.flatMap { $0.dropLast() }.sorted()
      for role in ["q_proj", "k_proj", "v_proj"] {
        for kind in ["weight", "bias"] {
          let (old, new) = (
            try weight(model, "\(role).\(kind)"), try weight(pruned, "\(role).\(kind)")
          )
          guard ownKeys || role == "q_proj" else {
            #expect(try old.floats() == new.floats())
            continue
          }
          for (place, index) in kept.enumerated() {
            var wanted = try head(index, of: old, headDim: sizes.headDim, axis: 0)
            if let order = orders.first(where: { $0[$0.count - 2] == index }) {
              let gone = try head(order[order.count - 1], of: old, headDim: sizes.headDim, axis: 0)
              wanted = zip(wanted, gone).map { 2 * $0 - $1 }
            }
            let found = try head(place, of: new, headDim: sizes.headDim, axis: 0)
            #expect(maximumDifference(found, wanted) < 1e-6, "\(layer) \(role).\(kind)")
          }
        }
      }
    }
  }

  /// A cut that changes GPT-2's head size works, and its scores can be kept; the checkpoint cannot.
  @Test func aHeadSizeThatGPT2CannotHold() throws {
    let golden = try Golden("gpt2")
    let model = try golden.model()
    let windows = try golden.windows("windows")
    let scores = try importance(model, windows)
    let pruned = try prune(model, PruningRequest(heads: .count(3)), by: scores)
    #expect(pruned.architecture.headDim == 6 && pruned.architecture.hidden == 24)
    #expect(try pruned.logits(golden.ids()).floats().allSatisfy(\.isFinite))
    let folder = try temporaryFolder()
    #expect(
      message { try pruned.save(to: folder + "/model") }
        == "gpt2-pruned cannot be saved: the head size of a gpt2 checkpoint is n_embd / n_head, and 3 "
        + "heads of 6 elements ask for hidden 18, not 24: cut hidden and heads by the same factor")
    #expect(kind(ofFile: folder + "/model") == .missing)
    let again = try Configuration(.object(pruned.configuration.json), file: "config.json")
    #expect(again.architecture == pruned.architecture)
    // Cut to the hidden size that fits, it is a GPT-2 like any other.
    let fitting = try prune(
      pruned, PruningRequest(hidden: .count(18)), by: importance(pruned, windows))
    try fitting.save(to: folder + "/model")
    let loaded = try Model.load(folder + "/model", on: anyDevice)
    #expect(loaded.architecture == fitting.architecture)
    #expect(loaded.configuration.json["pare_head_dim"] == .none)
    #expect(loaded.configuration.json["head_dim"] == .none)
    #expect(try loaded.logits(golden.ids()).floats() == fitting.logits(golden.ids()).floats())
  }

  /// Windows go with their layers, whichever way the configuration says where they are.
  @Test(arguments: ["qwen2", "qwen3"])
  func windowsGoWithTheirLayers(_ name: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let sizes = model.architecture
    for dropped in 0..<sizes.layers {
      let pruned = try prune(model, PruningRequest(drop: [dropped]))
      let windows = (0..<sizes.layers - 1).map { pruned.architecture.window(ofLayer: $0) }
      let kept = (0..<sizes.layers).filter { $0 != dropped }
      #expect(windows == kept.map { sizes.window(ofLayer: $0) })
      let folder = try temporaryFolder() + "/model"
      try pruned.save(to: folder)
      let loaded = try Model.load(folder, on: anyDevice)
      #expect(loaded.architecture == pruned.architecture)
      let wanted = try mask(model, layers: [dropped]).logits(golden.ids()).floats()
      #expect(maximumDifference(try loaded.logits(golden.ids()).floats(), wanted) < 1e-4)
    }
  }
}
