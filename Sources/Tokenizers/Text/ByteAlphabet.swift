/// GPT-2's spelling of bytes as printable characters, in which byte-level vocabularies are written.
///
/// `!` to `~`, U+00A1 to U+00AC and U+00AE to U+00FF stand for themselves; the other bytes, in
/// order, are U+0100 and on.
enum ByteAlphabet {
  private static let scalars: [Unicode.Scalar] = {
    var next: UInt8 = 0
    return (UInt8.min...UInt8.max).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
      default:
        defer { next += 1 }
        // U+0100 to U+01FF holds no surrogate.
        return Unicode.Scalar(0x100 + UInt16(next)) ?? "\u{FFFD}"
      }
    }
  }()

  /// The byte of each scalar value; -1 where a scalar spells none.
  private static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 0x200)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar.value)] = Int16(byte) }
    return bytes
  }()

  /// The bytes that a token's spelling stands for, nil where one of its characters spells none.
  static func bytes(ofSpelling spelling: String) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(spelling.utf8.count)
    var spelling = spelling
    return spelling.withUTF8 { append(bytesOf: $0, to: &result) } ? result : nil
  }

  /// Appends the bytes that a spelling in UTF-8 stands for; false at a character that spells none.
  static func append(bytesOf spelling: some Sequence<UInt8>, to result: inout [UInt8]) -> Bool {
    var lead: UInt8?
    for unit in spelling {
      let value: Int
      if let high = lead {
        // A lead byte of 0xC2 to 0xC7 and one more: U+0080 to U+01FF.
        value = Int(high & 0x1F) << 6 | Int(unit & 0x3F)
        lead = nil
      } else if unit < 0x80 {
        value = Int(unit)
      } else if unit < 0xC8 {
        lead = unit
        continue
      } else {
        return false
      }
      guard bytes[value] >= 0 else { return false }
      result.append(UInt8(truncatingIfNeeded: bytes[value]))
    }
    return true
  }

  /// The spelling of some bytes.
  static func spelling(of bytes: some Sequence<UInt8>) -> String {
    var spelling = String.UnicodeScalarView()
    for byte in bytes { spelling.append(scalars[Int(byte)]) }
    return String(spelling)
  }
}
