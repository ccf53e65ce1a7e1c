import Kernels
import Models
import TestFixtures
import Testing

/// Logits and activations against transformers, in f32.
@Suite struct GoldenLogitsTests {
  @Test(arguments: Golden.names, testDevices)
  func logits(name: String, on test: TestDevice) throws {
    let golden = try Golden(name)
    let model = try golden.model(on: test.device)
    let found = try model.logits(golden.ids(on: test.device))
    #expect(found.shape == (try golden.shape("logits")))
    #expect(maximumDifference(try found.floats(), try golden.floats("logits")) < 1e-4)
  }

  /// Three shards hold llama-tied's weights.
  @Test func shardsGiveTheSameLogits() throws {
    let golden = try Golden("llama-tied")
    let sharded = try Model.load(Golden.folder("llama-sharded"), on: anyDevice)
    let found = try sharded.logits(golden.ids()).floats()
    #expect(found == (try golden.model().logits(golden.ids()).floats()))
    #expect(sharded.parameters == (try golden.model().parameters))
  }

  @Test func bfloatWeights() throws {
    let golden = try Golden("llama-bf16")
    let model = try golden.model()
    #expect(model.storedType == .bf16)
    let found = try model.logits(golden.ids()).floats()
    #expect(maximumDifference(found, try golden.floats("logits")) < 1e-4)
  }

  /// bf16 rounds the operands of products: near the f32 logits, and not the same.
  @Test func bfloatPrecision() throws {
    let device = CPUDevice(threads: 2)
    let golden = try Golden("llama-tied")
    let model = try golden.model(on: device)
    device.use(.bf16)
    let found = try model.logits(golden.ids(on: device)).floats()
    let difference = maximumDifference(found, try golden.floats("logits"))
    #expect(difference < 0.2 && difference > 1e-4)
  }

  static let activations: [(ours: Activation, layer: Int?, golden: String)] = [
    (.embedding, nil, "residual.0"), (.input, 0, "residual.0"), (.output, 0, "residual.1"),
    (.input, 1, "residual.1"), (.output, 1, "residual.2"), (.norm, nil, "final_norm"),
    (.attentionNorm, 0, "layers.0.input_norm"), (.heads, 0, "layers.0.heads"),
    (.mlpNorm, 0, "layers.0.post_norm"), (.gate, 0, "layers.0.gate"),
    (.neurons, 0, "layers.0.neurons"),
  ]

  @Test(arguments: Golden.names)
  func activationsByName(_ name: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    var seen: [String: [Float]] = [:]
    var order: [String] = []
    _ = try model.hidden(TokenIDs(golden.ids(count: 1), for: model)) { activation, layer, value in
      order.append(activation.name(layer: layer))
      seen[activation.name(layer: layer)] = try value.floats()
    }
    #expect(order == Activation.names(layers: model.architecture.layers))
    for (activation, layer, wanted) in Self.activations {
      let found = try #require(seen[activation.name(layer: layer)])
      let difference = maximumDifference(found, try golden.floats("activations." + wanted))
      #expect(difference < 2e-5, "\(activation.name(layer: layer))")
    }
    // Attention and MLP are what they add to the stream.
    let attended = try #require(seen["layers.0.attended"])
    let parts = zip(
      try golden.floats("activations.residual.0"),
      try golden.floats("activations.layers.0.attention"))
    #expect(maximumDifference(attended, parts.map { $0 + $1 }) < 2e-5)
  }

  @Test func hiddenTimesTheHeadAreTheLogits() throws {
    let golden = try Golden("mistral")
    let model = try golden.model()
    let found = try model.hidden(TokenIDs(golden.ids(), for: model)).linear(model.head).floats()
    #expect(maximumDifference(found, try golden.floats("logits")) < 1e-4)
  }
}
