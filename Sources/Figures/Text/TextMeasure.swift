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
