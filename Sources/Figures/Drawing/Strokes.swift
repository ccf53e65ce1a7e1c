internal import CCairo
import Foundation

extension Canvas {
  typealias Point = (x: Double, y: Double)

  /// Draws a line through points, as finely as the device can show it.
  /// - Parameters:
  ///   - dash: the lengths of dashes and gaps in line widths; empty for a solid line.
  ///   - dashStart: how far into the dashes the line begins, in points.
  func stroke(
    _ points: [Point], width: Double, _ color: Color, dash: [Double] = [], dashStart: Double = 0,
    opacity: Double = 1
  ) {
    guard !points.isEmpty, !isStopped else { return }
    let points = thinned(points, pitch: max(1 / resolution, width / 4))
    // The pieces of a line are laid over each other before they let through what is behind them.
    let isGroup = opacity < 1 && points.count > Self.longStroke
    if isGroup { cairo_push_group(context) }
    setColor(color, opacity: isGroup ? 1 : opacity)
    cairo_set_line_width(context, width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    let isSolid = dash.isEmpty || points.count == 1
    cairo_set_line_cap(context, isSolid ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    let lengths = isSolid ? [] : dash.map { $0 * width }
    // Nobody sees the edges of a tangle, and smooth ones take seven times as long.
    let isTangle = points.count > Self.tangle
    cairo_set_antialias(context, isTangle ? CAIRO_ANTIALIAS_FAST : CAIRO_ANTIALIAS_DEFAULT)
    var start = 0
    var offset = dashStart
    repeat {
      let end = min(
        start + (points.count > Self.longStroke ? Self.piece : points.count), points.count)
      let piece = points[max(start - 1, 0)..<end]
      cairo_set_dash(context, lengths, Int32(lengths.count), offset)
      stroke(piece)
      if !isSolid { offset += Self.length(of: piece) }
      start = end
    } while start < points.count && !isStopped
    cairo_set_dash(context, [], 0, 0)
    cairo_set_antialias(context, CAIRO_ANTIALIAS_DEFAULT)
    guard isGroup else { return }
    cairo_pop_group_to_source(context)
    cairo_paint_with_alpha(context, opacity)
  }

  /// Cairo's time for a stroke grows with the square of its segments where they lie beside each
  /// other, so a long line is drawn in pieces.
  private static let longStroke = 1000
  private static let piece = 100
  /// So many points are left of a line where no thinning reached it.
  static let tangle = 20_000
  /// A column so many times as high as wide looks like a line of its own.
  private static let tallColumn = 10.0

  private func stroke(_ points: ArraySlice<Point>) {
    guard let first = points.first else { return }
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    // A round cap makes a lone point visible.
    if points.count == 1 { cairo_line_to(context, first.x, first.y) }
    cairo_stroke(context)
  }

  private static func length(of points: ArraySlice<Point>) -> Double {
    zip(points, points.dropFirst()).reduce(0) { sum, ends in
      sum + hypot(ends.1.x - ends.0.x, ends.1.y - ends.0.y)
    }
  }

  /// A line to compare with, by its position among them.
  func strokeReference(_ position: Int, _ points: [Point]) {
    let dashes: [[Double]] = [[5, 3], [1.5, 2], [7, 2, 1.5, 2]]
    stroke(points, width: PageStyle.frontWidth, theme.faint, dash: dashes[position % dashes.count])
  }

  /// The outline of what was there before.
  func strokeGhost(_ rectangle: Rectangle) {
    stroke(
      rectangle.corners + rectangle.corners.prefix(1), width: PageStyle.errorWidth, theme.faint,
      dash: [3, 2])
  }

  /// The points that a line can show, after Jugel and others, "M4" (2014): of each column, `pitch`
  /// points wide, the first, the last and the extremes. Where a column is
  /// tall the extremes cover the others. A curve that turns back stays whole.
  private func thinned(_ points: [Point], pitch: Double) -> [Point] {
    guard points.count > 2000 else { return points }
    var result: [Point] = []
    var start = points.startIndex
    func column(_ index: Int) -> Double { (points[index].x / pitch).rounded(.down) }
    while start < points.endIndex {
      var (end, low, high) = (start + 1, start, start)
      while end < points.endIndex, column(end) == column(start) {
        if points[end].y < points[low].y { low = end }
        if points[end].y > points[high].y { high = end }
        end += 1
      }
      var last = -1
      let isTall = points[high].y - points[low].y > Self.tallColumn * pitch
      let kept =
        isTall
        ? [min(low, high), max(low, high)] : [start, min(low, high), max(low, high), end - 1]
      for index in kept where index > last {
        result.append(points[index])
        last = index
      }
      start = end
    }
    return result
  }
}
