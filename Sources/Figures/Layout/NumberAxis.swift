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
  var shown: ClosedRange<Double> { limits.shown(of: span, isLogarithmic: isLogarithmic) }

  /// Whether the limits that were asked for leave nothing of the data.
  var isEmpty: Bool { limits != .automatic && !shown.overlaps(range) }

  /// - Throws: `FigureError` for values too large to draw, or limits that a logarithm has not.
  func check() throws {
    guard max(range.lowerBound.magnitude, range.upperBound.magnitude) <= AxisLimits.most else {
      throw FigureError(
        "the \(name) values reach \(range.lowerBound) to \(range.upperBound): too large to draw")
    }
    for limit in [limits.start, limits.end].compactMap(\.self)
    where isLogarithmic && limit < AxisScale.leastLogarithmic {
      throw FigureError("\(name)lim: a logarithmic axis has numbers above 0, not \(limit)")
    }
  }

  /// The axis over what the panels share, else over what it shows by itself.
  /// - Throws: `FigureError` as `check` does.
  func plan(in panel: Panel, isHorizontal: Bool) throws -> AxisPlan {
    try check()
    let shared = isHorizontal ? panel.spans.x : panel.spans.y
    return AxisPlan(
      scale: AxisScale(limits: shared ?? shown, isLogarithmic: isLogarithmic),
      isInteger: isInteger && (shared == nil || panel.spans.isWhole),
      isReversed: limits.isReversed, isHorizontal: isHorizontal)
  }
}
