/// Decodes tokens as they are generated, holding back the bytes of a character that is not
/// complete.
public struct StreamingDecoder {
  private let tokenizer: Tokenizer
  private var pending: [UInt8] = []

  /// Starts with nothing held back.
  public init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
  }

  /// The text that is certain after one more token; empty inside a character.
  /// - Throws: `TokenizerError.idOutOfRange`.
  public mutating func append(_ id: Int) throws -> String {
    pending += try tokenizer.bytesOfToken(id)
    let complete = pending.count - Self.incompleteTail(of: pending)
    defer { pending.removeFirst(complete) }
    return String(decoding: pending[..<complete], as: UTF8.self)
  }

  /// What is left at the end; the start of a character that never came is U+FFFD.
  public mutating func finish() -> String {
    defer { pending = [] }
    return String(decoding: pending, as: UTF8.self)
  }

  /// How many bytes at the end may be the start of a longer character.
  private static func incompleteTail(of bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let byte = bytes[bytes.count - length]
      if byte & 0xC0 == 0x80 { continue }
      return byte >= 0xC2 && byte < 0xF5 && UTF8.width(ofLead: byte) > length ? length : 0
    }
    return 0
  }
}
