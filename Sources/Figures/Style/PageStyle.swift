/// The measures of all figures, in points: type keeps its size whatever the figure's.
enum PageStyle {
  /// The white around everything.
  static let margin = 5.0
  static let titleSizes = [10.5, 9.5, 8.5]
  static let titleLines = 3
  /// The letters of a grid's panels.
  static let letterSize = 10.5
  static let labelSizes = [9.0, 8]
  static let labelLines = 2
  static let tickSize = 8.0
  /// The type of categories' names.
  static let nameSizes = [8.0, 7]
  /// How long the names along an axis are before they are broken, and the most where that is too
  /// short for them, in points.
  static let nameLength = 130.0
  static let mostNameLength = 190.0
  /// The most height that a plot takes for the names of its rows: a page's.
  static let mostHeight = 640.0
  /// The most height that a plot takes for the label of its vertical axis.
  static let mostLabelLength = 120.0
  static let legendSize = 8.0
  /// The type of a heatmap's cells, from the largest wished to the smallest legible.
  static let annotationSizes = [8.0, 7.5, 7, 6.5, 6, 5.5, 5]

  static let titleGap = 6.0
  static let labelGap = 5.0
  static let tickLength = 2.5
  static let minorTickLength = 1.5
  static let tickGap = 2.5
  /// The least space between tick labels, along a row of them and down a column.
  static let rowGap = 7.0
  static let columnGap = 3.0

  /// The distance of ticks that looks best: about five on a short axis, more on a long one.
  static func tickSpacing(length: Double, isHorizontal: Bool) -> Double {
    let bounds = isHorizontal ? (least: 30.0, most: 62.0) : (least: 18, most: 32)
    return min(max(length / 4.5, bounds.least), bounds.most)
  }

  static let spineWidth = 0.6
  static let gridWidth = 0.5
  static let curveWidth = 1.4
  static let rawCurveWidth = 0.7
  static let frontWidth = 1.0
  static let errorWidth = 0.8

  /// The smallest plot that still shows something.
  static let leastPlot = (width: 24.0, height: 10.0)

  /// From the plot's edge to the tick labels.
  static var tickReach: Double { tickLength + tickGap }
}
