import Foundation
import Kernels
import Language

/// Lines of standard input, for `input()`; a wait for one can be interrupted.
final class LineInput {
  /// What was read and not given yet: of a pipe, beyond the last line.
  private var rest: [UInt8] = []
  private let ahead: TypedAhead

  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let mostBytes = 1 << 24
  /// How long a request to stop may go unnoticed.
  private static let patience: Int32 = 50

  /// Lines of which the first bytes may wait in `ahead`; what a terminal gives beyond a line goes
  /// there.
  init(ahead: TypedAhead = TypedAhead()) {
    self.ahead = ahead
  }

  /// The next line without its end, nil where there is none.
  ///
  /// - Parameter echo: shows what was typed ahead of it, which no terminal has shown.
  /// - Throws: `Interrupted`, or `LanguageError` for a line that has no end.
  func line(echo: (String) -> Void = { _ in }) throws -> String? {
    // Keys that wait outside the terminal's own lines still have Return's own byte.
    rest += ahead.takeAll().map { $0 == Self.carriageReturn ? Self.newline : $0 }
    let shown = rest.prefix { $0 != Self.newline }
    let hasEnd = shown.count < rest.count
    if !rest.isEmpty { echo(String(decoding: shown, as: UTF8.self) + (hasEnd ? "\n" : "")) }
    var later: [UInt8] = []
    // What an interrupt or an error leaves is for nobody.
    defer { rest = later }
    while true {
      if let end = rest.firstIndex(of: Self.newline) {
        let beyond = Array(rest[(end + 1)...])
        if isatty(STDIN_FILENO) == 1 { ahead.append(beyond) } else { later = beyond }
        let line = rest[..<end]
        let isWindows = line.last == Self.carriageReturn
        return String(decoding: isWindows ? line.dropLast() : line, as: UTF8.self)
      }
      guard rest.count < Self.mostBytes else {
        throw LanguageError("the line of input is longer than \(Self.mostBytes) bytes")
      }
      guard try fill() else {
        return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
      }
    }
  }

  /// Reads some more; false at the end.
  private func fill() throws -> Bool {
    var state = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while poll(&state, 1, Self.patience) <= 0 { try Interrupt.check() }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    guard count > 0 else { return false }
    rest.append(contentsOf: bytes[..<count])
    return true
  }
}
