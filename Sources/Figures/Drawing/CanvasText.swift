internal import CCairo

extension Canvas {
  /// Draws a placed block.
  func draw(_ text: PlacedText, color: Color = .ink) {
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
    draw(text.block, width: width, alignment: text.alignment, color: color)
    cairo_restore(context)
  }

  /// Draws a block's lines from the origin downward, within `width`.
  private func draw(
    _ block: TextBlock, width: Double, alignment: PlacedText.Alignment, color: Color
  ) {
    setColor(color)
    CairoFont.select(on: context, size: block.size)
    for (index, line) in block.lines.enumerated() {
      let extents = CairoFont.extents(of: line, on: context)
      let slack = width - extents.width
      let x =
        switch alignment {
        case .leading: 0.0
        case .center: slack / 2
        case .trailing: slack
        }
      cairo_move_to(
        context, x + extents.overhang, block.ascent + Double(index) * block.lineHeight)
      cairo_show_text(context, line)
    }
    cairo_new_path(context)
  }
}
