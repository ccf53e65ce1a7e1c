/// The chunks that a figure adds to its image (PNG, third edition, sections 5.3 and 11.3).
enum PNGChunk {
  /// `pHYs`: the pixels per metre.
  static func resolution(dpi: Int) -> [UInt8] {
    let perMetre = UInt32((Double(dpi) / 0.0254).rounded())
    let metre: UInt8 = 1
    return chunk("pHYs", bigEndian(perMetre) + bigEndian(perMetre) + [metre])
  }

  /// `tEXt` where Latin-1 holds the text, else `iTXt` in UTF-8.
  /// - Throws: `FigureError` for a keyword that is not 1 to 79 characters of printable Latin-1, or
  ///   has spaces at its ends or two in a row, and for a text with a zero byte.
  static func text(_ keyword: String, _ text: String) throws -> [UInt8] {
    guard let name = latin1(keyword), isKeyword(name) else {
      throw FigureError(
        "\"\(keyword.prefix(80))\" is no PNG keyword: "
          + "1 to 79 printable Latin-1 characters, single spaces inside")
    }
    guard !text.utf8.contains(0) else {
      throw FigureError("the text of the PNG keyword \"\(keyword)\" holds a zero byte")
    }
    if let plain = latin1(text) { return chunk("tEXt", name + [0] + plain) }
    let uncompressed: [UInt8] = [0, 0]
    let noLanguage: [UInt8] = [0, 0]
    return chunk("iTXt", name + [0] + uncompressed + noLanguage + Array(text.utf8))
  }

  private static func isKeyword(_ name: [UInt8]) -> Bool {
    guard (1...79).contains(name.count), name.first != 0x20, name.last != 0x20 else {
      return false
    }
    let isPrintable = name.allSatisfy { (0x20...0x7E).contains($0) || $0 >= 0xA1 }
    return isPrintable && !zip(name, name.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 }
  }

  private static func latin1(_ text: String) -> [UInt8]? {
    let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
    return bytes.count == text.unicodeScalars.count ? bytes : nil
  }

  /// Length, name, content and checksum.
  private static func chunk(_ name: StaticString, _ content: [UInt8]) -> [UInt8] {
    let body = name.withUTF8Buffer { Array($0) } + content
    return bigEndian(UInt32(truncatingIfNeeded: content.count)) + body + bigEndian(checksum(body))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// CRC-32 as PNG's annex D defines it.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var remainder: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 {
        remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0)
      }
    }
    return ~remainder
  }
}
