import Models
import Tensors
import TestFixtures
import Testing

/// What a masked view is to the model under it. How masks are chosen and cut is tested with
/// Compression.
@Suite struct MaskedModelTests {
  @Test func sharesTheWeights() throws {
    let golden = try Golden("llama-tied")
    let model = try golden.model()
    var mask = Mask(layers: 4)
    mask.heads[1] = [0, 5]
    let view = try Model(masking: model, with: mask)
    #expect(view.weights === model.weights && view.unmasked === model)
    let before = try view.logits(golden.ids()).floats()
    #expect(before != (try golden.floats("logits")))
    // An edit of the model shows in the view.
    try #require(model.weights["model.norm.weight"]).assign(Tensor.full([], 0, on: model.device))
    #expect(try view.logits(golden.ids()).floats().allSatisfy { $0 == 0 })
  }

  @Test func anEmptyMaskChangesNothing() throws {
    let golden = try Golden("mistral")
    let model = try golden.model()
    let view = try Model(masking: model, with: Mask(layers: 3))
    #expect(try view.logits(golden.ids()).floats() == model.logits(golden.ids()).floats())
  }

  /// Masking all of a layer's heads and neurons leaves the residual stream as skipping it does.
  @Test func aLayerWithNothingOnIsSkipped() throws {
    let golden = try Golden("llama-mha")
    let model = try golden.model()
    var units = Mask(layers: 3)
    units.heads[1] = [0, 1, 2, 3]
    units.neurons[1] = Set(0..<36)
    var layer = Mask(layers: 3)
    layer.layers = [1]
    let found = try Model(masking: model, with: units).logits(golden.ids()).floats()
    let wanted = try Model(masking: model, with: layer).logits(golden.ids()).floats()
    #expect(maximumDifference(found, wanted) < 1e-5)
  }

  @Test func generatesWithItsCache() throws {
    let model = try Golden("llama-tied").model()
    var mask = Mask(layers: 4)
    mask.layers = [2]
    mask.channels = [3, 30]
    let view = try Model(masking: model, with: mask)
    var generator = RandomGenerator(seed: 0)
    var ids = [4, 5]
    for id in try view.generate(ids, count: 6, using: &generator) {
      let batch = try Tensor(ids.map { Int64($0) }, shape: [1, ids.count], on: model.device)
      let last = try view.logits(batch).indexed([.at(0), .at(-1)])
      #expect(try Int(last.argmax().item()) == id)
      ids.append(id)
    }
  }
}
