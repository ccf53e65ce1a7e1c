/// One or more lines of text of one size, measured.
struct TextBlock: Sendable {
  let lines: [String]
  /// The size of the type in points.
  let size: Double
  var isBold = false
  /// The width of the widest line.
  let width: Double
  /// From the top to the first baseline.
  let ascent: Double
  /// From the last baseline to the bottom.
  let descent: Double

  /// Capitals and digits, as a share of the size; g and p below the line.
  static let capital = 0.73
  private static let descender = 0.21
  private static let leading = 1.22

  /// From one baseline to the next.
  var lineHeight: Double { size * Self.leading }
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
  }

  /// `text` broken into at most `most` lines of `width`, in the largest of `sizes` that serves; cut
  /// with an ellipsis where none does. Nil where the text is empty.
  init?(
    fitting text: String, width: Double, sizes: [Double], most: Int, measure: some TextMeasure
  ) {
    let paragraphs = Self.paragraphs(of: text)
    guard !paragraphs.isEmpty else { return nil }
    for size in sizes {
      let wrap = LineBreaks(width: width, size: size, measure: measure)
      if let lines = wrap.balanced(paragraphs, most: most) {
        self.init(lines, size: size, measure: measure)
        return
      }
    }
    let size = sizes.last ?? 8
    let wrap = LineBreaks(width: width, size: size, measure: measure)
    self.init(wrap.cut(paragraphs, most: most), size: size, measure: measure)
  }

  /// Nobody reads more of a label, and breaking it would take long.
  private static let longest = 600

  /// A line whose mathematics holds no spaces, so that no line ends inside it.
  private static func closed(_ line: Substring) -> Substring {
    guard line.contains("$") else { return line }
    var result = ""
    var rest = line
    while let character = rest.popFirst() {
      result.append(character)
      guard character == "$", let end = MathText.end(ofMathIn: rest) else { continue }
      result += rest[...end].replacing(" ", with: "")
      rest = rest[rest.index(after: end)...]
    }
    return result[...]
  }

  /// The words of each line of the text, control characters read as spaces.
  private static func paragraphs(of text: String) -> [[Substring]] {
    let clean = text.unicodeScalars.prefix(longest).map { scalar -> Character in
      let isControl = scalar != "\n" && scalar.properties.generalCategory == .control
      return isControl ? " " : Character(scalar)
    }
    return String(clean).split(separator: "\n")
      .map { Self.closed($0).split(separator: " ") }.filter { !$0.isEmpty }
  }
}
