import Checkpoints
import Kernels
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

@Suite struct ModelIdentityTests {
  @Test func itIsTheSameOnEveryDevice() throws {
    let wanted = try ModelIdentity(of: Golden("llama-tied").model())
    for test in testDevices {
      let found = try ModelIdentity(of: Golden("llama-tied").model(on: test.device))
      #expect(found.fingerprint == wanted.fingerprint, "\(test)")
    }
    #expect(wanted.name == "llama-tied" && wanted.fingerprint.count == 16)
  }

  @Test(arguments: ["llama-tied", "llama-bf16", "llama-tied.gguf"])
  func itOutlivesSaving(_ name: String) throws {
    let model = try Model.load(Golden.folder(name), on: anyDevice)
    let folder = try temporaryFolder() + "/saved"
    try model.save(to: folder)
    let again = try Model.load(folder, on: anyDevice)
    #expect(try ModelIdentity(of: again) == ModelIdentity(of: model))
  }

  @Test func modelsDiffer() throws {
    let all = try Golden.names.map { try ModelIdentity(of: Golden($0).model()).fingerprint }
    #expect(Set(all).count == all.count)
    // Shards hold the same weights as one file.
    let sharded = try Model.load(Golden.folder("llama-sharded"), on: anyDevice)
    #expect(try ModelIdentity(of: sharded).fingerprint == all[0])
  }

  @Test func anEditOfASampledElementShows() throws {
    let model = try Golden("llama-tied").model()
    let before = try ModelIdentity(of: model)
    model.name = "renamed"
    #expect(try ModelIdentity(of: model) == before)
    let norm = try #require(model.weights["model.norm.weight"])
    try norm.setItem([.at(-1)], to: Tensor.full([], 7, on: model.device))
    #expect(try ModelIdentity(of: model) != before)
  }

  @Test func itIsKeptAsJSON() throws {
    let identity = try ModelIdentity(of: Golden("mistral").model())
    let again = try #require(ModelIdentity(identity.json))
    #expect(again == identity && again.name == "mistral")
    #expect(ModelIdentity("mistral") == nil)
  }
}
