import Checkpoints
import Files
import JSONFormat
import Models
import TestFixtures
import TestTools
import Testing

/// Models out of a GGUF: llama-tied as llama.cpp's converter would write it, made by
/// Tests/Fixtures/gguf_model.py.
@Suite struct GGUFModelTests {
  static let path = fixturePath("models/llama-tied.gguf")

  @Test(arguments: testDevices)
  func hasTheLogitsOfTheFolder(_ test: TestDevice) throws {
    let golden = try Golden("llama-tied")
    let model = try Model.load(Self.path, on: test.device)
    #expect(model.name == "llama-tied" && model.storedType == .f32)
    let found = try model.logits(golden.ids(on: test.device)).floats()
    let folder = try golden.model(on: test.device).logits(golden.ids(on: test.device)).floats()
    #expect(found == folder)
    #expect(maximumDifference(found, try golden.floats("logits")) < 1e-4)
  }

  @Test func hasTheConfigurationOfTheFolder() throws {
    let found = try Model.configuration(at: Self.path)
    #expect(found.architecture == (try Golden("llama-tied").model().architecture))
    #expect(found.json["rope_theta"]?.double == 500)
    #expect(found.json["rms_norm_eps"]?.double == 1e-5)
    #expect(found.json["eos_token_id"]?.int == 2)
  }

  @Test func tokenizesAsHuggingFaceDoes() throws {
    let tokenizer = try Model.load(Self.path, on: anyDevice).text.required()
    let path = Self.path + ".json"
    let cases = try JSON(reading: MappedFile(path: path).withBytes(Array.init)).array ?? []
    #expect(cases.count > 10)
    for item in cases {
      let text = try #require(item["text"]?.string)
      let wanted = try #require(item["ids"]?.array).compactMap(\.int)
      #expect(try tokenizer.encode(text) == wanted, "\(text)")
      #expect(try tokenizer.decode(wanted) == text)
    }
  }

  /// A folder made of it has the tokenizer's files and loads to the same model.
  @Test func savesAsAFolder() throws {
    let golden = try Golden("llama-tied")
    let model = try Model.load(Self.path, on: anyDevice)
    let folder = try temporaryFolder() + "/model"
    try model.save(to: folder)
    #expect(
      try namesInFolder(folder) == [
        "config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
        "tokenizer_config.json",
      ])
    let again = try Model.load(folder, on: anyDevice)
    #expect(again.architecture == model.architecture)
    #expect(try again.logits(golden.ids()).floats() == model.logits(golden.ids()).floats())
    let text = "the King<|im_end|> 42"
    #expect(try again.text.required().encode(text) == model.text.required().encode(text))
  }

  /// Anything but a Llama is refused by name.
  @Test func otherArchitecturesAreRefused() throws {
    var bytes = try MappedFile(path: Self.path).withBytes(Array.init)
    let place = try #require(
      bytes.indices.first { bytes[$0...].starts(with: Array("general.architecture".utf8)) })
    // The key, a u32 type and a u64 length stand before the value.
    let value = place + 20 + 4 + 8
    #expect(Array(bytes[value..<value + 5]) == Array("llama".utf8))
    bytes.replaceSubrange(value..<value + 5, with: Array("gemma".utf8))
    let path = try temporaryFolder() + "/gemma.gguf"
    try writeFile(path) { try $0.write(bytes) }
    #expect(
      message { try Model.load(path, on: anyDevice) }
        == "\(path): general.architecture: is \"gemma\", which is not supported; llama is")
  }
}
