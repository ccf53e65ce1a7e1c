/// The tokenizer's part of a GGUF file's metadata, keys `tokenizer.ggml.*`, as plain values.
public struct GGUFVocabulary: Sendable {
  /// `model`: the family; byte-level byte-pair encoding is `gpt2`.
  public var model: String
  /// `pre`: the name of the way of splitting; nil where the key is missing.
  public var pre: String?
  /// `tokens`: the spelling of each token, in the byte alphabet, as it stands in the file.
  public var tokens: [[UInt8]]
  /// `merges`: `left right`.
  public var merges: [[UInt8]]
  /// `token_type`: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte; may be empty.
  public var tokenTypes: [Int]
  /// `bos_token_id`.
  public var beginToken: Int?
  /// `eos_token_id`.
  public var endToken: Int?
  /// `eot_token_id`, the end of a turn.
  public var endOfTurnToken: Int?
  /// `unknown_token_id`.
  public var unknownToken: Int?
  /// `padding_token_id`.
  public var paddingToken: Int?
  /// `add_bos_token`; nil means what the split's family does.
  public var addsBeginToken: Bool?
  /// `add_eos_token`.
  public var addsEndToken: Bool?
  /// `tokenizer.chat_template`.
  public var chatTemplate: String?
  /// `<architecture>.context_length`, in tokens.
  public var contextLength: Int?

  /// Gathers the values; what is left out is missing in the file.
  public init(
    model: String, pre: String?, tokens: [[UInt8]], merges: [[UInt8]], tokenTypes: [Int] = [],
    beginToken: Int? = nil, endToken: Int? = nil, endOfTurnToken: Int? = nil,
    unknownToken: Int? = nil, paddingToken: Int? = nil, addsBeginToken: Bool? = nil,
    addsEndToken: Bool? = nil, chatTemplate: String? = nil, contextLength: Int? = nil
  ) {
    self.model = model
    self.pre = pre
    self.tokens = tokens
    self.merges = merges
    self.tokenTypes = tokenTypes
    self.beginToken = beginToken
    self.endToken = endToken
    self.endOfTurnToken = endOfTurnToken
    self.unknownToken = unknownToken
    self.paddingToken = paddingToken
    self.addsBeginToken = addsBeginToken
    self.addsEndToken = addsEndToken
    self.chatTemplate = chatTemplate
    self.contextLength = contextLength
  }
}

extension Tokenizer {
  /// Makes the tokenizer that a GGUF file's metadata describes.
  ///
  /// It goes by way of the two files that Hugging Face would have, so that a model saved from a
  /// GGUF has the tokenizer it was used with.
  /// - Throws: `TokenizerError`: unsupported for another family or an unknown `pre`, invalid for
  ///   tokens, merges or ids that contradict each other.
  public convenience init(gguf vocabulary: GGUFVocabulary) throws {
    let conversion = try GGUFConversion(vocabulary)
    let turn = vocabulary.endOfTurnToken.map { [$0] } ?? []
    try self.init(
      tokenizerJSON: conversion.tokenizer, configuration: conversion.configuration,
      furtherEndTokens: turn)
  }
}
