/// How the series of one plot differ: in colour, dash, marker and hatching, so that they stay apart
/// in print and to every eye.
struct SeriesStyle {
  enum Marker: CaseIterable {
    case circle, square, triangle, diamond, inverted, cross, plus, pentagon
  }

  /// The lines over an area.
  enum Hatching: CaseIterable {
    case none, rising, falling, level, crossed, upright, dense, grid
  }

  let color: Color
  /// Lengths on and off, in widths of the line; empty is solid.
  let dash: [Double]
  let marker: Marker
  let hatching: Hatching

  /// The style of a series by its position.
  init(position: Int, theme: Theme) {
    let colors = theme.series
    let index = position % colors.count
    color = colors[index]
    // After one round of colours the dashes shift, so that sixteen curves and more still differ.
    dash = Self.dashes[(position + position / colors.count) % Self.dashes.count]
    marker = Marker.allCases[index]
    hatching = Hatching.allCases[index]
  }

  private static let dashes: [[Double]] = [
    [], [5, 2], [1.2, 1.8], [6, 2, 1.2, 2], [9, 3], [3, 1.5, 3, 3], [4, 1.5, 1, 1.5, 1, 1.5],
    [2.5, 1.5],
  ]
}
