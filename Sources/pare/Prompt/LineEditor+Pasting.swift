internal import CReadline
import Foundation

/// Pastes from terminals that do not mark them: keys as any others, only without pauses.
extension LineEditor {
  /// Milliseconds that lie between keys of hands, and not between those of a paste.
  private static let pause: Int32 = 15

  /// Whether a key waits.
  var isKeyWaiting: Bool { nextKey(within: 0) != nil }

  /// Whether the blank line that the cell ends in stands inside a block that is being pasted.
  func isInsidePaste(_ cell: String) -> Bool {
    let lines = cell.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 1, lines.last?.allSatisfy({ $0 == " " }) ?? false,
      let key = nextKey(within: Self.pause)
    else { return false }
    return " \t\r\n".utf8.contains(key)
  }

  /// The key that comes within so many milliseconds, which stays to be read; nil where none comes.
  private func nextKey(within milliseconds: Int32) -> UInt8? {
    if let key = keys.first { return key }
    var state = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&state, 1, milliseconds) > 0 else { return nil }
    var byte: UInt8 = 0
    guard Glibc.read(STDIN_FILENO, &byte, 1) == 1 else { return nil }
    keys.append([byte])
    return byte
  }

  /// A space: where it comes too soon after Return to be typed, a paste brings its own indentation,
  /// and the one that Return added goes.
  func space(_ count: Int32, _ key: Int32) -> Int32 {
    dropAddedIndentation()
    return rl_insert(count, key)
  }

  /// Takes back the indentation that Return has just added.
  func dropAddedIndentation() {
    defer { added = nil }
    let point = Int(pare_rl_point())
    guard let added, added.end == point,
      ContinuousClock().now - added.at < .milliseconds(Int(Self.pause))
    else { return }
    rl_delete_text(Int32(point - added.spaces), Int32(point))
    move(to: point - added.spaces)
  }
}
