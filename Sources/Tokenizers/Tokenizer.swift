import JSONFormat

/// A byte-level byte-pair tokenizer that gives the ids of Hugging Face's `tokenizers`.
///
/// A text goes through the steps of `tokenizer.json`: added tokens are cut out, the rest is
/// normalized, split into words and merged, pair by pair, into tokens; special tokens go around the
/// result.
public final class Tokenizer: Sendable {
  /// The files it was made of, or that were made for it.
  let files: (tokenizer: JSON, configuration: JSON)
  private let model: BytePairModel
  private let normalizer: Normalizer
  private let steps: [SplitStep]
  private let added: AddedVocabulary
  private let postProcessor: PostProcessor

  /// The number of token ids, which are 0 to this less one.
  public let vocabularySize: Int
  /// The id of the configuration's `bos_token`, nil where it names none.
  public let beginToken: Int?
  /// The ids after which a text is complete: the configuration's `eos_token`, and what a GGUF names
  /// beside it.
  public let endTokens: [Int]
  /// The Jinja template of a chat, carried and not run.
  public let chatTemplate: String?

  /// Reads the content of `tokenizer.json` and, where there is one, of `tokenizer_config.json`.
  /// - Throws: `TokenizerError`: unsupported for a tokenizer that is not byte-level byte-pair
  ///   encoding, invalid where a file contradicts itself.
  public convenience init(tokenizerJSON: JSON, configuration: JSON?) throws {
    try self.init(tokenizerJSON: tokenizerJSON, configuration: configuration, furtherEndTokens: [])
  }

  init(tokenizerJSON: JSON, configuration: JSON?, furtherEndTokens: [Int]) throws {
    let root = Field(path: "", value: tokenizerJSON)
    guard root["model"].isPresent else { throw root.fault("it has no \"model\"") }
    files = (tokenizerJSON, configuration ?? .object(JSONObject()))
    model = try BytePairModel(root["model"])
    normalizer = try Normalizer(root["normalizer"])
    steps = try SplitStep.steps(root["pre_tokenizer"])
    added = try AddedVocabulary(
      root["added_tokens"], vocabulary: model.vocabulary, normalizer: normalizer)
    vocabularySize = model.vocabulary.count + added.newTokens.count
    postProcessor = try PostProcessor(root["post_processor"], vocabularySize: vocabularySize)
    try Self.checkDecoder(root["decoder"])

    let settings = Field(path: "tokenizer_config.json", value: configuration)
    let (model, added) = (model, added)
    func named(_ key: String) -> Int? {
      let token = settings[key]
      guard let name = token.value?.string ?? token["content"].value?.string else { return nil }
      return added.id(ofContent: name) ?? model.vocabulary.id(ofSpelling: name)
    }
    beginToken = named("bos_token")
    let end = named("eos_token").map { [$0] } ?? []
    endTokens = end + furtherEndTokens.filter { !end.contains($0) }
    chatTemplate = Self.chatTemplate(settings["chat_template"].value)
  }

  /// A template alone, or the one called `default` of several.
  private static func chatTemplate(_ value: JSON?) -> String? {
    value?.string
      ?? value?.array?.first { $0["name"]?.string == "default" }?["template"]?.string
  }

  private static func checkDecoder(_ field: Field) throws {
    let type = try field["type"].optionalString()
    if type == "Sequence" {
      for element in try field["decoders"].elements() { try checkDecoder(element) }
    } else if let type, type != "ByteLevel", type != "Fuse" {
      throw TokenizerError.unsupported("its decoder \(type) is not byte-level")
    } else if type == nil {
      throw TokenizerError.unsupported("it has no decoder")
    }
  }

  /// The token ids of a text. Takes time linear in the text, up to a logarithm of its longest word.
  ///
  /// - Parameters:
  ///   - text: any text; tokens that were added to the vocabulary are recognized in it.
  ///   - special: whether the post-processor's tokens go around it.
  ///   - poll: called after every few thousand small steps; what it throws ends the work.
  /// - Throws: `TokenizerError.patternTooCostly`, and what `poll` throws.
  public func encode(
    _ text: String, special: Bool = true, poll: (() throws -> Void)? = nil
  ) throws -> [Int] {
    var ids = special ? postProcessor.prefix : []
    var text = text
    let pace = Pace(poll)
    let splitter = WordSplitter(steps, pace: pace)
    var cache = WordCache()
    try text.withUTF8 { buffer in
      let bytes = UnsafeRawBufferPointer(buffer)
      try added.forEachSegment(of: bytes, normalizer: normalizer) { segment in
        switch segment {
        case .token(let id): ids.append(id)
        case .text(let stretch):
          try splitter.split(stretch) { word in
            try cache.encode(word, with: model, into: &ids, pace: pace)
          }
        }
      }
    }
    if special { ids += postProcessor.suffix }
    return ids
  }

  /// The tokens that go before and after a text that is encoded with `special`.
  public var frame: (before: [Int], after: [Int]) {
    (postProcessor.prefix, postProcessor.suffix)
  }

  /// The text of some tokens, added ones included; bytes that are no UTF-8 become U+FFFD.
  /// - Throws: `TokenizerError.idOutOfRange`.
  public func decode(_ ids: [Int]) throws -> String {
    var bytes: [UInt8] = []
    for id in ids { bytes += try bytesOfToken(id) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The bytes that a token stands for, nil where there is no such token.
  public func token(_ id: Int) -> [UInt8]? {
    if let bytes = added.bytes(of: id) { return bytes }
    guard id >= 0, id < model.vocabulary.count else { return nil }
    return model.vocabulary.tokens[id]
  }

  /// The token that stands for exactly these bytes, an added one before any other.
  public func id(ofToken bytes: [UInt8]) -> Int? {
    added.id(ofBytes: bytes) ?? bytes.withUnsafeBytes { model.vocabulary.id(ofBytes: $0) }
  }

  /// The token that stands for this text, an added one before any other.
  public func id(ofToken text: String) -> Int? {
    id(ofToken: Array(text.utf8))
  }

  func bytesOfToken(_ id: Int) throws -> [UInt8] {
    guard let bytes = token(id) else {
      throw TokenizerError.idOutOfRange(id: id, vocabularySize: vocabularySize)
    }
    return bytes
  }

  /// The contents of `tokenizer.json` and `tokenizer_config.json`: those it was read from, or for
  /// one made from a GGUF those that `transformers` reads to the same ids.
  public func huggingFaceFiles() -> (tokenizer: JSON, configuration: JSON) {
    files
  }
}
