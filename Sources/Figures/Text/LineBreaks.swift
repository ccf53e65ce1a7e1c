/// Breaks words into lines of a width.
struct LineBreaks<Measure: TextMeasure> {
  let width: Double
  let size: Double
  let measure: Measure

  /// At most `most` lines of about one length; nil where the words need more lines, or a word needs
  /// breaking.
  func balanced(_ paragraphs: [[Substring]], most: Int) -> [String]? {
    guard let lines = filled(paragraphs, width: width), lines.count <= most else { return nil }
    guard lines.count > 1 else { return lines }
    var best = lines
    var (low, high) = (width / Double(lines.count) * 0.9, width)
    for _ in 0..<8 {
      let middle = (low + high) / 2
      if let narrower = filled(paragraphs, width: middle), narrower.count == lines.count {
        best = narrower
        high = middle
      } else {
        low = middle
      }
    }
    return best
  }

  /// The first `most` lines, words broken where they must be, the last with an ellipsis where more
  /// would follow.
  func cut(_ paragraphs: [[Substring]], most: Int) -> [String] {
    let pieces = paragraphs.map { $0.flatMap(broken) }
    var lines = filled(pieces, width: width) ?? []
    guard lines.count > most, most > 0 else { return lines }
    lines = Array(lines.prefix(most))
    if let last = lines.popLast() { lines.append(shortened(last, ending: "…", always: true)) }
    return lines
  }

  /// `line` itself where it fits, else its beginning and an ellipsis.
  func shortened(_ line: String, ending: String = "…", always: Bool = false) -> String {
    if !always, length(line) <= width { return line }
    var kept = line
    while !kept.isEmpty, length(kept + ending) > width || endsInMath(kept) && !endsInMath(line) {
      kept.removeLast()
    }
    while kept.last == " " { kept.removeLast() }
    return kept + ending
  }

  /// Lines filled one after another; nil where a word is wider than a line.
  private func filled(_ paragraphs: [[Substring]], width: Double) -> [String]? {
    var lines: [String] = []
    for words in paragraphs {
      var line = ""
      for word in words {
        let longer = line.isEmpty ? String(word) : line + " " + word
        if length(longer) <= width {
          line = longer
        } else {
          if !line.isEmpty { lines.append(line) }
          line = String(word)
          if length(line) > width { return nil }
        }
      }
      lines.append(line)
    }
    return lines
  }

  /// A word in pieces that each fit a line; one character at the least.
  private func broken(_ word: Substring) -> [Substring] {
    var pieces: [Substring] = []
    var rest = word
    while length(String(rest)) > width, rest.count > 1 {
      var end = rest.index(after: rest.startIndex)
      while end < rest.endIndex, length(String(rest[...end])) <= width {
        end = rest.index(after: end)
      }
      pieces.append(rest[..<end])
      rest = rest[end...]
    }
    return pieces + [rest]
  }

  /// Whether a dollar sign is left without its second one.
  private func endsInMath(_ text: String) -> Bool {
    text.count { $0 == "$" } % 2 == 1
  }

  private func length(_ line: String) -> Double { measure.extents(of: line, size: size).width }
}
