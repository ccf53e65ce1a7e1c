import Compression
import Corpus
import Models
import Tensors
import TestFixtures
import Testing

/// Importance against PyTorch in double precision, within 1e-5 relative.
@Suite struct ImportanceTests {
  @Test(arguments: Golden.names)
  func everyAggregation(_ name: String) throws {
    let golden = try Golden(name)
    let importance = try importance(golden.model(), golden.windows("windows"))
    let axes: [(String, ImportanceAxis, NeuronValue)] = [
      ("heads", .heads, .post), ("neurons.post", .neurons, .post), ("neurons.pre", .neurons, .pre),
      ("channels", .channels, .post),
    ]
    for (key, axis, neurons) in axes {
      for batch in Aggregation.allCases {
        for sequence in Aggregation.allCases {
          let tensor = "importance.\(key).\(batch.rawValue).\(sequence.rawValue)"
          let found = importance.scores(axis, batch: batch, sequence: sequence, neurons: neurons)
          #expect(found.shape == (try golden.shape(tensor)))
          let error = maximumRelativeError(found.values, try golden.floats(tensor))
          #expect(error < 1e-5, "\(tensor)")
        }
      }
    }
    let layers = importance.scores(.layers)
    #expect(maximumRelativeError(layers.values, try golden.floats("importance.layers")) < 1e-5)
  }

  @Test(arguments: ["llama-tied", "nemotron", "gpt2"], testDevices)
  func theDefaultsOnEveryDevice(name: String, on test: TestDevice) throws {
    let golden = try Golden(name)
    let importance = try importance(golden.model(on: test.device), golden.windows("windows"))
    let goldens: [(ImportanceAxis, String)] = [
      (.heads, "heads.l2.mean"), (.neurons, "neurons.post.l2.mean"),
      (.channels, "channels.l2.mean"),
      (.layers, "layers"),
    ]
    for (axis, key) in goldens {
      let wanted = try golden.floats("importance." + key)
      #expect(maximumRelativeError(importance.scores(axis).values, wanted) < 1e-5, "\(key)")
    }
  }

  /// More windows than groups, and more than go through the model at a time: copies of the same
  /// windows leave means and variances as they are and multiply l2 by the root of their number.
  @Test func manyWindows() throws {
    let golden = try Golden("mistral")
    let windows = try golden.windows("windows")
    let copies = 30
    let many = windows.selecting((0..<copies).flatMap { _ in 0..<windows.count })
    let importance = try importance(golden.model(), many)
    #expect(importance.windows == copies * windows.count)
    for batch in Aggregation.allCases {
      let factor = batch == .l2 ? Float(copies).squareRoot() : 1
      let wanted = try golden.floats("importance.heads.\(batch.rawValue).mean").map { $0 * factor }
      #expect(maximumRelativeError(importance.scores(.heads, batch: batch).values, wanted) < 1e-5)
    }
    let layers = try golden.floats("importance.layers")
    #expect(maximumRelativeError(importance.scores(.layers).values, layers) < 1e-5)
  }

  @Test func aSkippedLayerHasNoInfluence() throws {
    let golden = try Golden("llama-tied")
    let masked = try mask(golden.model(), layers: [1])
    let scores = try importance(masked, golden.windows("windows"))
    #expect(scores.scores(.layers).values[1] == 0)
    #expect(scores.scores(.heads).values[6..<12].allSatisfy { $0 == 0 })
    #expect(scores.scores(.layers).values[0] > 0)
  }

  @Test func aBadWeightIsNamed() throws {
    let golden = try Golden("mistral")
    let model = try golden.model()
    let name = "model.layers.1.mlp.gate_proj.weight"
    try #require(model.weights[name]).setItem(
      [.at(0), .at(3)], to: Tensor.full([], .nan, on: model.device))
    let text = try #require(message { try importance(model, golden.windows("windows")) })
    #expect(text.hasPrefix("a score of the "))
    #expect(text.hasSuffix(": the weight '\(name)' of mistral holds a NaN or an infinity"))
  }
}
