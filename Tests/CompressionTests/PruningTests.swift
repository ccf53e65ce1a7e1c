import Compression
import JSONFormat
import Models
import TestFixtures
import TestTools
import Testing

/// Pruned models against the same cut in PyTorch.
@Suite struct PruningTests {
  @Test func everyCutIsTried() throws {
    for name in Golden.names {
      let cuts = try #require(Golden(name).json["pruned"]?.object).keys
      #expect(Set(cuts) == Set(goldenCuts.filter { $0.model == name }.map(\.cut)))
    }
  }

  @Test(arguments: goldenCuts)
  func byImportance(model name: String, cut: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let scores = try importance(model, golden.windows("windows"))
    let request = PruningRequest(try #require(golden.json["pruned"]?[cut]?["sizes"]))
    let wanted = try golden.floats("pruned.\(cut).logits")
    let pruned = try prune(model, request, by: scores)
    let found = try pruned.logits(golden.ids(count: 1)).floats()
    #expect(maximumDifference(found, wanted) < 1e-4)
    #expect(pruned.name == name + "-pruned" && pruned.storedType == model.storedType)
    #expect(pruned.configuration.parameters == pruned.parameters)
    // The mask by the same rank gives the same logits, and cut it is the same model.
    let masked = try mask(model, request, by: scores)
    #expect(maximumDifference(try masked.logits(golden.ids(count: 1)).floats(), wanted) < 1e-4)
    #expect(try prune(masked, PruningRequest()).logits(golden.ids(count: 1)).floats() == found)
  }

  @Test(arguments: goldenCuts)
  func byIndices(model name: String, cut: String) throws {
    let golden = try Golden(name)
    let kept = try Kept(try #require(golden.json["pruned"]?[cut]?["keep"]))
    let masked = try kept.masked(golden.model())
    let wanted = try golden.floats("pruned.\(cut).logits")
    let pruned = try prune(masked, PruningRequest())
    #expect(maximumDifference(try pruned.logits(golden.ids(count: 1)).floats(), wanted) < 1e-4)
    #expect(maximumDifference(try masked.logits(golden.ids(count: 1)).floats(), wanted) < 1e-4)
  }

  @Test func theModelItselfStays() throws {
    let golden = try Golden("mistral")
    let model = try golden.model()
    let scores = try importance(model, golden.windows("windows"))
    let before = try model.logits(golden.ids()).floats()
    let pruned = try prune(model, PruningRequest(layers: .count(2)), by: scores)
    for weight in pruned.weights.all {
      #expect(!model.weights.all.contains { $0.region.buffer === weight.region.buffer })
    }
    #expect(try model.logits(golden.ids()).floats() == before)
  }

  @Test func droppedLayers() throws {
    let golden = try Golden("llama-tied")
    let model = try golden.model()
    let pruned = try prune(model, PruningRequest(drop: [2, 0]))
    #expect(pruned.architecture.layers == 2)
    let wanted = try mask(model, layers: [0, 2]).logits(golden.ids()).floats()
    #expect(maximumDifference(try pruned.logits(golden.ids()).floats(), wanted) < 1e-5)
  }

  /// Lists of one entry a layer in the configuration are cut with the layers.
  @Test func listsOfLayersAreCut() throws {
    let folder = try temporaryCopy(of: Golden.folder("llama-sharded"))
    let model = try Model.load(folder, on: anyDevice)
    var json = model.configuration.json
    json["layer_types"] = ["a", "b", "c", "d"]
    json["max_window_layers"] = 3
    let configuration = try Configuration(.object(json), file: "config.json")
    let edited = Model(
      name: "x", configuration: configuration, weights: model.weights, text: model.text,
      storedType: .f32, device: anyDevice)
    let pruned = try prune(edited, PruningRequest(drop: [1])).configuration.json
    #expect(pruned["layer_types"] == ["a", "c", "d"])
    #expect(pruned["max_window_layers"] == 2)
    #expect(pruned["num_hidden_layers"] == 3 && pruned["hidden_size"] == 36)
  }
}
