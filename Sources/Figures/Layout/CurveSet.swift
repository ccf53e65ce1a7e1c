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
  /// How much of the axis is left free at its ends.
  let padding: Double
  let isLogarithmic: Bool
  var isInteger = false
  /// `x` or `y`.
  let name: String

  /// What the axis spans by itself.
  var span: ClosedRange<Double> {
    AxisScale(around: range, padding: padding, isLogarithmic: isLogarithmic).limits
  }

  /// The axis between the limits that are asked for, else around the data.
  /// - Throws: `FigureError` for values too large to draw, or limits that a logarithm has not.
  func plan(limits: ClosedRange<Double>?, isHorizontal: Bool) throws -> AxisPlan {
    guard max(range.lowerBound.magnitude, range.upperBound.magnitude) <= 1e300 else {
      throw FigureError(
        "the \(name) values reach \(range.lowerBound) to \(range.upperBound): too large to draw")
    }
    if let limits, isLogarithmic, limits.lowerBound <= 0 {
      throw FigureError(
        "the limits of a logarithmic axis are positive, not \(limits.lowerBound) to "
          + "\(limits.upperBound)")
    }
    let scale =
      limits.map { AxisScale(limits: $0, isLogarithmic: isLogarithmic) }
      ?? AxisScale(around: range, padding: padding, isLogarithmic: isLogarithmic)
    return AxisPlan(scale: scale, isInteger: isInteger, isHorizontal: isHorizontal)
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
