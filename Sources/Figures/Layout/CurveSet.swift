/// What the layout of curves, points or bars asks of a plot.
struct CurveSet {
  /// What stands on the axes.
  let curves: [Curve]
  /// What is filled, in places of the axes.
  var areas: [(x: ClosedRange<Double>, y: ClosedRange<Double>)] = []
  /// What the legend lists.
  let legend: [LegendItem]
  let xPlan: AxisPlan
  let yPlan: AxisPlan
  /// Whether the vertical axis begins at the top.
  var startsAtTop = false
}

extension [Curve] {
  /// What all curves span; a single place where there is none.
  var extent: (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    let bounds = compactMap(\.bounds)
    return (.union(bounds.map(\.x)), .union(bounds.map(\.y)))
  }

  /// Whether all points stand at whole numbers.
  var areWhole: Bool { allSatisfy(\.isWhole) }
}

extension ClosedRange<Double> {
  /// The range over all of them; 0 where there is none.
  static func union(_ ranges: [ClosedRange<Double>]) -> ClosedRange<Double> {
    let lower = ranges.map(\.lowerBound).min() ?? 0
    return lower...Swift.max(lower, ranges.map(\.upperBound).max() ?? lower)
  }
}
