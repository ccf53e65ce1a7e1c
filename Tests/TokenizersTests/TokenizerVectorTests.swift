import JSONFormat
import Testing
import Tokenizers

/// Every id and every text that `tokenizers` gave, to the letter.
@Suite struct TokenizerVectorTests {
  @Test(arguments: TokenizerFixtures.names)
  func encodesAndDecodesAsHuggingFace(_ name: String) throws {
    let tokenizer = try TokenizerFixtures.tokenizer(name)
    let texts = try TokenizerFixtures.texts()
    let vectors = try TokenizerFixtures.vectors(name)
    try #require(texts.count > 30 && vectors.plain.count == texts.count)
    try #require(vectors.special.count == texts.count && vectors.decoded.count == texts.count)
    for (index, text) in texts.enumerated() {
      let plain = vectors.plain[index]
      let shown = text.debugDescription
      #expect(try tokenizer.encode(text, special: false) == plain, "\(shown)")
      #expect(try tokenizer.encode(text) == vectors.special[index] ?? plain, "\(shown)")
      let decoded = try tokenizer.decode(plain)
      #expect(sameBytes(decoded, vectors.decoded[index] ?? text), "\(shown)")
    }
  }

  @Test(arguments: TokenizerFixtures.names)
  func decodesAnyIDs(_ name: String) throws {
    let tokenizer = try TokenizerFixtures.tokenizer(name)
    let vectors = try TokenizerFixtures.vectors(name)
    try #require(vectors.ids.count == vectors.texts.count && !vectors.ids.isEmpty)
    for (ids, text) in zip(vectors.ids, vectors.texts) {
      #expect(sameBytes(try tokenizer.decode(ids), text), "\(ids)")
      var decoder = StreamingDecoder(tokenizer)
      var streamed = ""
      for id in ids { streamed += try decoder.append(id) }
      #expect(sameBytes(streamed + decoder.finish(), text), "\(ids)")
    }
  }

  @Test func mergesAreReadInBothSpellings() throws {
    let json = try TokenizerFixtures.json("smollm")
    var root = try #require(json.object)
    var model = try #require(root["model"]?.object)
    let pairs = try #require(model["merges"]?.array)
    model["merges"] = .array(
      try pairs.map { pair in
        let parts = try #require(pair.array)
        return .string(parts.compactMap(\.string).joined(separator: " "))
      })
    root["model"] = .object(model)
    let tokenizer = try Tokenizer(tokenizerJSON: .object(root), configuration: nil)
    let vectors = try TokenizerFixtures.vectors("smollm")
    for (text, ids) in zip(try TokenizerFixtures.texts(), vectors.plain) {
      #expect(try tokenizer.encode(text) == ids)
    }
  }
}
