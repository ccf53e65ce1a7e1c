import Compression
import Corpus
import Evaluation
import Kernels
import Models
import TestFixtures
import Testing

/// Scoring a model whose weights stay in their file.
@Suite struct StreamedModelTests {
  private static let names = Golden.names + ["llama-bf16", "llama-sharded", "llama-tied.gguf"]

  private func windows() throws -> TokenWindows { try Golden("llama-tied").windows("windows") }

  @Test(arguments: names, testDeviceKinds)
  func itScoresAsTheLoadedModel(_ name: String, on test: TestDevice) throws {
    let path = Golden.folder(name)
    let loaded = try Model.load(path, on: test.device)
    let streamed = try Model.stream(path, on: test.device)
    let windows = try windows()
    #expect(streamed.parameters == loaded.parameters && streamed.name == loaded.name)
    #expect(try ModelIdentity(of: streamed) == ModelIdentity(of: loaded))
    let (found, wanted) = (try importance(streamed, windows), try importance(loaded, windows))
    for axis in ImportanceAxis.allCases {
      for sequence in Aggregation.allCases {
        let values = found.scores(axis, sequence: sequence)
        #expect(values == wanted.scores(axis, sequence: sequence), "\(axis)")
      }
    }
    #expect(try loss(streamed, windows) == loss(loaded, windows))
    #expect(
      try layerImportance(streamed, windows, blocks: .length(2)).values
        == layerImportance(loaded, windows, blocks: .length(2)).values)
    // The scores are good for pruning the loaded model.
    #expect(try prune(loaded, PruningRequest(layers: .count(2)), by: found).parameters > 0)
  }

  /// Several batches go through together: each weight is decoded once, and no layer stays.
  @Test func weightsAreTouchedOnce() throws {
    let path = Golden.folder("llama-untied-rope3")
    let windows = try Golden("llama-untied-rope3").windows("windows")
    let many = windows.selecting((0..<60).flatMap { _ in 0..<5 })
    #expect(many.count > 2 * evaluationBatch(length: many.length))
    let streamed = try Model.stream(path, on: anyDevice)
    var steps: [Int] = []
    let found = try importance(streamed, many) { done, all in
      steps.append(done)
      #expect(all == 300)
    }
    let loads = streamed.weights.loads
    // Neither the embedding nor the head is needed whole.
    #expect(loads.count == 3 * 9 + 1 && loads.values.allSatisfy { $0 == 1 })
    #expect(loads["model.embed_tokens.weight"] == nil && loads["lm_head.weight"] == nil)
    #expect(streamed.weights.names.filter { streamed.weights[$0] != nil } == ["model.norm.weight"])
    #expect(steps == [100, 200, 300])
    let loaded = try Model.load(path, on: anyDevice)
    #expect(found.scores(.neurons) == (try importance(loaded, many)).scores(.neurons))

    let depth = try Model.stream(path, on: anyDevice)
    _ = try layerImportance(depth, many, blocks: .all)
    #expect(depth.weights.loads.values.allSatisfy { $0 == 1 })
    #expect(depth.weights.loads["lm_head.weight"] == 1)
  }

  /// While it scores, a model of many layers never holds more than one layer's weights.
  @Test func oneLayerAtATime() throws {
    let golden = try Golden("llama-tied")
    let streamed = try Model.stream(Golden.folder("llama-tied"), on: anyDevice)
    var held = 0
    let watched = try streamed.editing(
      Dictionary(
        uniqueKeysWithValues: (0..<4).map { layer in
          (
            ActivationPlace(.output, layer: layer),
            { value in
              held = max(held, streamed.weights.names.count { streamed.weights[$0] != nil })
              return value
            }
          )
        }))
    _ = try importance(watched, golden.windows("windows"))
    #expect(held == 9)
  }

  @Test func aMaskWorks() throws {
    let windows = try windows()
    let path = Golden.folder("llama-tied")
    let masked = try mask(Model.stream(path, on: anyDevice), heads: [(1, 2)], layers: [3])
    let wanted = try mask(Model.load(path, on: anyDevice), heads: [(1, 2)], layers: [3])
    #expect(try loss(masked, windows) == loss(wanted, windows))
  }

  @Test func refusals() throws {
    #expect(
      message { try Model.stream("no/such", on: anyDevice) }
        == "no/such: there is no such file or folder")
    #expect(
      message { try Model.stream(Golden.folder("llama-tied") + "/config.json", on: anyDevice) }
        != nil)
  }
}
