import JSONFormat

/// The tokens that were added to a model's vocabulary, and the finding of them in a text.
struct AddedVocabulary {
  /// A stretch of text, normalized, or a token found between two.
  enum Segment {
    case token(Int)
    case text(UnsafeRawBufferPointer)
  }

  /// The tokens beyond the model's vocabulary, whose ids go on where that ends.
  private(set) var newTokens: [AddedToken] = []
  private let contents: ByteStringTable
  /// The ids of `contents`, in its order.
  private let ids: [Int]
  private var bytesByID: [Int: [UInt8]] = [:]
  private let plainFinder: AddedTokenFinder
  private let normalizedFinder: AddedTokenFinder

  /// Reads `added_tokens`.
  /// - Throws: `TokenizerError.invalid` where an id is not the one that the vocabulary gives.
  init(_ field: Field, vocabulary: Vocabulary, normalizer: Normalizer) throws {
    var tokens: [AddedToken] = []
    var contents = ByteStringTable()
    for element in try field.optionalElements() {
      let token = try AddedToken(element)
      if token.content.isEmpty { continue }
      let content = Array(token.content.utf8)
      guard content.withUnsafeBytes({ contents.insert($0).isNew }) else {
        throw element.fault("the token \(TokenizerError.excerpt(token.content)) appears twice")
      }
      let known = vocabulary.id(ofSpelling: token.content)
      let expected = known ?? vocabulary.count + newTokens.count
      guard token.id == expected else {
        throw element.fault(
          "the token \(TokenizerError.excerpt(token.content)) has the id \(token.id) where "
            + (known == nil ? "the next free one is \(expected)" : "model.vocab says \(expected)"))
      }
      // Hugging Face decodes an added token as if it were spelled in the byte alphabet, and one
      // that is looked for in normalized text by its normalized spelling.
      let shown = Self.spelling(token, normalizer)
      bytesByID[token.id] =
        ByteAlphabet.bytes(ofSpelling: String(decoding: shown, as: UTF8.self)) ?? shown
      if known == nil { newTokens.append(token) }
      tokens.append(token)
    }
    self.contents = contents
    ids = tokens.map(\.id)
    // Of two tokens that normalize to the same text the special one counts.
    let ordered = tokens.filter(\.isSpecial) + tokens.filter { !$0.isSpecial }
    let spelling = { Self.spelling($0, normalizer) }
    plainFinder = AddedTokenFinder(ordered.filter { !$0.isNormalized }, spelling: spelling)
    normalizedFinder = AddedTokenFinder(ordered.filter(\.isNormalized), spelling: spelling)
  }

  /// The bytes by which a token is found.
  private static func spelling(_ token: AddedToken, _ normalizer: Normalizer) -> [UInt8] {
    let content = Array(token.content.utf8)
    guard token.isNormalized else { return content }
    return content.withUnsafeBytes { normalizer.normalized($0) } ?? content
  }

  func id(ofContent content: String) -> Int? {
    Array(content.utf8).withUnsafeBytes { contents.index(of: $0) }.map { ids[$0] }
  }

  func id(ofBytes bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBytes { contents.index(of: $0) }.map { ids[$0] }
  }

  /// What an added token decodes to.
  func bytes(of id: Int) -> [UInt8]? { bytesByID[id] }

  /// Calls `body` with the tokens found in a text and the normalized stretches between, in order.
  func forEachSegment(
    of text: UnsafeRawBufferPointer, normalizer: Normalizer, _ body: (Segment) throws -> Void
  ) throws {
    for segment in plainFinder.segments(of: text) {
      switch segment {
      case .token(let id): try body(.token(id))
      case .text(let range):
        let stretch = UnsafeRawBufferPointer(rebasing: text[range])
        if let normalized = normalizer.normalized(stretch) {
          try normalized.withUnsafeBytes { try forEachNormalizedSegment(of: $0, body) }
        } else {
          try forEachNormalizedSegment(of: stretch, body)
        }
      }
    }
  }

  private func forEachNormalizedSegment(
    of text: UnsafeRawBufferPointer, _ body: (Segment) throws -> Void
  ) throws {
    for segment in normalizedFinder.segments(of: text) {
      switch segment {
      case .token(let id): try body(.token(id))
      case .text(let range):
        try body(.text(UnsafeRawBufferPointer(rebasing: text[range])))
      }
    }
  }
}
