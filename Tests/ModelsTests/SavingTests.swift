import Checkpoints
import Files
import JSONFormat
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

/// Saved models read back.
@Suite struct SavingTests {
  private func saved(_ model: Model, as type: StoredType? = nil) throws -> String {
    let folder = try temporaryFolder() + "/model"
    try model.save(to: folder, as: type)
    return folder
  }

  private func config(_ folder: String) throws -> JSONObject {
    let path = folder + "/config.json"
    return try #require(JSON(reading: MappedFile(path: path).withBytes(Array.init)).object)
  }

  @Test(arguments: Golden.names)
  func f32IsExact(_ name: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let folder = try saved(model)
    let again = try Model.load(folder, on: anyDevice)
    #expect(again.weights.names == model.weights.names)
    for name in model.weights.names {
      let (found, wanted) = (try #require(again.weights[name]), try #require(model.weights[name]))
      #expect(found.shape == wanted.shape)
      #expect(try found.floats() == wanted.floats(), "\(name)")
    }
    #expect(try again.logits(golden.ids()).floats() == model.logits(golden.ids()).floats())
    let file = try SafetensorsFile(path: folder + "/model.safetensors")
    #expect(file.metadata.map(\.key) == ["format"] && file.metadata.map(\.value) == ["pt"])
    #expect(model.savedBytes == file.tensors.reduce(0) { $0 + $1.byteCount })
  }

  /// Weights as they come out of a half type are what rounding to nearest even makes of them.
  @Test(arguments: [StoredType.bf16, .f16])
  func halfTypesRound(_ type: StoredType) throws {
    let model = try Golden("mistral").model()
    let folder = try saved(model, as: type)
    let again = try Model.load(folder, on: anyDevice)
    #expect(again.storedType == type)
    #expect(try config(folder)["dtype"]?.string == (type == .bf16 ? "bfloat16" : "float16"))
    for name in model.weights.names {
      let found = try #require(again.weights[name]).floats()
      let wanted = try #require(model.weights[name]).floats().map {
        type == .bf16 ? bf16($0) : f16($0)
      }
      #expect(found == wanted, "\(name)")
    }
    // The checkpoint's own type is kept from then on.
    let twice = try Model.load(saved(again), on: anyDevice)
    #expect(twice.storedType == type)
    #expect(twice.savedBytes == 2 * twice.parameters)
  }

  private func bf16(_ x: Float) -> Float {
    let bits = x.bitPattern
    return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
  }

  /// By arithmetic: 11 bits of mantissa above 2⁻¹⁴, multiples of 2⁻²⁴ below.
  private func f16(_ x: Float) -> Float {
    let unit = Float(sign: .plus, exponent: max(Int(x.exponent), -14) - 10, significand: 1)
    return (x / unit).rounded(.toNearestOrEven) * unit
  }

  @Test func aTiedHeadIsWrittenOnce() throws {
    let folder = try saved(Golden("llama-tied").model())
    let names = try SafetensorsFile(path: folder + "/model.safetensors").tensors.map(\.name)
    #expect(!names.contains("lm_head.weight"))
    #expect(names.filter { $0.contains("embed") } == ["model.embed_tokens.weight"])
    #expect(try config(folder)["tie_word_embeddings"]?.bool == true)
  }

  @Test(arguments: Golden.names)
  func theConfigurationIsKept(_ name: String) throws {
    let text = try edited(name) {
      $0["our_own_key"] = ["kept": [1, 2.5, .null]]
      $0["head_dim"] = .none
      if name == "llama-tied" { return }
      $0["head_dim"] = .int(try Golden(name).model().architecture.headDim)
    }
    let source = try temporaryCopy(of: Golden.folder(name))
    try replace("config.json", in: source, with: text)
    let model = try Model.load(source, on: anyDevice)
    let found = try config(saved(model))
    let wanted = try #require(JSON(reading: text).object)
    for (key, value) in wanted.members { #expect(found[key] == value, "\(key)") }
    #expect(found["head_dim"]?.int == model.architecture.headDim)
    // Only head_dim may be new, under whichever spelling of the rest.
    #expect(Set(found.keys).subtracting(wanted.keys).isSubset(of: ["head_dim"]))
  }

  @Test func aSavedCheckpointIsReplacedWhole() throws {
    let folder = try temporaryCopy(of: Golden.folder("llama-sharded"))
    try Golden("mistral").model().save(to: folder)
    let files = try namesInFolder(folder)
    #expect(files.contains("model.safetensors"))
    #expect(!files.contains { $0.contains("-of-") || $0.contains("index") })
    #expect(try Model.load(folder, on: anyDevice).architecture.headDim == 12)
  }

  /// A model that is still in its files may take their place.
  @Test func aModelIsSavedOverItself() throws {
    let golden = try Golden("llama-tied")
    let folder = try saved(golden.model())
    let model = try Model.load(folder, on: anyDevice)
    try model.save(to: folder, as: .bf16)
    #expect(try model.logits(golden.ids()).floats() == golden.model().logits(golden.ids()).floats())
    let again = try Model.load(folder, on: anyDevice)
    let weight = "model.layers.0.mlp.up_proj.weight"
    #expect(
      try again.weights[weight]?.floats() == model.weights[weight]?.floats().map { bf16($0) })
  }

  @Test func refusals() throws {
    let model = try Golden("mistral").model()
    let folder = try temporaryFolder()
    try replace("thesis.tex", in: folder, with: "years of work")
    #expect(
      message { try model.save(to: folder) }
        == "\(folder): holds 'thesis.tex', which is no part of a checkpoint; choose a folder of its "
        + "own for the model")
    #expect(try namesInFolder(folder) == ["thesis.tex"])
    #expect(
      message { try model.save(to: folder + "/thesis.tex") }
        == "\(folder)/thesis.tex: is a file; a model is saved as a folder")
    #expect(
      message { try model.save(to: folder + "/a/b") }
        == "\(folder)/a/b: cannot make the folder: no such file or directory")
    #expect(
      message { try model.save(to: folder + "/new", as: .q8_0) }
        == "weights are saved as f32, bf16 or f16, not q8_0")
    let view = try Model(masking: model, with: Mask(layers: model.architecture.layers))
    #expect(
      message { try view.save(to: folder + "/new") }
        == "save does not take a masked model: prune(model) cuts what is masked, unmask(model) is "
        + "the model without the mask")
    #expect(kind(ofFile: folder + "/new") == .missing)
  }
}
