import JSONFormat
import Testing
import Tokenizers

/// Files that lie, and kinds of tokenizer that are not read: each ends in a sentence that says so.
@Suite struct TokenizerErrorTests {
  static let byteLevel: JSON = [
    "type": "ByteLevel", "add_prefix_space": false, "use_regex": true,
  ]

  static func file(
    vocab: JSON = ["a": 0, "b": 1, "ab": 2], merges: JSON = ["a b"], added: JSON = [],
    pre: JSON? = nil, normalizer: JSON = .null, post: JSON = .null, decoder: JSON? = nil,
    model: [(String, JSON)] = []
  ) -> JSON {
    var members = JSONObject([("type", "BPE"), ("vocab", vocab), ("merges", merges)])
    for (key, value) in model { members[key] = value }
    return [
      "added_tokens": added, "normalizer": normalizer, "pre_tokenizer": pre ?? byteLevel,
      "post_processor": post, "decoder": decoder ?? byteLevel, "model": .object(members),
    ]
  }

  static let long = String(repeating: "a", count: 20_000)

  static func message(_ file: JSON) -> String {
    do {
      _ = try Tokenizer(tokenizerJSON: file, configuration: nil)
      return "no error"
    } catch { return "\(error)" }
  }

  static func token(_ id: JSON, _ content: JSON) -> JSON {
    ["id": id, "content": content, "special": true, "normalized": false]
  }

  static func split(_ pattern: JSON, behavior: JSON = "Isolated") -> JSON {
    let step: JSON = ["type": "Split", "pattern": pattern, "behavior": behavior, "invert": false]
    return ["type": "Sequence", "pretokenizers": [step, byteLevel]]
  }

  @Test func theSoundFileIsRead() throws {
    let tokenizer = try Tokenizer(tokenizerJSON: Self.file(), configuration: nil)
    #expect(try tokenizer.encode("abba") == [2, 1, 0])
    #expect(tokenizer.endTokens == [] && tokenizer.beginToken == nil)
  }

  @Test(
    arguments: [
      ("holds no token", file(vocab: [:], merges: [])),
      ("model.vocab: should be an object", file(vocab: [1, 2])),
      ("model.vocab: should be an object", file(vocab: .null)),
      ("the id of \"b\" should be an integer from 0 to 1", file(vocab: ["a": 0, "b": 7])),
      ("the id of \"b\" should be", file(vocab: ["a": 0, "b": -1])),
      ("the id of \"b\" should be", file(vocab: ["a": 0, "b": 1e300])),
      ("the id of \"b\" should be", file(vocab: ["a": 0, "b": .int(.max)])),
      ("the id of \"b\" should be", file(vocab: ["a": 0, "b": "1"])),
      ("\"b\" has the id 0 of another token", file(vocab: ["a": 0, "b": 0])),
      ("model.merges: should be an array", file(merges: "a b")),
      ("model.merges[0]: should be", file(merges: [7])),
      ("model.merges[0]: should be", file(merges: ["a b c"])),
      ("model.merges[0]: should be", file(merges: [["a"]])),
      ("model.merges[0]: the vocabulary has no token \"c\"", file(merges: ["a c"])),
      ("model.merges[0]: the vocabulary has no token \"ba\"", file(merges: [["b", "a"]])),
      ("added_tokens[0].id: should be a token id", file(added: [token(-1, "x")])),
      ("added_tokens[0].id: should be a token id", file(added: [token(.int(.max), "x")])),
      ("has the id 9 where the next free one is 3", file(added: [token(9, "x")])),
      ("has the id 3 where model.vocab says 0", file(added: [token(3, "a")])),
      ("\"x\" appears twice", file(added: [token(3, "x"), token(4, "x")])),
      ("added_tokens[0].content: should be a string", file(added: [token(3, 5)])),
      ("added_tokens: should be an array", file(added: 3)),
      ("not supported: its model is Unigram", file(model: [("type", "Unigram")])),
      ("not supported: its model falls back to bytes", file(model: [("byte_fallback", true)])),
      ("not supported: its merges drop out", file(model: [("dropout", 0.1)])),
      ("prefix or suffix", file(model: [("end_of_word_suffix", "</w>")])),
      ("model.unk_token: the vocabulary has no \"u\"", file(model: [("unk_token", "u")])),
      ("model.ignore_merges: should be true or false", file(model: [("ignore_merges", 1)])),
      ("pre-tokenizer Metaspace", file(pre: ["type": "Metaspace"])),
      ("not byte-level", file(pre: ["type": "Sequence", "pretokenizers": []])),
      ("pre_tokenizer.type: should be a string", file(pre: [:])),
      ("normalizer Lowercase", file(normalizer: ["type": "Lowercase"])),
      ("post-processor BertProcessing", file(post: ["type": "BertProcessing"])),
      ("decoder WordPiece", file(decoder: ["type": "WordPiece"])),
      ("is no pattern", file(pre: split(["Regex": "a)"]))),
      ("is no pattern", file(pre: split(["Regex": "(a"]))),
      ("is no pattern", file(pre: split(["Regex": "\\p{Nonsense}"]))),
      ("a class inside a class", file(pre: split(["Regex": "[a[b]]"]))),
      ("an intersection of classes", file(pre: split(["Regex": "[a-z&&[^b]]"]))),
      ("an interval followed by", file(pre: split(["Regex": "\\p{N}{1,3}+"]))),
      ("uses the group (?m:", file(pre: split(["Regex": "(?m:a)"]))),
      ("uses \\h", file(pre: split(["Regex": "\\h"]))),
      ("an empty pattern", file(pre: split(["String": ""]))),
      ("is no behavior", file(pre: split(["String": "a"], behavior: "Odd"))),
      ("longer than 10000 bytes", file(pre: split(["Regex": .string(long)]))),
      ("it has no \"model\"", ["vocab": [:]]),
      ("it has no \"model\"", [1, 2]),
    ] as [(String, JSON)])
  func faultsAreNamed(_ expected: String, _ file: JSON) {
    let message = Self.message(file)
    #expect(message.contains(expected), "\(message)")
  }

  @Test func templatesNameTokensThatExist() {
    func template(_ single: JSON, ids: JSON) -> JSON {
      Self.file(post: [
        "type": "TemplateProcessing", "single": single,
        "special_tokens": ["a": ["id": "a", "ids": ids, "tokens": ["a"]]],
      ])
    }
    let text: JSON = ["Sequence": ["id": "A", "type_id": 0]]
    let special: JSON = ["SpecialToken": ["id": "a", "type_id": 0]]
    #expect(Self.message(template([special, text], ids: [0])) == "no error")
    #expect(Self.message(template([special, text], ids: [3])).contains("there is no token 3"))
    #expect(Self.message(template([special], ids: [0])).contains("leaves out the text"))
    #expect(Self.message(template([text, text], ids: [0])).contains("hold it once"))
    #expect(Self.message(template([["X": 1]], ids: [0])).contains("should be a string"))
  }

  @Test func idsOutsideTheVocabularyAreRefused() throws {
    let tokenizer = try Tokenizer(tokenizerJSON: Self.file(), configuration: nil)
    for id in [-1, 3, Int.max, Int.min] {
      #expect(throws: TokenizerError.idOutOfRange(id: id, vocabularySize: 3)) {
        try tokenizer.decode([0, id])
      }
      #expect(tokenizer.token(id) == nil)
    }
    #expect(tokenizer.token(2) == Array("ab".utf8))
    #expect(tokenizer.id(ofToken: "ab") == 2)
    #expect(tokenizer.id(ofToken: "ba") == nil)
  }

  /// Patterns that would take longer than the universe lasts.
  @Test(arguments: ["(a+)+$", "(a|aa)+c", "(?:a*)*c", "a*a*a*a*a*a*a*a*c", "(?=(a+)+b)"])
  func catastrophicPatternsEnd(_ pattern: String) throws {
    let tokenizer = try Tokenizer(
      tokenizerJSON: Self.file(pre: Self.split(["Regex": .string(pattern)])), configuration: nil)
    do {
      let ids = try tokenizer.encode(String(repeating: "a", count: 5000) + "bcb")
      #expect(ids.count > 1)
    } catch let error as TokenizerError {
      #expect("\(error)".contains("takes too many steps"))
    }
  }

  @Test func pollStopsTheWork() throws {
    struct Stop: Error {}
    let tokenizer = try TokenizerFixtures.tokenizer("smollm")
    let words = String(repeating: "word 1 ", count: 20_000)
    for text in [words, String(repeating: "the", count: 20_000)] {
      var calls = 0
      #expect(throws: Stop.self) {
        _ = try tokenizer.encode(text) {
          calls += 1
          if calls == 2 { throw Stop() }
        }
      }
      #expect(calls == 2)
    }
  }
}
