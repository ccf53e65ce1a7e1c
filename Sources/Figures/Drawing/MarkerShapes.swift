import Foundation
internal import CCairo

extension CurvePen {
  /// A regular polygon's path, one corner up; `turned` counts in steps from corner to corner.
  func polygon(_ corners: Int, turned: Double, _ x: Double, _ y: Double, _ radius: Double) {
    let angles = (0..<corners).map { 2 * Double.pi * (Double($0) + turned) / Double(corners) }
    path(angles.map { (x + radius * sin($0), y - radius * cos($0)) })
  }

  /// A star's path with slim arms.
  func star(_ arms: Int, turned: Double, _ x: Double, _ y: Double, _ radius: Double) {
    let arm = 2 * Double.pi / Double(arms)
    let corners = (0..<arms).flatMap { index -> [Point] in
      let angle = arm * (Double(index) + turned)
      let half = 0.3
      return [
        (x + radius * sin(angle - half), y - radius * cos(angle - half)),
        (x + radius * sin(angle + half), y - radius * cos(angle + half)),
        (x + radius * 0.42 * sin(angle + arm / 2), y - radius * 0.42 * cos(angle + arm / 2)),
      ]
    }
    path(corners)
  }

  func path(_ points: [Point]) {
    for (index, point) in points.enumerated() {
      index == 0
        ? cairo_move_to(canvas.context, point.x, point.y)
        : cairo_line_to(canvas.context, point.x, point.y)
    }
    cairo_close_path(canvas.context)
  }
}
