/// Why a tokenizer cannot be built, or why it refuses a text or an id.
public enum TokenizerError: Error, Equatable, CustomStringConvertible {
  /// A kind of tokenizer, or a part of one, that this module does not have. The model still takes
  /// token ids.
  case unsupported(String)
  /// A part of the tokenizer's files that contradicts itself; `part` is its path inside them.
  case invalid(part: String, reason: String)
  /// An id that no token has.
  case idOutOfRange(id: Int, vocabularySize: Int)
  /// A pattern that ran out of the steps or the memory allowed for one text.
  case patternTooCostly(pattern: String, byte: Int)

  /// The fault in one sentence.
  public var description: String {
    switch self {
    case .unsupported(let reason):
      "this tokenizer is not supported: \(reason); the model still takes token ids"
    case .invalid(let part, let reason):
      "invalid tokenizer: \(part): \(reason)"
    case .idOutOfRange(let id, let vocabularySize):
      "token id \(id) is outside the vocabulary of \(vocabularySize) tokens (0 to \(vocabularySize - 1))"
    case .patternTooCostly(let pattern, let byte):
      "the tokenizer's pattern \(TokenizerError.excerpt(pattern)) takes too many steps "
        + "near byte \(byte) of a piece of text"
    }
  }

  /// A text shortened to fit into a message, in quotes.
  static func excerpt(_ text: String) -> String {
    text.unicodeScalars.count <= 60
      ? "\"\(text)\"" : "\"\(String(text.unicodeScalars.prefix(60)))…\""
  }
}
