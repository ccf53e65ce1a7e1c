internal import CCairo

extension Canvas {
  /// Draws a placed block; in the theme's ink without a colour.
  func draw(_ text: PlacedText, color: Color? = nil) {
    let box = text.rectangle
    cairo_save(context)
    var width = box.width
    if text.isRotated {
      cairo_translate(context, box.x, box.maxY)
      cairo_rotate(context, -Double.pi / 2)
      width = box.height
    } else {
      cairo_translate(context, box.x, box.y)
    }
    draw(text.block, width: width, alignment: text.alignment, color: color ?? theme.ink)
    cairo_restore(context)
  }

  /// Draws a block's lines from the origin downward, within `width`.
  private func draw(
    _ block: TextBlock, width: Double, alignment: PlacedText.Alignment, color: Color
  ) {
    setColor(color)
    for (index, line) in block.lines.enumerated() {
      let extents = extents(of: line, size: block.size, isBold: block.isBold)
      let slack = width - extents.width
      let x =
        switch alignment {
        case .leading: 0.0
        case .center: slack / 2
        case .trailing: slack
        }
      font.draw(
        line, size: block.size, isBold: block.isBold, x: x + extents.overhang,
        y: block.ascent + Double(index) * block.lineHeight, on: context)
    }
  }
}

extension Canvas: TextMeasure {
  func extents(of line: String, size: Double, isBold: Bool) -> TextExtents {
    font.extents(of: line, size: size, isBold: isBold, on: context)
  }
}
