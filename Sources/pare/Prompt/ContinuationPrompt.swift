internal import CReadline
import Foundation

/// Draws the line editor's text with `... ` before every line after the first, and of a cell that
/// is higher than the terminal the lines around the cursor.
///
/// Readline knows one prompt only, and nothing of a screen that is too low. While it draws, its
/// buffer is a copy with the dots in it, and the cursor is moved along; nothing else ever sees
/// them.
enum ContinuationPrompt {
  private static let dots = Array("... ".utf8)
  private static let newline = UInt8(ascii: "\n")

  static func redisplay() {
    let end = Int(pare_rl_end())
    guard let line = pare_rl_line(), end > 0 else { return rl_redisplay() }
    let bytes = Array(UnsafeRawBufferPointer(start: line, count: end))
    guard bytes.contains(newline) else { return rl_redisplay() }
    let (point, mark) = (pare_rl_point(), pare_rl_mark())
    var window = Window(bytes, cursor: Int(point), screen: screen)
    let (shownPoint, shownMark) = (window.place(of: Int(point)), window.place(of: Int(mark)))
    let length = window.shown.count
    window.shown.append(0)
    window.shown.withUnsafeMutableBytes { buffer in
      pare_rl_set_line(buffer.bindMemory(to: CChar.self).baseAddress)
      pare_rl_set_end(Int32(length))
      pare_rl_set_point(Int32(shownPoint))
      pare_rl_set_mark(Int32(shownMark))
      rl_redisplay()
    }
    pare_rl_set_line(line)
    pare_rl_set_end(Int32(end))
    pare_rl_set_point(point)
    pare_rl_set_mark(mark)
  }

  /// The rows and columns of the terminal.
  static var screen: (rows: Int, columns: Int) {
    var (rows, columns): (Int32, Int32) = (0, 0)
    rl_get_screen_size(&rows, &columns)
    return (max(2, Int(rows)), max(8, Int(columns)))
  }

  /// Rows of the screen from the first one of the text to that of the cursor.
  static var rowsAboveCursor: Int {
    let cursor = max(0, Int(pare_rl_point()))
    guard let line = pare_rl_line() else { return 0 }
    let bytes = Array(UnsafeRawBufferPointer(start: line, count: max(0, Int(pare_rl_end()))))
    let window = Window(bytes, cursor: cursor, screen: screen)
    let before = window.shown.prefix(window.place(of: cursor))
    let rows = before.split(separator: newline, omittingEmptySubsequences: false).enumerated().map {
      Window.rows($1.count + ($0 == 0 ? dots.count : 0), screen.columns)
    }
    return max(0, rows.reduce(0, +) - 1)
  }

  /// What is shown of a text.
  private struct Window {
    /// The text with its dots.
    var shown: [UInt8] = []
    /// Of each line that is shown where it begins in the text and in what is shown.
    private var starts: [(text: Int, shown: Int)] = []
    private let length: Int

    init(_ bytes: [UInt8], cursor: Int, screen: (rows: Int, columns: Int)) {
      let lines = bytes.split(separator: newline, omittingEmptySubsequences: false)
      let heights = lines.map { Self.rows($0.count + dots.count, screen.columns) }
      let current = max(0, (lines.lastIndex { $0.startIndex <= cursor } ?? 0))
      let range = Self.lines(around: current, heights, room: screen.rows - 1)
      if range.lowerBound > 0 {
        shown += Self.remark(range.lowerBound, "above")
      }
      for index in range {
        if !shown.isEmpty || index > range.lowerBound { shown += [newline] + dots }
        starts.append((lines[index].startIndex, shown.count))
        shown += lines[index]
      }
      let below = lines.count - range.upperBound
      if below > 0 { shown += [newline] + Self.remark(below, "below") }
      length = shown.count
    }

    private static func remark(_ count: Int, _ place: String) -> [UInt8] {
      Array("(\(count) \(count == 1 ? "line" : "lines") \(place))".utf8)
    }

    /// The lines that fit, the current one among them and about in the middle.
    private static func lines(around current: Int, _ heights: [Int], room: Int) -> Range<Int> {
      if heights.reduce(0, +) <= room { return 0..<heights.count }
      // Two rows say what is above and below.
      var left = room - 2 - heights[current]
      var (first, last) = (current, current)
      while true {
        var hasGrown = false
        if last + 1 < heights.count, heights[last + 1] <= left {
          last += 1
          left -= heights[last]
          hasGrown = true
        }
        if first > 0, heights[first - 1] <= left {
          first -= 1
          left -= heights[first]
          hasGrown = true
        }
        if !hasGrown { return first..<last + 1 }
      }
    }

    static func rows(_ length: Int, _ columns: Int) -> Int {
      max(1, (length + columns - 1) / columns)
    }

    /// An offset into the text as one into what is shown.
    func place(of offset: Int) -> Int {
      guard let start = starts.last(where: { $0.text <= offset }) ?? starts.first else { return 0 }
      return min(length, start.shown + max(0, offset - start.text))
    }
  }
}
