import Checkpoints
import Files
import JSONFormat
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

/// Saved folders as Hugging Face's libraries read them; `PARE_PYTHON` names a Python that has them.
@Suite(.enabled(if: PythonOracle.hasTransformers)) struct TransformersTests {
  @Test(arguments: Golden.names)
  func savedFoldersOpen(_ name: String) throws {
    let golden = try Golden(name)
    let folder = try temporaryFolder() + "/model"
    try golden.model().save(to: folder)
    let ids = try golden.windows("ids")[0].map { Int($0) }
    let reading = try TransformersReading(folder, ids: ids)
    #expect(reading.complaints == [])
    let wanted = try golden.floats("logits").prefix(reading.logits.count)
    #expect(maximumDifference(reading.logits, Array(wanted)) < 1e-4)
  }

  /// What transformers does not read is written where it does: `kv_channels` as the head size, and
  /// `rope_percent` as the part of a head that turns.
  @Test func olderNemotronsOpen() throws {
    let source = try temporaryCopy(of: Golden.folder("nemotron"))
    try replace(
      "config.json", in: source,
      with: edited("nemotron") {
        $0["head_dim"] = .none
        $0["partial_rotary_factor"] = .none
        $0["rope_percent"] = 0.25
      })
    let model = try Model.load(source, on: anyDevice)
    #expect(model.architecture.headDim == 8 && model.architecture.rope?.fraction == 0.25)
    let folder = try temporaryFolder() + "/model"
    try model.save(to: folder)
    let reading = try TransformersReading(folder, ids: [5, 6, 7])
    #expect(reading.complaints == [])
    let ids = try Tensor([5, 6, 7] as [Int64], shape: [1, 3], on: anyDevice)
    #expect(maximumDifference(try model.logits(ids).floats(), reading.logits) < 1e-4)
  }

  @Test func savedHalfWeightsOpen() throws {
    let golden = try Golden("mistral")
    let folder = try temporaryFolder() + "/model"
    try golden.model().save(to: folder, as: .bf16)
    let reading = try TransformersReading(folder, ids: [5, 6, 7])
    #expect(reading.complaints == [])
    let model = try Model.load(folder, on: anyDevice)
    let ids = try Tensor([5, 6, 7] as [Int64], shape: [1, 3], on: anyDevice)
    #expect(maximumDifference(try model.logits(ids).floats(), reading.logits) < 1e-4)
  }

  /// A folder saved from a GGUF: `AutoTokenizer` gives our ids.
  private func expectOurIds(_ path: String, _ texts: [String]) throws {
    let model = try Model.load(path, on: anyDevice)
    let folder = try temporaryFolder() + "/model"
    try model.save(to: folder)
    let program = """
      import json, sys, warnings
      warnings.simplefilter("error")
      import transformers
      tokenizer = transformers.AutoTokenizer.from_pretrained(sys.argv[1])
      texts = json.load(open(sys.argv[2]))
      print(json.dumps([[tokenizer(t).input_ids, tokenizer.decode(tokenizer(t).input_ids)] for t in texts]))
      """
    let list = folder + "-texts.json"
    try writeFile(list) { try $0.write(JSON.array(texts.map { .string($0) }).text()) }
    let (status, output, errors) = try PythonOracle.run(program, [folder, list])
    #expect(status == 0, "\(errors)")
    let results = try #require(JSON(reading: output).array)
    #expect(results.count == texts.count)
    let tokenizer = try model.text.required()
    for (text, result) in zip(texts, results) {
      let wanted = try #require(result.array?.first?.array).compactMap(\.int)
      #expect(try tokenizer.encode(text) == wanted, "\(text)")
      let decoded = try tokenizer.decode(wanted)
      #expect(decoded.utf8.elementsEqual(try #require(result.array?.last?.string).utf8), "\(text)")
    }
  }

  @Test func aSmallTokenizerIsRead() throws {
    try expectOurIds(
      GGUFModelTests.path, ["the King", "a  12", "<|im_start|>in<|im_end|>\n", "it's 2 of 3!", ""])
  }

  @Test(.enabled(if: RealData.model != nil)) func theRealTokenizerIsRead() throws {
    try expectOurIds(try #require(RealData.model), Self.texts)
  }

  private static let texts = [
    "", " ", "  ", "   \n", "\n\n\n", "\t\tx\t", "a", "a  12", "1234567890", "3.14159 and 2,718",
    "x=1;y=22;z=333", "½ Ⅷ ٣ ²", "Hello, world!", "hello   world  ",
    "don't can't I'll we've they'd",
    "DON'T", "The quick brown fox jumps over the lazy dog.", "naïve café, Zürich, Łódź",
    "e\u{301} and \u{E9}", "日本語のテキスト", "한국어 텍스트", "Привет, мир", "שלום עולם", "مرحبا بالعالم",
    "हिन्दी पाठ", "ไทย", "👩‍👩‍👧‍👦 🇩🇪 👍🏽", "\u{200B}zero\u{200D}width\u{FEFF}", "a\u{A0}b\u{3000}c\u{2028}d",
    "line one\nline two\r\nline three\r", "def f(x):\n    return x ** 2  # square\n",
    "{\"key\": [1, 2.5, null]}", "<html>&amp;</html>", "C:\\path\\to\\file",
    "https://example.org/?q=1&r=2",
    "<|im_start|>user\nWhat is 2+2?<|im_end|>\n<|im_start|>assistant\n", "<|endoftext|>",
    "a<|endoftext|><|endoftext|>b", "<|im_start|", "<repo_name>x<file_sep>", "∑∫√∞ ≤ ≥ ≠",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "\u{0}\u{1}\u{7F}", "ﬁ ﬂ Å Å",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
  ]
}
