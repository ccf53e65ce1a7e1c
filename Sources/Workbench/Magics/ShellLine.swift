import Files
import Foundation
import Language

extension Session {
  /// Runs a command of the shell: what it prints is printed, what it says on standard error is a
  /// notice, and a status that is not 0 is said.
  func runShell(_ command: String) throws {
    guard !command.isEmpty else {
      throw LanguageError("! needs a command of the shell after it, as in !ls")
    }
    if let target = Self.loneChange(command) {
      throw LanguageError(
        "!cd changes the folder of its own shell alone; %cd\(target) changes that of the session")
    }
    var printed = TextDecoder()
    var errors = TextDecoder()
    var line = ""
    var process = try ShellCommand(command, in: folder)
    let ending = try process.wait { stream, bytes in
      switch stream {
      case .output:
        let text = printed.text(of: bytes)
        if !text.isEmpty { output(.printed(text)) }
      case .errors:
        // A return ends a line too: that is how others write their progress.
        for character in errors.text(of: bytes) {
          if character.isNewline {
            if !line.isEmpty { output(.notice(line)) }
            line = ""
          } else {
            line.append(character)
          }
        }
      }
    }
    let last = printed.rest
    if !last.isEmpty { output(.printed(last)) }
    line += errors.rest
    if !line.isEmpty { output(.notice(line)) }
    switch ending {
    case .exited(0): break
    case .exited(let status): output(.notice("the command ended with status \(status)"))
    case .wantedKeyboard:
      output(
        .notice("the command was ended: it wanted the keyboard, which no command here can have"))
    case .killed(let signal):
      let name = strsignal(signal).map { " (\(String(cString: $0).lowercased()))" } ?? ""
      output(.notice("the command was ended by signal \(signal)\(name)"))
    }
  }

  /// Where a command that is `cd` alone would go, with a space before it; nil for any other
  /// command.
  private static func loneChange(_ command: String) -> String? {
    guard command == "cd" || command.hasPrefix("cd "), !command.contains(where: "&|;".contains)
    else { return nil }
    let target = command.dropFirst(2).drop { $0 == " " }
    return target.isEmpty ? "" : " " + target
  }
}

/// Bytes in UTF-8 as text, piece by piece: a character that a piece cuts waits for its rest.
private struct TextDecoder {
  private var pending: [UInt8] = []

  /// The text of the whole characters so far.
  mutating func text(of bytes: ArraySlice<UInt8>) -> String {
    pending += bytes
    let tail = pending.suffix(3).reversed()
    var cut = 0
    for (distance, byte) in tail.enumerated() where byte & 0xC0 != 0x80 {
      let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      cut = needed > distance + 1 ? distance + 1 : 0
      break
    }
    let whole = pending.dropLast(cut)
    defer { pending = Array(pending.suffix(cut)) }
    return String(decoding: whole, as: UTF8.self)
  }

  /// What waits in vain.
  var rest: String { String(decoding: pending, as: UTF8.self) }
}
