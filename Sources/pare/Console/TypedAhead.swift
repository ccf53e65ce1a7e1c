/// Bytes of standard input that one reader took and another is to have: what was typed before it
/// was asked for.
final class TypedAhead {
  private var bytes: [UInt8] = []
  private var position = 0

  /// Whether there are none.
  var isEmpty: Bool { position == bytes.count }

  /// Adds bytes behind those that wait.
  func append(_ new: [UInt8]) { bytes += new }

  /// The next byte, nil where none waits.
  func next() -> UInt8? {
    guard !isEmpty else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  /// The next byte, which stays.
  var first: UInt8? { isEmpty ? nil : bytes[position] }

  /// All bytes that wait; none does any more.
  func takeAll() -> [UInt8] {
    defer { (bytes, position) = ([], 0) }
    return Array(bytes[position...])
  }
}
