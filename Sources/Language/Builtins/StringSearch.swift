import Glibc

extension String {
  /// The byte offset of the first occurrence of a part at or after an offset.
  func byteOffset(of part: String, from start: Int = 0) -> Int? {
    var (text, part) = (self, part)
    return text.withUTF8 { bytes -> Int? in
      part.withUTF8 { wanted -> Int? in
        guard start <= bytes.count else { return nil }
        guard let first = wanted.first, let base = bytes.baseAddress, let other = wanted.baseAddress
        else { return wanted.isEmpty ? start : nil }
        var position = start
        while position <= bytes.count - wanted.count {
          let room = bytes.count - wanted.count - position + 1
          guard let found = memchr(base + position, Int32(first), room) else { return nil }
          position = UnsafeRawPointer(found) - UnsafeRawPointer(base)
          if memcmp(base + position, other, wanted.count) == 0 { return position }
          position += 1
        }
        return nil
      }
    }
  }

  /// Where a part occurs first, compared scalar by scalar.
  func scalarRange(of part: String) -> Range<String.Index>? {
    guard let offset = byteOffset(of: part) else { return nil }
    let start = utf8.index(startIndex, offsetBy: offset)
    return start..<utf8.index(start, offsetBy: part.utf8.count)
  }

  /// The pieces between a separator that is not empty, at most `limit` cuts.
  func pieces(separatedBy separator: String, limit: Int = .max) -> [String] {
    var result: [String] = []
    var start = 0
    while result.count < limit, let offset = byteOffset(of: separator, from: start) {
      result.append(bytes(start..<offset))
      start = offset + separator.utf8.count
    }
    result.append(bytes(start..<utf8.count))
    return result
  }

  /// The text of a range of bytes that starts and ends between scalars.
  func bytes(_ range: Range<Int>) -> String {
    let start = utf8.index(startIndex, offsetBy: range.lowerBound)
    return String(self[start..<utf8.index(start, offsetBy: range.count)])
  }

  /// Whether the first bytes are those of a part.
  func startsExactly(with part: String) -> Bool { utf8.starts(with: part.utf8) }

  /// Whether the last bytes are those of a part.
  func endsExactly(with part: String) -> Bool {
    utf8.count >= part.utf8.count && utf8.suffix(part.utf8.count).elementsEqual(part.utf8)
  }

  /// A part of the string by scalars, clamped as a slice.
  func scalars(from start: Value, to end: Value) throws -> (text: String, offset: Int) {
    if start.isNone, end.isNone { return (self, 0) }
    let all = Array(unicodeScalars)
    let range = try SliceValue(start: start, stop: end).resolved(length: all.count)
    var part = String.UnicodeScalarView()
    part.append(contentsOf: all[range.start..<range.start + range.count])
    return (String(part), range.start)
  }
}

/// Python's white space: what `str.split` and `str.strip` take off.
func isPythonSpace(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
}
