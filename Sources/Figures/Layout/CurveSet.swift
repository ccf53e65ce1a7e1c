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

/// An axis of numbers, before its length is known.
struct NumberAxis {
  /// What the data span.
  let range: ClosedRange<Double>
  let isLogarithmic: Bool
  var isInteger = false
  /// `x` or `y`.
  let name: String
  /// Where it begins and ends.
  let limits: AxisLimits
  /// What the axis spans by itself.
  var span: ClosedRange<Double>

  /// - Parameter padding: how much of the axis is left free at its ends.
  init(
    range: ClosedRange<Double>, padding: Double, isLogarithmic: Bool, isInteger: Bool = false,
    name: String, limits: AxisLimits
  ) {
    self.range = range
    self.isLogarithmic = isLogarithmic
    self.isInteger = isInteger
    self.name = name
    self.limits = limits
    span = AxisScale(around: range, padding: padding, isLogarithmic: isLogarithmic).limits
  }

  /// What the axis shows.
  var shown: ClosedRange<Double> { limits.shown(of: span) }

  /// Whether nothing of the data is shown.
  var isEmpty: Bool { !shown.overlaps(range) }

  /// The axis over what the panels share, else over what it shows by itself.
  /// - Throws: `FigureError` for values too large to draw, or limits that a logarithm has not.
  func plan(in panel: Panel, isHorizontal: Bool) throws -> AxisPlan {
    guard max(range.lowerBound.magnitude, range.upperBound.magnitude) <= AxisLimits.most else {
      throw FigureError(
        "the \(name) values reach \(range.lowerBound) to \(range.upperBound): too large to draw")
    }
    let shared = isHorizontal ? panel.spans.x : panel.spans.y
    let shown = shared ?? self.shown
    if isLogarithmic, shown.lowerBound <= 0 {
      throw FigureError(
        "the limits of a logarithmic axis are positive, not \(shown.lowerBound) to "
          + "\(shown.upperBound)")
    }
    return AxisPlan(
      scale: AxisScale(limits: shown, isLogarithmic: isLogarithmic),
      isInteger: isInteger && (shared == nil || panel.spans.isWhole),
      isReversed: limits.isReversed, isHorizontal: isHorizontal)
  }
}

extension [Curve] {
  /// What all curves span; a single place where there is none.
  var extent: (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    let bounds = compactMap(\.bounds)
    return (.union(bounds.map(\.x)), .union(bounds.map(\.y)))
  }

  /// Whether all points stand at whole numbers.
  var areWhole: Bool {
    allSatisfy { curve in curve.stretches.joined().allSatisfy { $0.x == $0.x.rounded() } }
  }
}

extension ClosedRange<Double> {
  /// The range over all of them; 0 where there is none.
  static func union(_ ranges: [ClosedRange<Double>]) -> ClosedRange<Double> {
    let lower = ranges.map(\.lowerBound).min() ?? 0
    return lower...Swift.max(lower, ranges.map(\.upperBound).max() ?? lower)
  }
}
