import JSONFormat

/// Writes a GGUF's vocabulary as the `tokenizer.json` and `tokenizer_config.json` that mean the
/// same.
struct GGUFConversion {
  let tokenizer: JSON
  let configuration: JSON

  private enum TokenType {
    static let control = 3
    static let userDefined = 4
  }

  init(_ source: GGUFVocabulary) throws {
    guard source.model == "gpt2" else {
      throw TokenizerError.unsupported(
        "tokenizer.ggml.model is \(TokenizerError.excerpt(source.model)), not byte-level "
          + "byte-pair encoding (gpt2)")
    }
    let preset = try GGUFPreset.named(source.pre)
    let tokens = try Self.spellings(source.tokens)
    try Self.check(source, count: tokens.count)
    let added = source.tokenTypes.enumerated().filter {
      [TokenType.control, TokenType.userDefined].contains($0.element) && !tokens[$0.offset].isEmpty
    }
    let merges = try source.merges.enumerated().map { JSON.string(try Self.merge($1, at: $0)) }
    tokenizer = [
      "version": "1.0", "truncation": .null, "padding": .null,
      "added_tokens": .array(
        added.map { id, type in
          [
            "id": .int(id), "content": .string(tokens[id]), "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": .bool(type == TokenType.control),
          ]
        }),
      "normalizer": preset.normalizer,
      "pre_tokenizer": preset.preTokenizer,
      "post_processor": try Self.postProcessor(source, preset, tokens),
      "decoder": GGUFPreset.byteLevel(splits: true),
      "model": [
        "type": "BPE", "dropout": .null, "unk_token": .null, "continuing_subword_prefix": .null,
        "end_of_word_suffix": .null, "fuse_unk": false, "byte_fallback": false,
        "ignore_merges": .bool(preset.ignoresMerges),
        "vocab": .object(JSONObject(tokens.enumerated().map { ($1, .int($0)) })),
        "merges": .array(merges),
      ],
    ]
    configuration = Self.configuration(source, tokens)
  }

  /// The tokens as text, each different from all others.
  private static func spellings(_ tokens: [[UInt8]]) throws -> [String] {
    var seen = ByteStringTable(capacity: tokens.count)
    return try tokens.enumerated().map { id, bytes in
      let part = "tokenizer.ggml.tokens[\(id)]"
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw TokenizerError.invalid(part: part, reason: "is not UTF-8")
      }
      let (first, isNew) = bytes.withUnsafeBytes { seen.insert($0) }
      guard isNew else {
        throw TokenizerError.invalid(
          part: part, reason: "\(TokenizerError.excerpt(text)) is token \(first) already")
      }
      return text
    }
  }

  private static func merge(_ bytes: [UInt8], at index: Int) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TokenizerError.invalid(part: "tokenizer.ggml.merges[\(index)]", reason: "is not UTF-8")
    }
    return text
  }

  private static func check(_ source: GGUFVocabulary, count: Int) throws {
    guard source.tokenTypes.isEmpty || source.tokenTypes.count == count else {
      throw TokenizerError.invalid(
        part: "tokenizer.ggml.token_type",
        reason: "\(source.tokenTypes.count) types for \(count) tokens")
    }
    let ids = [
      "bos": source.beginToken, "eos": source.endToken, "eot": source.endOfTurnToken,
      "unknown": source.unknownToken, "padding": source.paddingToken,
    ]
    for (name, id) in ids {
      if let id, !(0..<count).contains(id) {
        throw TokenizerError.invalid(
          part: "tokenizer.ggml.\(name)_token_id", reason: "\(id) is none of the \(count) tokens")
      }
    }
  }

  private static func postProcessor(
    _ source: GGUFVocabulary, _ preset: GGUFPreset, _ tokens: [String]
  ) throws -> JSON {
    let begin = source.addsBeginToken ?? preset.addsBeginToken ? source.beginToken : nil
    let end = source.addsEndToken ?? false ? source.endToken : nil
    guard begin != nil || end != nil else { return .null }
    func piece(_ id: Int, _ type: Int) -> JSON {
      ["SpecialToken": ["id": .string(tokens[id]), "type_id": .int(type)]]
    }
    func template(_ name: String, _ type: Int) -> [JSON] {
      let text: JSON = ["Sequence": ["id": .string(name), "type_id": .int(type)]]
      let before = begin.map { [piece($0, type)] } ?? []
      let after = end.map { [piece($0, type)] } ?? []
      return before + [text] + after
    }
    var special = JSONObject()
    for id in [begin, end].compactMap({ $0 }) {
      special[tokens[id]] = [
        "id": .string(tokens[id]), "ids": [.int(id)], "tokens": [.string(tokens[id])],
      ]
    }
    return [
      "type": "TemplateProcessing", "single": .array(template("A", 0)),
      "pair": .array(template("A", 0) + template("B", 1)), "special_tokens": .object(special),
    ]
  }

  private static func configuration(_ source: GGUFVocabulary, _ tokens: [String]) -> JSON {
    var configuration = JSONObject([("tokenizer_class", "PreTrainedTokenizerFast")])
    let named = [
      ("bos_token", source.beginToken), ("eos_token", source.endToken),
      ("unk_token", source.unknownToken), ("pad_token", source.paddingToken),
    ]
    for (key, id) in named {
      if let id { configuration[key] = .string(tokens[id]) }
    }
    configuration["clean_up_tokenization_spaces"] = false
    if let length = source.contextLength { configuration["model_max_length"] = .int(length) }
    if let template = source.chatTemplate { configuration["chat_template"] = .string(template) }
    return .object(configuration)
  }
}
