/// How the curves of one plot differ: in colour, dash and marker, so that they stay apart in print
/// and to every eye.
struct SeriesStyle {
  enum Marker: CaseIterable {
    case circle, square, triangle, diamond, inverted, cross, plus, pentagon
  }

  let color: Color
  /// Lengths on and off, in widths of the line; empty is solid.
  let dash: [Double]
  let marker: Marker

  /// The style of a series by its position.
  init(position: Int) {
    let index = position % Self.colors.count
    color = Self.colors[index]
    // After one round of colours the dashes shift, so that sixteen curves and more still differ.
    dash = Self.dashes[(position + position / Self.colors.count) % Self.dashes.count]
    marker = Marker.allCases[index]
  }

  /// Six colours after Okabe and Ito (2008), whose yellow is too pale for lines on white, and
  /// two darker ones of our own in place of it and of black.
  static let colors = [
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x3B2E7E, 0x6B6B6B,
  ].map { Color(hex: $0) }

  private static let dashes: [[Double]] = [
    [], [5, 2], [1.2, 1.8], [6, 2, 1.2, 2], [9, 3], [3, 1.5, 3, 3], [4, 1.5, 1, 1.5, 1, 1.5],
    [2.5, 1.5],
  ]
}
