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

  /// All lines, words broken where they must be, and whether an ellipsis stands for any part that
  /// cannot be.
  func broken(_ paragraphs: [[Substring]]) -> (lines: [String], isCut: Bool) {
    var isCut = false
    let pieces = paragraphs.map { words in
      words.flatMap { word -> [Substring] in
        guard !fits(word) else { return [word] }
        guard MathText.parts(of: word).contains(where: \.isMath) else { return broken(word) }
        let formula = FormulaBreaks(word).pieces { length($0) <= width }
        isCut = isCut || formula.isCut
        return formula.pieces.map { $0[...] }
      }
    }
    return (filled(pieces, width: width) ?? [], isCut)
  }

  /// The first `most` of more lines, the last with an ellipsis.
  func cut(_ lines: [String], most: Int) -> [String] {
    guard most > 0 else { return [] }
    return lines[..<(most - 1)] + [shortened(lines[most - 1])]
  }

  /// The beginning of a line and an ellipsis.
  private func shortened(_ line: String) -> String {
    var kept = line
    while !kept.isEmpty,
      length(kept + "…") > width || MathText.isOpen(kept) && !MathText.isOpen(line)
    {
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
    while !fits(rest), rest.count > 1 {
      // The most letters that fit, by halves.
      var (fitting, most) = (1, rest.count - 1)
      while fitting < most {
        let middle = (fitting + most + 1) / 2
        if fits(rest.prefix(middle)) {
          fitting = middle
        } else {
          most = middle - 1
        }
      }
      var end = rest.index(rest.startIndex, offsetBy: fitting)
      if let sign = rest[..<end].lastIndex(where: Self.signs.contains),
        isGood(rest.index(after: sign), in: rest, fitting: end)
      {
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

  /// Whether a line that ends behind a sign leaves no stump: it is half full at the least, or what
  /// comes up to the next sign has a line of its own.
  private func isGood(_ place: String.Index, in rest: Substring, fitting end: String.Index) -> Bool
  {
    let next = rest[place...].pieces(behind: Self.signs).first ?? ""
    return rest[..<place].count * 2 >= rest[..<end].count || fits(next)
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
