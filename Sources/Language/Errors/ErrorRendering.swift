extension LanguageError: CustomStringConvertible {
  /// The message alone.
  public var description: String { message }

  /// The error as users see it: the message, the source line, a caret line under the expression at
  /// fault; inside functions the calls that led there, innermost last. At most 20 lines.
  ///
  /// - Parameter width: the columns of the terminal, nil where there is none: in narrow ones the
  ///   message is folded and the source line is cut around its carets.
  public func rendered(width: Int? = nil) -> String {
    var lines = messageLines()
    if let width { lines = lines.map { $0.folded(to: width) } }
    let room = (20 - lines.count) / 2
    let chain = Array(places.reversed())
    if chain.count <= room {
      for place in chain { lines += place.lines(width: width) }
    } else {
      // The first call, the gap's line, then as many of the innermost as fit.
      let kept = max(1, room - 2)
      if let first = chain.first, room > 2 { lines += first.lines(width: width) }
      let hidden = chain.count - kept - (room > 2 ? 1 : 0)
      lines.append("  ... \(hidden) more \(hidden == 1 ? "call" : "calls") ...")
      for place in chain.suffix(kept) { lines += place.lines(width: width) }
    }
    return lines.joined(separator: "\n")
  }

  /// The message cut to lines that leave room for the places.
  private func messageLines() -> [String] {
    let all = message.split(separator: "\n", omittingEmptySubsequences: false)
    var lines = all.prefix(12).map { line in
      line.utf8.count > 2000 ? String(line.prefix(500)) + "..." : String(line)
    }
    if all.count > 12 { lines[11] = "..." }
    return ["error: " + (lines.first ?? "")] + lines.dropFirst()
  }
}

extension LanguageError.Place {
  /// The line's number in its source, from 1.
  public var line: Int { source.line(at: span.start).number }

  /// The source line and the carets below it.
  func lines(width columns: Int?) -> [String] {
    let (number, range) = source.line(at: span.start)
    let place = function.map { ", in \($0)" } ?? ""
    let head = "  \(source.name), line \(number)\(place):  "
    let most = columns.map { min(Self.longest, max(Self.shortest, $0 - width(of: head))) }
    let window = visible(range, most: most ?? Self.longest)
    var text = window.isCut ? "..." : ""
    var padding = width(of: head) + text.count
    var carets = 0
    for offset in window.range {
      let shown = Self.shown(source.scalars[offset])
      text += shown
      if offset < span.start {
        padding += width(of: shown)
      } else if offset < span.end {
        carets += width(of: shown)
      }
    }
    if window.range.upperBound < range.upperBound { text += "..." }
    let line = (head + text).trimmingTrailingSpaces()
    return [
      line, String(repeating: " ", count: padding) + String(repeating: "^", count: max(1, carets)),
    ]
  }

  /// The most and the fewest scalars of a source line that are shown.
  private static let (longest, shortest) = (100, 16)

  /// At most so many scalars of the line, dots counted, around the start of the span, leading
  /// spaces left out, and whether its start is cut.
  private func visible(_ line: Range<Int>, most: Int) -> (range: Range<Int>, isCut: Bool) {
    var start = line.lowerBound
    while start < line.upperBound, start < span.start,
      source.scalars[start] == " " || source.scalars[start] == "\t"
    {
      start += 1
    }
    if line.upperBound - start <= most { return (start..<line.upperBound, false) }
    let caret = min(max(span.start, start), line.upperBound)
    // Three dots at either end.
    let kept = most - 6
    let first = min(max(start, caret - most * 2 / 5), line.upperBound - kept)
    return (first..<min(first + kept, line.upperBound), first > start)
  }

  /// A scalar as it stands in the shown line: tabs and control characters would move the carets.
  private static func shown(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: " "
    case .format where scalar != "\u{200D}": ""
    default: String(scalar)
    }
  }
}

/// The columns that a text takes on a terminal.
private func width(of text: String) -> Int {
  text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
}

private func width(of scalar: Unicode.Scalar) -> Int {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format, .control: return 0
  default: break
  }
  switch scalar.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    return 2
  default:
    return scalar.properties.isEmojiPresentation ? 2 : 1
  }
}

extension String {
  fileprivate func trimmingTrailingSpaces() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
