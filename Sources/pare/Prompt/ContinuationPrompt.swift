internal import CReadline
import Foundation

/// Draws the line editor's text with `... ` before every line after the first.
///
/// Readline knows one prompt only. While it draws, its buffer is a copy with the dots in it, and
/// the cursor is moved along; nothing else ever sees them.
enum ContinuationPrompt {
  private static let text = Array("... ".utf8)
  private static let newline = UInt8(ascii: "\n")

  static func redisplay() {
    let end = Int(pare_rl_end())
    guard let line = pare_rl_line(), end > 0 else { return rl_redisplay() }
    let bytes = UnsafeRawBufferPointer(start: line, count: end)
    guard bytes.contains(newline) else { return rl_redisplay() }

    var shown: [CChar] = []
    shown.reserveCapacity(end + 64)
    for byte in bytes {
      shown.append(CChar(bitPattern: byte))
      if byte == newline { shown += text.map { CChar(bitPattern: $0) } }
    }
    let length = shown.count
    shown.append(0)
    let (point, mark) = (pare_rl_point(), pare_rl_mark())
    shown.withUnsafeMutableBufferPointer { buffer in
      pare_rl_set_line(buffer.baseAddress)
      pare_rl_set_end(Int32(length))
      pare_rl_set_point(moved(point, over: bytes))
      pare_rl_set_mark(moved(mark, over: bytes))
      rl_redisplay()
    }
    pare_rl_set_line(line)
    pare_rl_set_end(Int32(end))
    pare_rl_set_point(point)
    pare_rl_set_mark(mark)
  }

  /// An offset into the text as one into the shown text.
  private static func moved(_ offset: Int32, over bytes: UnsafeRawBufferPointer) -> Int32 {
    let lines = bytes.prefix(max(0, Int(offset))).count { $0 == newline }
    return offset + Int32(lines * text.count)
  }
}
