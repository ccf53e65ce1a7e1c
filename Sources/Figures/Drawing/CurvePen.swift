internal import CCairo

/// Draws in the style of one series.
struct CurvePen {
  let canvas: Canvas
  let style: SeriesStyle
  let color: Color

  /// The pen of a series by its position.
  init(canvas: Canvas, position: Int) {
    self.canvas = canvas
    style = SeriesStyle(position: position, theme: canvas.theme)
    color = style.color
  }

  /// The pen of points to compare with: the markers of a series, in grey.
  init(canvas: Canvas, comparisonPosition position: Int) {
    self.canvas = canvas
    style = SeriesStyle(position: position, theme: canvas.theme)
    color = canvas.theme.faint
  }

  typealias Point = Canvas.Point

  private static let markerRadius = 2.3
  /// From a marker's middle to the end of its rim.
  static let markerReach = 4.0

  /// Draws a curve's band and lines.
  func draw(_ curve: Curve, in layout: FigureLayout) {
    func place(_ point: Curve.Point, _ value: Double) -> Point {
      (layout.xAxis.position(of: point.x), layout.yAxis.position(of: value))
    }
    if curve.hasBand { curve.measured.forEach { fillBand($0, place) } }
    for stretch in curve.raw {
      canvas.stroke(
        stretch.map { place($0, $0.y) }, width: PageStyle.rawCurveWidth, color, opacity: 0.3)
    }
    for stretch in curve.stretches { strokeLine(stretch.map { place($0, $0.y) }) }
  }

  /// The curve's own line.
  func strokeLine(_ points: [Point]) {
    canvas.stroke(points, width: PageStyle.curveWidth, color, dash: style.dash)
  }

  /// A piece of the curve's line, whose dashes lie evenly around its middle.
  func strokeSample(from start: Double, to end: Double, y: Double) {
    let first = (style.dash.first ?? 0) * PageStyle.curveWidth
    canvas.stroke(
      [(start, y), (end, y)], width: PageStyle.curveWidth, color, dash: style.dash,
      dashStart: (first - (end - start)) / 2)
  }

  /// An area in the series' colour and hatching.
  func fillArea(_ rectangle: Rectangle) {
    canvas.fill(rectangle, color)
    canvas.hatch(rectangle, style.hatching)
  }

  /// A polygon in the series' colour.
  func fillPolygon(_ points: [Point], opacity: Double) {
    path(points)
    canvas.setColor(color, opacity: opacity)
    cairo_fill(canvas.context)
  }

  /// The edges of a band: of the points in one column of pixels the outermost ones.
  private func edges(
    _ stretch: [Curve.Point], _ place: (Curve.Point, Double) -> Point
  ) -> (upper: [Point], lower: [Point]) {
    var (upper, lower): ([Point], [Point]) = ([], [])
    var column = Double.nan
    for point in stretch {
      let (high, low) = (place(point, point.upper), place(point, point.lower))
      let here = (high.x * canvas.resolution).rounded(.down)
      if here == column, stretch.count > 2000, let lastUpper = upper.last,
        let lastLower = lower.last
      {
        upper[upper.count - 1].y = min(lastUpper.y, high.y)
        lower[lower.count - 1].y = max(lastLower.y, low.y)
      } else {
        upper.append(high)
        lower.append(low)
        column = here
      }
    }
    return (upper, lower)
  }

  private func fillBand(
    _ stretch: [Curve.Point], _ place: (Curve.Point, Double) -> Point
  ) {
    let context = canvas.context
    let (upper, lower) = edges(stretch, place)
    path(upper + lower.reversed())
    canvas.setColor(color, opacity: 0.18)
    cairo_fill(context)
  }

  /// The style's marker with a thin rim of the ground.
  func drawMarker(_ place: Point, opacity: Double = 1) {
    let (x, y) = place
    let context = canvas.context
    let radius = Self.markerRadius
    switch style.marker {
    case .circle:
      cairo_new_sub_path(context)
      cairo_arc(context, x, y, radius, 0, 2 * Double.pi)
    case .square: polygon(4, turned: 0.5, x, y, radius * 1.2)
    case .diamond: polygon(4, turned: 0, x, y, radius * 1.25)
    case .triangle: polygon(3, turned: 0, x, y, radius * 1.3)
    case .inverted: polygon(3, turned: 0.5, x, y, radius * 1.3)
    case .pentagon: polygon(5, turned: 0, x, y, radius * 1.15)
    case .plus: star(4, turned: 0, x, y, radius * 1.3)
    case .cross: star(4, turned: 0.5, x, y, radius * 1.3)
    }
    canvas.setColor(canvas.theme.ground)
    cairo_set_line_width(context, 0.9)
    cairo_stroke_preserve(context)
    canvas.setColor(color, opacity: opacity)
    cairo_fill(context)
  }
}
