/// Breaks words into lines of a width.
struct LineBreaks<Measure: TextMeasure> {
  let width: Double
  let size: Double
  let measure: Measure

  /// Where a word may be broken.
  static var signs: String { "._/-:" }

  /// Whether a line holds a word.
  func fits(_ word: Substring) -> Bool { length(String(word)) <= width }

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

  /// All lines, words broken where they must be.
  func broken(_ paragraphs: [[Substring]]) -> [String] {
    filled(paragraphs.map { $0.flatMap(broken) }, width: width) ?? []
  }

  /// The first `most` of more lines, the last with an ellipsis.
  func cut(_ lines: [String], most: Int) -> [String] {
    guard most > 0 else { return [] }
    return lines[..<(most - 1)] + [shortened(lines[most - 1])]
  }

  /// The beginning of a line and an ellipsis.
  private func shortened(_ line: String) -> String {
    var kept = line
    while !kept.isEmpty, length(kept + "…") > width || endsInMath(kept) && !endsInMath(line) {
      kept.removeLast()
    }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
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

  /// A word in pieces that each fit a line, one character at the least: after a sign where one
  /// stands, as in `model.layers.3.mlp`.
  private func broken(_ word: Substring) -> [Substring] {
    var pieces: [Substring] = []
    var rest = word
    while length(String(rest)) > width, rest.count > 1 {
      // The most letters that fit, by halves.
      var (fitting, most) = (1, rest.count - 1)
      while fitting < most {
        let middle = (fitting + most + 1) / 2
        if length(String(rest.prefix(middle))) <= width {
          fitting = middle
        } else {
          most = middle - 1
        }
      }
      var end = rest.index(rest.startIndex, offsetBy: fitting)
      let middle = rest.index(rest.startIndex, offsetBy: rest[..<end].count / 2)
      if let sign = rest[middle..<end].lastIndex(where: Self.signs.contains) {
        end = rest.index(after: sign)
      } else {
        // In equal pieces, without a stump at the end.
        let count = max(1, (length(String(rest)) / width).rounded(.up))
        let share = Int((Double(rest.count) / count).rounded(.up))
        end = min(end, rest.index(rest.startIndex, offsetBy: max(1, share)))
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

extension Substring {
  /// The parts that each end with one of the signs, the last one aside.
  func pieces(behind signs: String) -> [Substring] {
    var pieces: [Substring] = []
    var rest = self
    while let sign = rest.firstIndex(where: signs.contains) {
      let end = rest.index(after: sign)
      pieces.append(rest[..<end])
      rest = rest[end...]
    }
    return rest.isEmpty ? pieces : pieces + [rest]
  }
}
