import Figures
import Foundation

/// What terminals make of the sequences that show pictures, read by their formats' own rules.
enum TerminalDecoding {
  struct Malformed: Error, CustomStringConvertible {
    let description: String
  }

  /// The pixels of a sixel picture; those that no sixel sets are nil.
  static func sixel(_ text: String) throws -> (width: Int, height: Int, pixels: [UInt32?]) {
    let start = "\u{1B}P0;1;0q\"1;1;"
    guard text.hasPrefix(start), text.hasSuffix("\u{1B}\\") else {
      throw Malformed(description: "no sixel string: \(text.prefix(30))")
    }
    var bytes = Array(text.dropFirst(start.count).dropLast(2).utf8)[...]
    func number() -> Int {
      let digits = bytes.prefix { (0x30...0x39).contains($0) }
      bytes = bytes.dropFirst(digits.count)
      return Int(String(decoding: digits, as: UTF8.self)) ?? -1
    }
    func expect(_ sign: Character) throws {
      guard bytes.popFirst() == sign.asciiValue else {
        throw Malformed(description: "'\(sign)' is missing")
      }
    }
    let width = number()
    try expect(";")
    let height = number()
    var pixels = [UInt32?](repeating: nil, count: width * height)
    var palette: [Int: UInt32] = [:]
    var (x, y, color) = (0, 0, UInt32(0))
    while let byte = bytes.popFirst() {
      switch byte {
      case UInt8(ascii: "#"):
        let register = number()
        guard bytes.first == UInt8(ascii: ";") else {
          guard let known = palette[register] else {
            throw Malformed(description: "colour \(register) is not defined")
          }
          color = known
          continue
        }
        var channels: [UInt32] = []
        try expect(";")
        guard number() == 2 else { throw Malformed(description: "no RGB colour") }
        for _ in 0..<3 {
          try expect(";")
          channels.append(UInt32((number() * 255 + 50) / 100))
        }
        palette[register] = channels[0] << 16 | channels[1] << 8 | channels[2]
      case UInt8(ascii: "$"): x = 0
      case UInt8(ascii: "-"): (x, y) = (0, y + 6)
      case UInt8(ascii: "!"), 0x3F...0x7E:
        let count = byte == UInt8(ascii: "!") ? number() : 1
        guard let sixel = byte == UInt8(ascii: "!") ? bytes.popFirst() : byte else {
          throw Malformed(description: "a repetition of nothing")
        }
        for _ in 0..<count {
          for bit in 0..<6 where (sixel - 0x3F) >> UInt8(bit) & 1 == 1 {
            guard x < width, y + bit < height else {
              throw Malformed(description: "(\(x), \(y + bit)) is outside the picture")
            }
            pixels[(y + bit) * width + x] = color
          }
          x += 1
        }
      default: throw Malformed(description: "byte \(byte)")
      }
    }
    return (width, height, pixels)
  }

  /// The pieces of a picture by Kitty's protocol: the keys of each and its content.
  static func kitty(_ text: String) throws -> [(keys: [String: String], content: String)] {
    var pieces: [(keys: [String: String], content: String)] = []
    for part in text.components(separatedBy: "\u{1B}\\").dropLast() {
      let halves = part.split(separator: ";", omittingEmptySubsequences: false)
      guard part.hasPrefix("\u{1B}_G"), halves.count == 2 else {
        throw Malformed(description: "no piece: \(part.prefix(30))")
      }
      let keys = halves[0].dropFirst(3).split(separator: ",").map { $0.split(separator: "=") }
      pieces.append(
        (
          Dictionary(uniqueKeysWithValues: keys.map { (String($0[0]), String($0[1])) }),
          String(halves[1])
        ))
    }
    return pieces
  }

  /// The rows of pixels that lines of half blocks show; nil is the terminal's background.
  static func blocks(_ text: String) throws -> [[UInt32?]] {
    var rows: [[UInt32?]] = []
    for line in text.split(separator: "\n") {
      var (upper, lower): (UInt32?, UInt32?) = (nil, nil)
      var pair: [[UInt32?]] = [[], []]
      var rest = line
      while let first = rest.popFirst() {
        if first == "▀" {
          pair[0].append(upper)
          pair[1].append(lower)
          continue
        }
        guard first == "\u{1B}", let end = rest.firstIndex(of: "m") else {
          throw Malformed(description: "'\(first)' in a line of blocks")
        }
        let numbers = rest[..<end].dropFirst().split(separator: ";").compactMap { UInt32($0) }
        rest = rest[rest.index(after: end)...]
        if numbers == [0] {
          (upper, lower) = (nil, nil)
          continue
        }
        let color = numbers[2] << 16 | numbers[3] << 8 | numbers[4]
        switch numbers[0] {
        case 38: upper = color
        case 48: lower = color
        default: throw Malformed(description: "colour \(numbers)")
        }
      }
      guard upper == nil, lower == nil else {
        throw Malformed(description: "a colour goes on behind its line")
      }
      rows += pair
    }
    return rows
  }
}
