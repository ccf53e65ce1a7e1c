/// One or more lines of text of one size, measured.
struct TextBlock: Sendable {
  let lines: [String]
  /// The size of the type in points.
  let size: Double
  var isBold = false
  /// Whether an ellipsis stands for the rest of the text.
  var isCut = false
  /// The width of the widest line.
  let width: Double
  /// From the top to the first baseline.
  let ascent: Double
  /// From the last baseline to the bottom.
  let descent: Double
  /// From one baseline to the next: more than usual where formulas are high.
  let lineHeight: Double

  /// Capitals and digits, as a share of the size; g and p below the line.
  static let capital = 0.73
  private static let descender = 0.21
  private static let leading = 1.22

  var height: Double { ascent + Double(max(lines.count - 1, 0)) * lineHeight + descent }

  /// Lines as they are. Prose keeps room for descenders; a number takes only its ink below.
  init(
    _ lines: [String], size: Double, isNumber: Bool = false, isBold: Bool = false,
    measure: some TextMeasure
  ) {
    let extents = lines.map { measure.extents(of: $0, size: size, isBold: isBold) }
    self.isBold = isBold
    self.lines = lines
    self.size = size
    width = extents.map(\.width).max() ?? 0
    ascent = max(Self.capital * size, extents.first?.ascent ?? 0)
    descent = max(isNumber ? 0 : Self.descender * size, extents.last?.descent ?? 0)
    let ink = zip(extents, extents.dropFirst()).map { $0.descent + $1.ascent }.max() ?? 0
    lineHeight = max(size * Self.leading, ink + 0.1 * size)
  }

  /// `text` broken into at most `most` lines of `width`, in the largest of `sizes` that serves; cut
  /// with an ellipsis where none does. Nil where the text is empty.
  init?(
    fitting text: String, width: Double, sizes: [Double], most: Int, measure: some TextMeasure
  ) {
    let paragraphs = Self.paragraphs(of: text)
    guard !paragraphs.isEmpty else { return nil }
    let isLong = Self.isLong(text)
    for size in sizes {
      let wrap = LineBreaks(width: width, size: size, measure: measure)
      if let lines = wrap.balanced(paragraphs, most: most) {
        self.init(lines, size: size, measure: measure)
        self.isCut = isLong
        return
      }
    }
    let size = sizes.last ?? 8
    let wrap = LineBreaks(width: width, size: size, measure: measure)
    let (broken, isShortened) = wrap.broken(paragraphs)
    let isCut = broken.count > most
    self.init(isCut ? wrap.cut(broken, most: most) : broken, size: size, measure: measure)
    self.isCut = isCut || isShortened || isLong
  }

  /// The least width in which `text` takes at most `most` lines of whole words; 0 where it is empty.
  static func leastWidth(
    of text: String, size: Double, most: Int, measure: some TextMeasure
  ) -> Double {
    let paragraphs = paragraphs(of: text)
    var low = 0.0
    var high =
      paragraphs.map { words in
        measure.extents(of: words.joined(separator: " "), size: size).width
      }.max() ?? 0
    for _ in 0..<10 {
      let middle = (low + high) / 2
      let wrap = LineBreaks(width: middle, size: size, measure: measure)
      if wrap.balanced(paragraphs, most: most) != nil { high = middle } else { low = middle }
    }
    return high
  }

  /// Nobody reads more of a label, and breaking it would take long.
  private static let longest = 600

  private static func isLong(_ text: String) -> Bool { text.unicodeScalars.count > longest }

  /// A line whose mathematics holds no spaces that part words, so that no line ends inside it.
  private static func closed(_ line: Substring) -> Substring {
    guard line.contains("$") else { return line }
    return MathText.parts(of: line).map { part in
      part.isMath ? "$" + part.text.replacing(" ", with: "\u{A0}") + "$" : String(part.text)
    }.joined()[...]
  }

  /// A text in one line, without control characters.
  static func line(of text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    return isPlain ? text : paragraphs(of: text).joined().joined(separator: " ")
  }

  /// The words of each line of the text, control characters read as spaces.
  private static func paragraphs(of text: String) -> [[Substring]] {
    let clean = text.unicodeScalars.prefix(longest).map { scalar -> Character in
      let isControl = scalar != "\n" && scalar.properties.generalCategory == .control
      return isControl ? " " : Character(scalar)
    }
    return (String(clean) + (isLong(text) ? "…" : "")).split(separator: "\n")
      .map { Self.closed($0).split(separator: " ") }.filter { !$0.isEmpty }
  }
}
