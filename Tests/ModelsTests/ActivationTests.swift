import Kernels
import Models
import Tensors
import TestFixtures
import Testing

/// Activations by name, and edits on the way.
@Suite struct ActivationTests {
  private static let goldens: [(name: String, tensor: String)] = [
    ("embedding", "residual.0"), ("layers.0.input", "residual.0"),
    ("layers.0.output", "residual.1"), ("layers.1.input", "residual.1"), ("norm", "final_norm"),
    ("layers.0.attention_norm", "layers.0.input_norm"), ("layers.0.heads", "layers.0.heads"),
    ("layers.0.mlp_norm", "layers.0.post_norm"), ("layers.0.gate", "layers.0.gate"),
    ("layers.0.neurons", "layers.0.neurons"),
  ]

  @Test(arguments: testDeviceKinds)
  func goldenValuesByName(_ test: TestDevice) throws {
    let golden = try Golden("llama-tied")
    let model = try golden.model(on: test.device)
    let ids = try golden.ids(count: 1, on: test.device)
    for (name, tensor) in Self.goldens {
      let place = try #require(ActivationPlace(name, layers: 4))
      let found = try model.activation(place, of: ids).floats()
      let wanted = try golden.floats("activations." + tensor)
      #expect(maximumDifference(found, wanted) < 1e-4, "\(name)")
    }
  }

  @Test func everyNameIsAPlace() throws {
    let golden = try Golden("mistral")
    let (model, ids) = (try golden.model(), try golden.ids(count: 1))
    let names = Activation.names(layers: 3)
    #expect(names.count == 2 + 3 * 11)
    for name in names {
      let place = try #require(ActivationPlace(name, layers: 3))
      #expect(place.name == name)
      #expect(try model.activation(place, of: ids).shape.prefix(2) == [1, 24])
    }
    for bad in [
      "", "heads", "layers.3.heads", "layers.-1.heads", "layers.00.heads", "layers.+1.heads",
      "layers.0", "layers.0.norm", "layers.0.heads.0", "input", "layers..heads",
    ] {
      #expect(ActivationPlace(bad, layers: 3) == nil, "\(bad)")
    }
  }

  /// A head set to zero on the way is a head that a mask switches off; so are a neuron and a layer.
  @Test(arguments: testDeviceKinds)
  func zeroingIsMasking(_ test: TestDevice) throws {
    let golden = try Golden("llama-tied")
    let model = try golden.model(on: test.device)
    let ids = try golden.ids(on: test.device)
    let zero = try Tensor.full([], 0, on: test.device)
    let all = AxisIndex.slice(start: nil, end: nil, step: nil)
    let edited = try model.editing([
      ActivationPlace(.heads, layer: 1): { value in
        try value.setItem([all, all, .at(3)], to: zero)
        return value
      },
      ActivationPlace(.neurons, layer: 2): { value in
        try value.setItem([all, all, .at(7)], to: zero)
        return value
      },
    ])
    var mask = Mask(layers: 4)
    mask.heads[1] = [3]
    mask.neurons[2] = [7]
    let wanted = try Model(masking: model, with: mask).logits(ids).floats()
    #expect(maximumDifference(try edited.logits(ids).floats(), wanted) < 1e-5)
    #expect(maximumDifference(try model.logits(ids).floats(), wanted) > 1e-3)
  }

  /// The value that goes on is the one that comes back, wherever it is taken.
  @Test func everyPlaceCanBeEdited() throws {
    let golden = try Golden("llama-untied-rope3")
    let (model, ids) = (try golden.model(), try golden.ids(count: 1))
    let plain = try model.logits(ids).floats()
    for name in Activation.names(layers: 3) {
      let place = try #require(ActivationPlace(name, layers: 3))
      let same = try model.editing([place: { try $0.scaled(by: 1) }])
      #expect(try same.logits(ids).floats() == plain, "\(name)")
      let turned = try model.editing([place: { try $0.scaled(by: -1) }])
      #expect(maximumDifference(try turned.logits(ids).floats(), plain) > 1e-4, "\(name)")
      // Two edits of one place run one after the other.
      let twice = try turned.editing([place: { try $0.scaled(by: -1) }])
      #expect(try twice.logits(ids).floats() == plain, "\(name)")
    }
    // The model itself and its weights are as they were.
    #expect(try model.logits(ids).floats() == plain)
  }

  @Test func generationIsEditedToo() throws {
    let model = try Golden("llama-tied").model()
    func generate(_ model: Model) throws -> [Int] {
      var generator = RandomGenerator(seed: 0)
      return try model.generate([5, 6], count: 6, using: &generator)
    }
    var lengths: [Int] = []
    let watched = try model.editing([
      ActivationPlace(.embedding, layer: nil): { value in
        lengths.append(value.shape[1])
        return value
      }
    ])
    #expect(try generate(watched) == generate(model))
    #expect(lengths == [2, 1, 1, 1, 1, 1])
  }

  @Test func refusals() throws {
    let golden = try Golden("llama-tied")
    let (model, ids) = (try golden.model(), try golden.ids(count: 1))
    let place = ActivationPlace(.heads, layer: 2)
    let flat = try model.editing([place: { try $0.reshaped([24, 36]) }])
    #expect(
      message { try flat.logits(ids) }
        == "the edit of 'layers.2.heads' gives f32 [24, 36], not f32 [1, 24, 6, 6]")
    let whole = try model.editing([place: { try $0.converted(to: .i64) }])
    #expect(
      message { try whole.logits(ids) }
        == "the edit of 'layers.2.heads' gives i64 [1, 24, 6, 6], not f32 [1, 24, 6, 6]")
    let away = try model.editing([place: { try $0.moved(to: CPUDevice(threads: 1)) }])
    #expect(try #require(message { try away.logits(ids) }).contains("gives a tensor on cpu"))
    var mask = Mask(layers: 4)
    mask.layers = [2]
    let skipping = try Model(masking: model, with: mask)
    let text =
      "'layers.2.heads' is not computed: layer 2 of llama-tied is switched off; unmask(model) is "
      + "the model with it"
    #expect(message { try skipping.activation(place, of: ids) } == text)
    #expect(message { try skipping.editing([place: { $0 }]) } == text)
  }
}
