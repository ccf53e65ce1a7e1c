import Foundation

/// What a terminal says it can do, as every one since the VT100 answers to `ESC [ c`.
enum DeviceAttributes {
  /// How long an answer may take, milliseconds.
  private static let patience = 300

  /// Asks the terminal on standard input and output whether it has sixels.
  ///
  /// What the user types meanwhile goes to `keys`.
  static func includeSixel(keys: TypedAhead) -> Bool {
    var before = termios()
    guard isatty(STDIN_FILENO) == 1, tcgetpgrp(STDIN_FILENO) == getpgrp(),
      tcgetattr(STDIN_FILENO, &before) == 0
    else { return false }
    var mode = before
    mode.c_lflag &= ~tcflag_t(ECHO | ICANON)
    guard tcsetattr(STDIN_FILENO, TCSANOW, &mode) == 0 else { return false }
    defer { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
    let question = Array("\u{1B}[c".utf8)
    guard write(STDOUT_FILENO, question, question.count) == question.count else { return false }
    var received: [UInt8] = []
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(patience)
    while clock.now < end {
      var state = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&state, 1, 10) > 0 else { continue }
      var bytes = [UInt8](repeating: 0, count: 1024)
      let count = read(STDIN_FILENO, &bytes, bytes.count)
      guard count > 0 else { break }
      received += bytes[..<count]
      if let answer = answer(in: received) {
        keys.append(
          Array(received[..<answer.range.lowerBound] + received[answer.range.upperBound...]))
        return answer.attributes.contains(4)
      }
    }
    keys.append(received)
    return false
  }

  /// The answer among what was typed: `ESC [ ? 62 ; 4 c`, where 4 is for sixels.
  private static func answer(in bytes: [UInt8]) -> (range: Range<Int>, attributes: [Int])? {
    let start = Array("\u{1B}[?".utf8)
    for first in bytes.indices where bytes[first...].starts(with: start) {
      let rest = bytes[(first + start.count)...]
      guard let end = rest.firstIndex(where: { !(0x30...0x3B).contains($0) }) else { return nil }
      guard bytes[end] == UInt8(ascii: "c") else { continue }
      let numbers = rest[..<end].split(separator: UInt8(ascii: ";"))
        .compactMap { Int(String(decoding: $0, as: UTF8.self)) }
      return (first..<end + 1, numbers)
    }
    return nil
  }
}
