import TestTools

/// Damages bytes at random, the same way for the same seed: flips, cuts, spliced ranges, and
/// numbers replaced with extremes, in binary and in decimal digits.
struct Mutator {
  private var random: SplitMix64

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  private static let extremes: [UInt64] = [
    0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 30, 1 << 32, 1 << 62, 1 << 63,
    UInt64(Int64.max), .max, .max - 7,
  ]
  private static let extremeTexts = [
    "0", "-1", "1.5", "1e400", "4611686018427387904", "9223372036854775807", "18446744073709551616",
    "null", "[]", "{}", "\"x\"", "[[[[[[[[", "true",
  ]

  /// One to four damages, most of them near the start, where the headers are.
  mutating func damaged(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...Int.random(in: 0..<4, using: &random) where !bytes.isEmpty {
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[place(bytes)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place(bytes)] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes.removeLast(bytes.count - place(bytes))
      case 3: splice(&bytes)
      case 4: bytes.removeSubrange(range(bytes))
      case 5: overwriteNumber(&bytes)
      default: replaceDigits(&bytes)
      }
    }
    return bytes
  }

  private mutating func place(_ bytes: [UInt8]) -> Int {
    let end = Bool.random(using: &random) ? bytes.count : min(bytes.count, 256)
    return Int.random(in: 0..<end, using: &random)
  }

  private mutating func range(_ bytes: [UInt8]) -> Range<Int> {
    let start = place(bytes)
    return start..<min(bytes.count, start + Int.random(in: 1...24, using: &random))
  }

  /// Copies a range to another place, over what is there or between.
  private mutating func splice(_ bytes: inout [UInt8]) {
    let piece = Array(bytes[range(bytes)])
    let start = place(bytes)
    let end = Bool.random(using: &random) ? start : min(bytes.count, start + piece.count)
    bytes.replaceSubrange(start..<end, with: piece)
  }

  private mutating func overwriteNumber(_ bytes: inout [UInt8]) {
    guard let number = Self.extremes.randomElement(using: &random) else { return }
    let start = place(bytes)
    let width = Bool.random(using: &random) ? 8 : 4
    for index in 0..<width where start + index < bytes.count {
      bytes[start + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
    }
  }

  /// Replaces the first run of decimal digits after a random place.
  private mutating func replaceDigits(_ bytes: inout [UInt8]) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let text = Self.extremeTexts.randomElement(using: &random),
      let start = bytes[place(bytes)...].firstIndex(where: digits.contains)
    else { return }
    let end = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: Array(text.utf8))
  }
}
