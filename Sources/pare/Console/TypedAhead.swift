import Foundation

/// Bytes of standard input that one reader took and another is to have: what was typed before it
/// was asked for.
final class TypedAhead {
  private var bytes: [UInt8] = []
  private var position = 0

  /// Whether there are none.
  var isEmpty: Bool { position == bytes.count }

  /// Adds bytes behind those that wait.
  func append(_ new: [UInt8]) { bytes += new }

  /// Takes what waits in the terminal on standard input, without waiting for more.
  func drainTerminal() {
    guard isatty(STDIN_FILENO) == 1 else { return }
    var state = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while poll(&state, 1, 0) > 0 {
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      guard count > 0 else { return }
      append(Array(chunk[..<count]))
    }
  }

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
