import Checkpoints
import Corpus
import Files
import Foundation
import JSONFormat
import TestTools
import Testing

/// Templates that are recognized, and what they print, against transformers.
@Suite struct ChatTemplateTests {
  private static func golden() throws -> JSON {
    try JSON(reading: MappedFile(path: fixturePath("chat.json")).withBytes(Array.init))
  }

  private static func conversations() throws -> [[ChatMessage]] {
    try #require(golden()["conversations"]?.array).map { conversation in
      try #require(conversation.array).map { message in
        let role = try #require(ChatMessage.Role(rawValue: message["role"]?.string ?? ""))
        return ChatMessage(role, try #require(message["content"]?.string))
      }
    }
  }

  private func rendered(_ template: ChatTemplate, _ messages: [ChatMessage]) -> String {
    template.pieces(of: messages, begin: "<s>").map(\.text).joined()
  }

  /// Of templates in the manner of models' own (Tests/Fixtures/chat.py).
  @Test(arguments: ["plain", "in loop", "before loop", "with tools", "llama 3"])
  func printsWhatTransformersPrints(_ name: String) throws {
    let entry = try #require(try Self.golden()["templates"]?[name])
    let template = try ChatTemplate(recognizing: try #require(entry["source"]?.string))
    let wanted = try #require(entry["rendered"]?.array).map(\.string)
    for (messages, wanted) in zip(try Self.conversations(), wanted) {
      #expect(rendered(template, messages) == wanted)
    }
  }

  /// Of each conversation the assistant's content and the end of its turn.
  @Test func learnsWhatTheAssistantSays() throws {
    let messages = [
      ChatMessage(.user, "1"), ChatMessage(.assistant, "one"), ChatMessage(.user, "2"),
      ChatMessage(.assistant, " two "),
    ]
    func learnt(_ template: ChatTemplate) -> [String] {
      template.pieces(of: messages, begin: "<s>").filter(\.isLearnt).map(\.text)
    }
    #expect(learnt(.chatML(system: "S")) == ["one<|im_end|>", " two <|im_end|>"])
    #expect(learnt(.llama3(date: nil)) == ["one<|eot_id|>", "two<|eot_id|>"])
    #expect(learnt(.llama3(date: "1 Jan 2000")) == ["one<|eot_id|>", "two<|eot_id|>"])
    let pieces = ChatTemplate.chatML(system: "S").pieces(of: messages, begin: "")
    #expect(pieces.map(\.isLearnt) == [false, true, false, true, false])
  }

  @Test(arguments: [
    ("{% for m in messages %}[INST]{{ m.content }}[/INST]{% endfor %}", "Mistral's or Llama 2's"),
    ("{{ bos_token }}<start_of_turn>user", "Gemma's"),
    ("{{ '<|im_start|>' + x + '<think>' }}", "one that writes thoughts"),
    ("{{ messages[0]", "one that begins with '{{ messages[0]'"),
    ("", "one that begins with ''"),
    (Self.plain("x"), Self.variant),
    (Self.plain("{{ bos_token }}"), Self.variant),
    (Self.plain("{% if system %}{{ 'a' }}{% endif %}"), Self.variant),
    (Self.plain("{% if tools %}{{ 'a' }}{% elif x %}{{ 'b' }}{% endif %}"), Self.variant),
    (Self.plain("{% if add_generation_prompt %}{% else %}{{ 'b' }}{% endif %}"), Self.variant),
    (Self.plain("{% endif %}"), Self.variant),
    (Self.plain("{% if tools %}"), Self.variant),
  ])
  func refusesOthersByName(_ template: String, _ name: String) {
    #expect {
      _ = try ChatTemplate(recognizing: template)
    } throws: {
      "\($0)".hasPrefix("the model's chat template is \(name)")
    }
  }

  private static let variant = "a variant of ChatML that does more than print turns"

  private static func plain(_ before: String) -> String {
    before + "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + "
      + "message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
  }

  @Test func plainIsNoVariant() throws {
    #expect(try ChatTemplate(recognizing: Self.plain("")) == .chatML(system: nil))
    let lines = Self.plain("").replacingOccurrences(of: "%}", with: "%}\r\n")
      .replacingOccurrences(of: "}}", with: "-}}").replacingOccurrences(
        of: "{% end", with: "{%- end")
    #expect(try ChatTemplate(recognizing: lines + "\r\n") == .chatML(system: nil))
  }

  /// Whatever a template is, reading it ends in a format or in a refusal.
  @Test func damagedTemplatesAreNoTraps() throws {
    let templates = try #require(try Self.golden()["templates"]?.object).members
    var recognized = 0
    for seed in 0..<4000 {
      let source = try #require(templates[seed % templates.count].value["source"]?.string)
      var mutator = FileMutator(seed: seed)
      let bytes = mutator.damagedBytes(Array(source.utf8), reach: .max)
      do {
        _ = try ChatTemplate(recognizing: String(decoding: bytes, as: UTF8.self))
        recognized += 1
      } catch is CorpusError {}
    }
    #expect((1..<2000).contains(recognized))
  }

  /// Prints, for each template file, what transformers makes of each conversation, null where the
  /// template refuses it. A date is given, since else the day's own is printed.
  private static let oracle = """
    import json, sys
    from transformers.utils.chat_template_utils import render_jinja_template
    conversations = json.load(open(sys.argv[1]))["conversations"]
    result = {}
    for path in sys.argv[2:]:
        texts = []
        for conversation in conversations:
            try:
                rendered, _ = render_jinja_template(
                    [conversation], chat_template=open(path, newline="").read(), bos_token="<s>",
                    date_string="26 Jul 2024", add_generation_prompt=False)
                texts.append(rendered[0])
            except Exception:
                texts.append(None)
        result[path] = texts
    print(json.dumps(result))
    """

  private func compare(_ paths: [String]) throws -> [String] {
    let conversations = try Self.conversations()
    let answer = try PythonOracle.run(Self.oracle, [fixturePath("chat.json")] + paths)
    try #require(answer.status == 0, "\(answer.errors)")
    let wanted = try JSON(reading: Array(answer.output.utf8))
    var known: [String] = []
    for path in paths {
      let source = String(
        decoding: try MappedFile(path: path).withBytes(Array.init), as: UTF8.self)
      guard let template = try? ChatTemplate(recognizing: source) else { continue }
      known.append((path as NSString).lastPathComponent)
      let texts = try #require(wanted[path]?.array)
      try #require(texts.count == conversations.count)
      for (messages, text) in zip(conversations, texts) {
        #expect(rendered(template, messages) == text.string, "\(path)")
      }
    }
    return known
  }

  /// All that llama.cpp keeps of models' templates: those that are recognized print the same.
  @Test(.enabled(if: RealData.llamaCpp != nil && PythonOracle.hasTransformers))
  func modelsOwnTemplates() throws {
    let folder = try #require(RealData.llamaCpp) + "/templates"
    let names = try namesInFolder(folder).filter { $0.hasSuffix(".jinja") }
    #expect(names.count > 50)
    let known = try compare(names.map { folder + "/" + $0 })
    #expect(
      known == [
        "MiMo-VL.jinja", "Qwen-Qwen2.5-7B-Instruct.jinja", "meta-llama-Llama-3.1-8B-Instruct.jinja",
        "meta-llama-Llama-3.2-3B-Instruct.jinja", "meta-llama-Llama-3.3-70B-Instruct.jinja",
      ])
  }

  @Test(.enabled(if: RealData.model != nil && PythonOracle.hasTransformers))
  func smolLM2sOwnTemplate() throws {
    let file = try GGUFFile(path: try #require(RealData.model))
    let source = try #require(file["tokenizer.chat_template"]?.string)
    let path = try temporaryFolder() + "/smollm2.jinja"
    try writeFile(path) { try $0.write(source) }
    #expect(try compare([path]) == ["smollm2.jinja"])
    #expect(
      try ChatTemplate(recognizing: source)
        == .chatML(
          system: "You are a helpful AI assistant named SmolLM, trained by Hugging Face"))
  }
}
