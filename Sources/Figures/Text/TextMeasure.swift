/// The size of one line of text, in points around its origin on the baseline.
struct TextExtents {
  /// How far the next glyph would start.
  var advance = 0.0
  /// The left and right ends of the ink.
  var left = 0.0
  var right = 0.0
  /// How far the ink reaches above and below the baseline.
  var ascent = 0.0
  var descent = 0.0

  /// What the line takes: its ink and its advance.
  var width: Double { max(advance, right) + overhang }
  /// How far the ink reaches left of the origin.
  var overhang: Double { max(0, -left) }

  /// The extents with those of a part whose origin lies at `x`, `y` upward.
  func union(_ part: TextExtents, x: Double, y: Double, isFirst: Bool) -> TextExtents {
    TextExtents(
      advance: max(advance, x + part.advance),
      left: isFirst ? x + part.left : min(left, x + part.left),
      right: max(right, x + part.right),
      ascent: isFirst ? y + part.ascent : max(ascent, y + part.ascent),
      descent: isFirst ? part.descent - y : max(descent, part.descent - y))
  }
}

/// What layout asks of a font: a renderer answers with the metrics that it will draw with.
protocol TextMeasure {
  /// The extents of one line at a size in points.
  func extents(of line: String, size: Double, isBold: Bool) -> TextExtents
}

extension TextMeasure {
  func extents(of line: String, size: Double) -> TextExtents {
    extents(of: line, size: size, isBold: false)
  }
}
