import Corpus
import Files
import JSONFormat
import Models
import TestFixtures
import TestTools
import Testing
import Tokenizers

/// Instruction data: lines, ids, and windows of them.
@Suite struct InstructionTests {
  private static let chatML =
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + "
    + "'<|im_end|>' + '\\n' }}{% endfor %}"

  /// SmolLM's fixture with an end token and a template; `begin` puts a token before every text.
  private func tokenizer(
    template: String? = Self.chatML, end: String? = "<|im_end|>", begin: String? = nil
  ) throws -> Tokenizer {
    let path = fixturePath("Tokenizers/smollm.json")
    var json = try #require(JSON(reading: MappedFile(path: path).withBytes(Array.init)).object)
    var settings = JSONObject()
    if let template { settings["chat_template"] = .string(template) }
    if let end { settings["eos_token"] = .string(end) }
    if let begin {
      json["post_processor"] = [
        "type": "TemplateProcessing",
        "single": [
          ["SpecialToken": ["id": .string(begin), "type_id": 0]],
          ["Sequence": ["id": "A", "type_id": 0]],
        ],
        "special_tokens": .object(
          JSONObject([
            (key: begin, value: ["id": .string(begin), "ids": [0], "tokens": [.string(begin)]])
          ])),
      ]
    }
    return try Tokenizer(tokenizerJSON: .object(json), configuration: .object(settings))
  }

  private func file(_ lines: String...) throws -> String {
    let path = try temporaryFolder() + "/data.jsonl"
    try writeFile(path) { try $0.write(lines.joined(separator: "\n")) }
    return path
  }

  @Test func linesOfEachKind() throws {
    let completions = try file(
      #"{"prompt": "a", "completion": "b", "id": 3}"#, "",
      #"{"completion": "d", "prompt": "", "messages": null}"#)
    #expect(
      try TextSource(completions).content()
        == .examples([
          .completion(prompt: "a", completion: "b"), .completion(prompt: "", completion: "d"),
        ]))
    #expect {
      _ = try TextSource(completions).read()
    } throws: { "\($0)".contains("instruction data is no text") }
    let turns = #"[{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]"#
    let messages = try file(#"{"messages": \#(turns), "prompt": "x"}"#)
    #expect(
      try TextSource(messages).content()
        == .examples([.conversation([ChatMessage(.user, "x"), ChatMessage(.assistant, "y")])]))
    let texts = try file(#"{"text": "t", "prompt": "a", "completion": "b"}"#)
    #expect(try TextSource(texts).content() == .text("t"))
  }

  @Test(arguments: [
    (
      [#"{"prompt": "a", "completion": "b"}"#, #"{"text": "t"}"#],
      "line 2 has text, where the lines before have prompt and completion"
    ),
    (
      [#"{"text": "t"}"#, "", #"{"messages": [{"role": "user", "content": ""}]}"#],
      "line 3 has messages, where the lines before have text"
    ),
    (
      [#"{"prompt": "a"}"#],
      "line 1 has no string \"text\", no strings \"prompt\" and \"completion\", no \"messages\""
    ),
    ([#"{"messages": []}"#], "line 1: \"messages\" is no list of at least one message"),
    (
      [#"{"messages": [{"role": "user"}]}"#],
      "line 1: messages[0] has no strings \"role\" and \"content\""
    ),
    (
      [#"{"messages": [{"role": "tool", "content": "x"}]}"#],
      "line 1: messages[0] has the role \"tool\"; system, user and assistant are known"
    ),
  ])
  func linesThatAreWrong(_ lines: [String], _ reason: String) throws {
    let path = try file(lines.joined(separator: "\n"))
    #expect(message { try TextSource(path).content() } == "\(path): \(reason)")
  }

  /// "hel" and "lo" stay apart though their text together is fewer tokens.
  @Test func promptAndCompletionAreEncodedApart() throws {
    let tokenizer = try tokenizer(begin: "<|endoftext|>")
    let end = try #require(tokenizer.id(ofToken: "<|im_end|>"))
    func plain(_ text: String) throws -> [Int] { try tokenizer.encode(text, special: false) }
    let (prompt, completion) = ("What is th", "e time?")
    let stream = try InstructionStream(
      [
        .completion(prompt: prompt, completion: completion),
        .completion(prompt: "", completion: "a"),
      ],
      tokenizer: tokenizer)
    let (first, second) = (try plain(prompt), try plain(completion))
    #expect(first + second != (try plain(prompt + completion)))
    #expect(stream.ids == [0] + first + second + [end, 0] + (try plain("a")) + [end])
    let learnt = [Bool](repeating: false, count: 1 + first.count)
    #expect(
      stream.isLearnt == learnt + [Bool](repeating: true, count: second.count + 1)
        + [false, true, true])
  }

  @Test func conversationsAreTheTemplatesTokensAlone() throws {
    let tokenizer = try tokenizer(begin: "<|endoftext|>")
    let stream = try InstructionStream(
      [
        .conversation([ChatMessage(.user, "Two?"), ChatMessage(.assistant, "Yes, 2.")]),
        .conversation([ChatMessage(.user, "b")]),
      ], tokenizer: tokenizer)
    #expect(
      try tokenizer.decode(stream.ids)
        == "<|im_start|>user\nTwo?<|im_end|>\n<|im_start|>assistant\nYes, 2.<|im_end|>\n"
        + "<|im_start|>user\nb<|im_end|>\n")
    let learnt = zip(stream.ids, stream.isLearnt).filter(\.1).map(\.0)
    #expect(try tokenizer.decode(learnt) == "Yes, 2.<|im_end|>")
  }

  @Test func whatATokenizerLacks() throws {
    let completion = [InstructionExample.completion(prompt: "a", completion: "b")]
    let withoutEnd = try tokenizer(end: nil)
    #expect(
      message { try InstructionStream(completion, tokenizer: withoutEnd) }
        == "a completion ends with the end token, and this tokenizer names none (eos_token)")
    let conversation = [InstructionExample.conversation([ChatMessage(.user, "a")])]
    let withoutTemplate = try tokenizer(template: nil)
    #expect(
      message { try InstructionStream(conversation, tokenizer: withoutTemplate) }?
        .hasPrefix("messages need the model's chat template, and its tokenizer has none") == true)
    let another = try tokenizer(template: "[INST]")
    #expect(
      message { try InstructionStream(conversation, tokenizer: another) }?
        .hasPrefix("the model's chat template is Mistral's or Llama 2's") == true)
  }

  /// transformers keeps a template in the settings, as one of several there, or in its own file.
  @Test func whereATemplateIsKept() throws {
    let json = try JSON(
      reading: MappedFile(path: fixturePath("Tokenizers/smollm.json")).withBytes(Array.init))
    let named: JSON = [
      "chat_template": [
        ["name": "rag", "template": "no"], ["name": "default", "template": "yes"],
      ]
    ]
    #expect(try Tokenizer(tokenizerJSON: json, configuration: named).chatTemplate == "yes")
    let folder = try temporaryFolder() + "/model"
    try Model.load(fixturePath("models/llama-tied.gguf"), on: anyDevice).save(to: folder)
    #expect(try Model.load(folder, on: anyDevice).text.required().chatTemplate == nil)
    try writeFile(folder + "/chat_template.jinja") { try $0.write(Self.chatML) }
    #expect(try Model.load(folder, on: anyDevice).text.required().chatTemplate == Self.chatML)
  }

  /// Windows of four: the first has a learnt id only at its start, which is no target.
  @Test func windowsWithoutATargetAreDropped() throws {
    let tokenizer = try tokenizer()
    let digits = { (count: Int) in String(repeating: "7", count: count) }
    // Each digit is a token: 3 + 2 learnt, 9 + 3 learnt (with the end tokens).
    let stream = try InstructionStream(
      [
        .completion(prompt: digits(3), completion: digits(1)),
        .completion(prompt: digits(9), completion: digits(2)),
      ], tokenizer: tokenizer)
    #expect(stream.ids.count == 17)
    let windows = try WindowSelection(length: 4).windows(of: stream)
    #expect(windows.count == 2)
    #expect(windows.learnt == [false, false, false, true, false, false, true, true])
    #expect((0..<2).map { windows.counted($0) } == [1, 2] && windows.counted(0..<2) == 3)
    #expect(try WindowSelection(length: 4, skip: 1).windows(of: stream) == windows.selecting([1]))
    let (first, second) = try windows.split(0.5)
    #expect(first == windows.selecting([0]) && second.learnt == [false, false, true, true])
    #expect(
      message { try WindowSelection(length: 4, samples: 3).windows(of: stream) }
        == "there are 2 windows of 4 tokens; skip 0 leaves 2, but 3 are asked for")
    #expect(
      message { try WindowSelection(length: 18).windows(of: stream) }
        == "the text has 17 tokens, too few for one window of 18; give a smaller length")
    let silent = try InstructionStream(
      [.conversation([ChatMessage(.user, digits(9))])], tokenizer: tokenizer)
    #expect(
      message { try WindowSelection(length: 8).windows(of: silent) }?
        .hasSuffix("windows of 8 tokens holds a token to learn") == true)
  }
}
