internal import CCairo

extension Canvas {
  /// Rectangles of cells that are masked: thin diagonals on the ground.
  func hatch(_ rectangles: [Rectangle]) {
    guard let first = rectangles.first else { return }
    var all = first
    cairo_save(context)
    for rectangle in rectangles {
      cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
      all = Rectangle.union([all, rectangle])
    }
    setColor(theme.ground)
    cairo_fill_preserve(context)
    cairo_clip(context)
    strokeDiagonals(in: all, spacing: 3, width: 0.5, isRising: true, theme.faint)
    cairo_restore(context)
  }

  /// The hatching of a series over an area that is its colour already.
  func hatch(_ rectangle: Rectangle, _ hatching: SeriesStyle.Hatching) {
    cairo_save(context)
    cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
    cairo_clip(context)
    let (color, width) = (theme.ground, 0.6)
    func diagonals(_ spacing: Double, isRising: Bool) {
      strokeDiagonals(in: rectangle, spacing: spacing, width: width, isRising: isRising, color)
    }
    switch hatching {
    case .none: break
    case .rising: diagonals(4, isRising: true)
    case .falling: diagonals(4, isRising: false)
    case .crossed:
      diagonals(5, isRising: true)
      diagonals(5, isRising: false)
    case .dense: diagonals(2.5, isRising: true)
    case .level: strokeLevels(in: rectangle, spacing: 4, width: width, isUpright: false, color)
    case .upright: strokeLevels(in: rectangle, spacing: 4, width: width, isUpright: true, color)
    case .grid:
      strokeLevels(in: rectangle, spacing: 4, width: width, isUpright: false, color)
      strokeLevels(in: rectangle, spacing: 4, width: width, isUpright: true, color)
    }
    cairo_restore(context)
  }

  /// A frame around something that is to be seen on any colour.
  func frame(_ rectangle: Rectangle) {
    outline(rectangle.inset(0.3), width: 2, theme.ground)
    outline(rectangle.inset(0.3), width: 1, theme.ink)
  }

  private func strokeDiagonals(
    in area: Rectangle, spacing: Double, width: Double, isRising: Bool, _ color: Color
  ) {
    // From a place that the area does not set, so that neighbours' lines meet.
    let step = spacing * 2.0.squareRoot()
    let start = ((area.x - area.height) / step).rounded(.down) * step
    for x in Swift.stride(from: start, to: area.maxX + area.height + step, by: step) {
      let low = isRising ? x : x + area.height
      let high = isRising ? x + area.height : x
      cairo_move_to(context, low, area.maxY)
      cairo_line_to(context, high, area.y)
    }
    stroke(width, color)
  }

  private func strokeLevels(
    in area: Rectangle, spacing: Double, width: Double, isUpright: Bool, _ color: Color
  ) {
    let (from, to) = isUpright ? (area.x, area.maxX) : (area.y, area.maxY)
    for place in Swift.stride(from: from + spacing / 2, to: to, by: spacing) {
      cairo_move_to(context, isUpright ? place : area.x, isUpright ? area.y : place)
      cairo_line_to(context, isUpright ? place : area.maxX, isUpright ? area.maxY : place)
    }
    stroke(width, color)
  }

  private func stroke(_ width: Double, _ color: Color) {
    setColor(color)
    cairo_set_line_width(context, width)
    cairo_set_line_cap(context, CAIRO_LINE_CAP_BUTT)
    cairo_stroke(context)
  }
}
