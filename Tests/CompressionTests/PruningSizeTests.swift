import Compression
import Models
import Tensors
import TestFixtures
import Testing

/// Counts and fractions, ties, and what cannot be cut.
@Suite struct PruningSizeTests {
  private func scored(_ name: String) throws -> (Model, Importance) {
    let golden = try Golden(name)
    let model = try golden.model()
    return (model, try importance(model, golden.windows("windows")))
  }

  /// Half up: 0.3125 · 40 is 12.5, which makes 13. Heads go to the nearest multiple of the 2 groups
  /// of 6, layers of 4.
  @Test(arguments: [
    (0.3125, 13, 2, 1, 11), (0.5, 20, 4, 2, 18), (0.01, 1, 2, 1, 1), (0.7, 28, 4, 3, 25),
    (0.9, 36, 6, 4, 32), (1.0, 40, 6, 4, 36), (0.3, 12, 2, 1, 11), (0.375, 15, 2, 2, 14),
  ])
  func fractions(fraction: Double, ffn: Int, heads: Int, layers: Int, hidden: Int) throws {
    let (model, scores) = try scored("llama-tied")
    func sizes(_ request: PruningRequest) throws -> Architecture {
      try prune(model, request, by: scores).architecture
    }
    #expect(try sizes(PruningRequest(ffn: .fraction(fraction))).ffn == ffn)
    #expect(try sizes(PruningRequest(heads: .fraction(fraction))).heads == heads)
    #expect(try sizes(PruningRequest(layers: .fraction(fraction))).layers == layers)
    #expect(try sizes(PruningRequest(hidden: .fraction(fraction))).hidden == hidden)
  }

  @Test func headsOfTheirOwnGoWithTheirKeys() throws {
    let (model, scores) = try scored("llama-mha")
    let sizes = try prune(model, PruningRequest(heads: .fraction(0.6)), by: scores).architecture
    #expect(sizes.heads == 2 && sizes.kvHeads == 2 && sizes.headDim == 8)
    let (grouped, groupedScores) = try scored("llama-tied")
    let kept = try prune(grouped, PruningRequest(heads: .count(2)), by: groupedScores).architecture
    #expect(kept.heads == 2 && kept.kvHeads == 2 && kept.headDim == 6)
  }

  /// Equal scores: the lower index stays. A layer whose gate is zero has neurons of score 0; a
  /// model without layers' influence drops the first block.
  @Test func tiesGoToTheLowerIndex() throws {
    let golden = try Golden("llama-tied")
    let model = try golden.model()
    for layer in 0..<4 {
      for role in ["mlp.down_proj", "self_attn.o_proj"] {
        try #require(model.weights["model.layers.\(layer).\(role).weight"])
          .assign(Tensor.full([], 0, on: model.device))
      }
    }
    let gate = try #require(model.weights["model.layers.1.mlp.gate_proj.weight"])
    try gate.assign(Tensor.full([], 0, on: model.device))
    let scores = try importance(model, golden.windows("windows"))
    #expect(scores.scores(.neurons).values[40..<80].allSatisfy { $0 == 0 })
    let masked = try mask(model, PruningRequest(ffn: .count(7)), by: scores)
    #expect(masked.mask?.neurons[1] == Set(7..<40))
    let influence = scores.scores(.layers).values
    let shallow = try mask(model, PruningRequest(layers: .count(2)), by: scores)
    // Layers that add nothing differ by rounding at most; where they are equal the first block
    // goes.
    if Set(influence).count == 1 { #expect(shallow.mask?.layers == [0, 1]) }
    #expect(influence.allSatisfy { abs($0) < 1e-6 })
  }

  @Test func impossibleSizes() throws {
    let (model, scores) = try scored("llama-tied")
    func error(_ request: PruningRequest) -> String? {
      message { try prune(model, request, by: scores) }
    }
    #expect(
      error(PruningRequest(hidden: .count(0)))
        == "hidden=0 is not possible: the model has 36, and at least 1 must stay")
    #expect(
      error(PruningRequest(ffn: .count(41)))
        == "ffn=41 is not possible: the model has 40, and at least 1 must stay")
    #expect(
      error(PruningRequest(layers: .count(-1)))
        == "layers=-1 is not possible: the model has 4, and at least 1 must stay")
    #expect(
      error(PruningRequest(heads: .count(3)))
        == "heads=3 is no multiple of the 2 key-value heads, which stay; 2 or 4 would do")
    #expect(
      error(PruningRequest(heads: .count(1)))
        == "heads=1 is no multiple of the 2 key-value heads, which stay; 2 would do")
    #expect(
      error(PruningRequest(heads: .count(8)))
        == "heads=8 is not possible: the model has 6, and at least 1 must stay")
    for fraction in [0, -0.5, 1.5, .nan, .infinity] {
      #expect(
        error(PruningRequest(ffn: .fraction(fraction)))
          == "ffn=\(fraction) is no fraction in (0, 1]; an int gives a count out of 40")
    }
    #expect(
      error(PruningRequest(drop: [4])) == "drop: layer 4 is outside the model's 4 layers")
    #expect(
      error(PruningRequest(drop: [-1])) == "drop: layer -1 is outside the model's 4 layers")
    #expect(
      error(PruningRequest(drop: [0, 1, 2, 3]))
        == "drop: at least one of the 4 layers must stay")
    #expect(
      error(PruningRequest(layers: .count(2), drop: [0])) == "give layers= or drop=, not both")
    #expect(
      error(PruningRequest())
        == "prune needs a size: hidden=, ffn=, heads=, layers= or drop=, or a masked model")
  }

  @Test func scoresThatDoNotFit() throws {
    let (model, _) = try scored("llama-tied")
    let (_, others) = try scored("mistral")
    #expect(
      message { try prune(model, PruningRequest(ffn: .count(4))) }
        == "ffn= chooses by rank and needs scores: give importance(model, tokens)")
    #expect(
      message { try prune(model, PruningRequest(hidden: .count(4)), by: others) }
        == "the scores are of mistral, whose heads have shape [3, 4], not [4, 6]: score this model")
    #expect(
      message { try prune(model, PruningRequest(drop: [0]), residual: true) }
        == "residual=True needs scores: give importance(model, tokens)")
  }

  @Test func unequalMasks() throws {
    let (model, _) = try scored("llama-tied")
    func error(_ masked: Model) -> String? { message { try prune(masked, PruningRequest()) } }
    #expect(
      error(try mask(model, neurons: [(2, 5)]))
        == "layer 2 would keep 39 neurons, but layer 0 keeps 40: a pruned model has the same number "
        + "in every layer")
    #expect(
      error(try mask(model, heads: [(0, 0)]))
        == "layer 0 would keep [2, 3] heads in its key-value groups: every group must keep the same "
        + "number")
    let all = (0..<4).flatMap { layer in (0..<40).map { (layer, $0) } }
    #expect(error(try mask(model, neurons: all)) == "no neuron would stay in layer 0")
    let masked = try mask(model, layers: [0])
    #expect(
      message { try prune(masked, PruningRequest(ffn: .count(4))) }
        == "prune(masked) cuts what is masked and takes no sizes; add them to the mask")
    // Units of a skipped layer do not count.
    let skipped = try mask(mask(model, neurons: [(0, 1)]), layers: [0])
    #expect(try prune(skipped, PruningRequest()).architecture.layers == 3)
  }
}
