import JSONFormat
import Testing
import Tokenizers

@Suite struct GGUFVocabularyTests {
  /// What a GGUF made of a fixture's tokenizer.json would hold.
  static func vocabulary(_ name: String, pre: String) throws -> GGUFVocabulary {
    let json = try TokenizerFixtures.json(name)
    var spellings: [Int: String] = [:]
    var types: [Int: Int] = [:]
    for (spelling, id) in json["model"]?["vocab"]?.object?.members ?? [] {
      spellings[try #require(id.int)] = spelling
    }
    for token in json["added_tokens"]?.array ?? [] {
      let id = try #require(token["id"]?.int)
      spellings[id] = token["content"]?.string
      types[id] = token["special"]?.bool == true ? 3 : 4
    }
    let merges = try (json["model"]?["merges"]?.array ?? []).map { merge in
      let pair = try #require(merge.array)
      return Array(pair.compactMap(\.string).joined(separator: " ").utf8)
    }
    let ids = spellings.keys.sorted()
    return GGUFVocabulary(
      model: "gpt2", pre: pre, tokens: try ids.map { Array(try #require(spellings[$0]).utf8) },
      merges: merges, tokenTypes: ids.map { types[$0] ?? 1 })
  }

  @Test(arguments: [
    ("smollm", "smollm"), ("gpt2", "gpt-2"), ("qwen2", "qwen2"), ("tekken", "tekken"),
    ("llama3", "llama-bpe"),
  ])
  func givesTheIDsOfTheTokenizerItWasMadeOf(_ name: String, _ pre: String) throws {
    var vocabulary = try Self.vocabulary(name, pre: pre)
    let original = try TokenizerFixtures.tokenizer(name)
    if name == "llama3" {
      vocabulary.beginToken = original.id(ofToken: "<|endoftext|>")
      vocabulary.endToken = original.id(ofToken: "<|im_end|>")
      vocabulary.addsEndToken = true  // the begin token is this split's own habit
    }
    let tokenizer = try Tokenizer(gguf: vocabulary)
    #expect(tokenizer.vocabularySize == original.vocabularySize)
    let files = tokenizer.huggingFaceFiles()
    let written = try JSON(reading: files.tokenizer.text(indent: 2))
    let again = try Tokenizer(tokenizerJSON: written, configuration: files.configuration)
    let vectors = try TokenizerFixtures.vectors(name)
    for (index, text) in try TokenizerFixtures.texts().enumerated() {
      let expected = vectors.special[index] ?? vectors.plain[index]
      #expect(try tokenizer.encode(text) == expected, "\(text.debugDescription)")
      #expect(try again.encode(text) == expected, "\(text.debugDescription)")
      #expect(try tokenizer.encode(text, special: false) == vectors.plain[index])
    }
    for (ids, text) in zip(vectors.ids, vectors.texts) {
      #expect(sameBytes(try tokenizer.decode(ids), text))
    }
  }

  @Test func keepsWhatTheConfigurationSays() throws {
    var vocabulary = try Self.vocabulary("smollm", pre: "smollm")
    vocabulary.beginToken = 0
    vocabulary.endToken = 1
    vocabulary.endOfTurnToken = 2
    vocabulary.unknownToken = 0
    vocabulary.paddingToken = 1
    vocabulary.chatTemplate = "{{ messages }}"
    vocabulary.contextLength = 8192
    let tokenizer = try Tokenizer(gguf: vocabulary)
    #expect(tokenizer.beginToken == 0)
    #expect(tokenizer.endTokens == [1, 2])
    #expect(tokenizer.chatTemplate == "{{ messages }}")
    let configuration = tokenizer.huggingFaceFiles().configuration
    #expect(configuration["model_max_length"]?.int == 8192)
    #expect(configuration["chat_template"]?.string == "{{ messages }}")
    #expect(configuration["tokenizer_class"]?.string == "PreTrainedTokenizerFast")
    #expect(configuration["bos_token"]?.string == "<|endoftext|>")
    #expect(configuration["pad_token"]?.string == configuration["eos_token"]?.string)
  }

  @Test func faultsAreNamed() throws {
    let sound = try Self.vocabulary("smollm", pre: "smollm")
    func message(_ change: (inout GGUFVocabulary) -> Void) -> String {
      var vocabulary = sound
      change(&vocabulary)
      do {
        _ = try Tokenizer(gguf: vocabulary)
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(message { _ in } == "no error")
    #expect(message { $0.model = "llama" }.contains("tokenizer.ggml.model is \"llama\""))
    #expect(message { $0.pre = "wild" }.contains("\"wild\" is none of smollm, gpt-2"))
    #expect(message { $0.pre = nil }.contains("does not say how text is split"))
    #expect(message { $0.tokens = [] }.contains("token"))
    #expect(message { $0.tokens[9] = [0xFF] }.contains("tokens[9]: is not UTF-8"))
    #expect(message { $0.tokens[9] = $0.tokens[8] }.contains("is token 8 already"))
    #expect(message { $0.merges[0] = [0xFF] }.contains("merges[0]: is not UTF-8"))
    #expect(message { $0.merges[3] = Array("a".utf8) }.contains("model.merges[3]: should be"))
    #expect(message { $0.tokenTypes.removeLast() }.contains("types for"))
    #expect(message { $0.beginToken = 100_000 }.contains("bos_token_id: 100000 is none of"))
    #expect(message { $0.endToken = -1 }.contains("eos_token_id: -1 is none of"))
  }
}
