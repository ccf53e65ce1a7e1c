import Checkpoints
import Compression
import Corpus
import JSONFormat
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

/// Scores are used for the model that they are of.
@Suite struct ScoredModelTests {
  private let golden: Golden
  private let model: Model
  private let scores: Importance
  private let request = PruningRequest(ffn: .count(20))

  init() throws {
    golden = try Golden("llama-tied")
    model = try golden.model()
    scores = try importance(model, golden.windows("windows"))
  }

  /// The same scores as another session would have them.
  private func saved() throws -> Importance {
    let path = try temporaryFolder() + "/scores.safetensors"
    try scores.save(to: path)
    return try #require(try Importance(SafetensorsFile(path: path)))
  }

  private func edit(_ model: Model) throws {
    let norm = try #require(model.weights["model.norm.weight"])
    try norm.setItem([.at(0)], to: Tensor.full([], 3, on: model.device))
  }

  @Test func whatIsSaved() throws {
    let again = try saved()
    #expect(again.identity == (try ModelIdentity(of: model)))
    #expect(again.identity?.name == "llama-tied")
    #expect(again.tokens == (try golden.windows("windows")).identity)
    #expect(again.precision == "f32")
  }

  @Test func anotherModelIsRefusedWithBothNames() throws {
    let other = try golden.model()
    other.name = "other"
    try edit(other)
    let text = "the scores are of llama-tied, not of other: score this model"
    let saved = try saved()
    for scores in [scores, saved] {
      #expect(message { try prune(other, request, by: scores) } == text)
      #expect(message { try mask(other, request, by: scores) } == text)
    }
    other.name = "llama-tied"
    let same = try #require(message { try prune(other, request, by: saved) })
    #expect(same.hasPrefix("the scores are of another llama-tied, whose weights are not those"))
    #expect(
      message { try prune(Golden("mistral").model(), request, by: saved) }
        == "the scores are of llama-tied, whose heads have shape [4, 6], not [3, 4]: score this "
        + "model")
  }

  @Test func theSameWeightsPass() throws {
    let saved = try saved()
    for test in testDeviceKinds {
      let again = try golden.model(on: test.device)
      again.name = "again"
      #expect(try prune(again, request, by: saved).architecture.ffn == 20, "\(test)")
    }
    #expect(try prune(model.copy(), request, by: saved).architecture.ffn == 20)
    let masked = try mask(model, heads: [(0, 1)])
    #expect(try mask(masked, request, by: saved).mask != nil)
  }

  /// Editing or training the scored model is the user's own affair; scores of a file know no
  /// session.
  @Test func theScoredModelItselfMayChange() throws {
    let saved = try saved()
    try edit(model)
    #expect(try prune(model, request, by: scores).architecture.ffn == 20)
    #expect(message { try prune(model, request, by: saved) } != nil)
  }

  /// Files of the first version name no weights: their sizes alone are checked.
  @Test func olderFilesAreTaken() throws {
    let folder = try temporaryFolder()
    try scores.save(to: folder + "/new.safetensors")
    let file = try SafetensorsFile(path: folder + "/new.safetensors")
    let metadata = try file.metadata.map { key, value in
      guard key == "sizes", var sizes = try JSON(reading: value).object else { return (key, value) }
      sizes["model"] = nil
      sizes["tokens"] = nil
      sizes["precision"] = nil
      return (key, JSON.object(sizes).text())
    }
    try writeSafetensors(
      folder + "/old.safetensors", file.tensors.map { WritableTensor(copying: $0) },
      metadata: metadata)
    let old = try #require(try Importance(SafetensorsFile(path: folder + "/old.safetensors")))
    #expect(old.identity == nil && old.windows == 5)
    try edit(model)
    #expect(try prune(model, request, by: old).architecture.ffn == 20)
    #expect(message { try prune(Golden("mistral").model(), request, by: old) } != nil)
  }
}
