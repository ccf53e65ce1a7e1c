import Foundation

/// A stretch of numbers laid along a line, evenly or by its logarithm.
struct AxisScale: Sendable {
  let limits: ClosedRange<Double>
  let isLogarithmic: Bool

  /// The place of a value: 0 at the lower limit, 1 at the upper.
  func fraction(of value: Double) -> Double {
    let (lower, upper) = (limits.lowerBound, limits.upperBound)
    guard isLogarithmic else { return (value - lower) / (upper - lower) }
    // Quotients of far numbers would leave the range of doubles.
    return (log10(value) - log10(lower)) / (log10(upper) - log10(lower))
  }

  /// Where an error that reaches zero ends on a logarithmic axis: beyond what any of them shows, so
  /// that the line or band runs off the plot.
  static let belowLogarithms = Double.leastNormalMagnitude

  /// The smallest number that a logarithmic axis shows.
  static let leastLogarithmic = 1e-300

  /// A scale over `range` with `share` of its length more at both ends.
  init(around range: ClosedRange<Double>, padding share: Double, isLogarithmic: Bool) {
    self.isLogarithmic = isLogarithmic
    let range = widened(range)
    if isLogarithmic {
      let lower = max(range.lowerBound, .leastNormalMagnitude)
      let (low, high) = (log10(lower), log10(max(range.upperBound, lower * (1 + 1e-9))))
      let pad = (high - low) * share
      let top = pow(10, min(high + pad, 308))
      limits = min(max(pow(10, low - pad), .leastNormalMagnitude), top * 0.9)...top
    } else {
      let pad = (range.upperBound - range.lowerBound) * share
      limits = (range.lowerBound - pad)...(range.upperBound + pad)
    }
  }

  /// A scale of exactly these limits.
  init(limits: ClosedRange<Double>, isLogarithmic: Bool = false) {
    self.limits = limits
    self.isLogarithmic = isLogarithmic
  }
}

/// The range itself or, where it is a single value, a range around it.
func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
  let size = max(range.lowerBound.magnitude, range.upperBound.magnitude)
  // Below this the ticks of an axis could not be told apart.
  guard range.upperBound - range.lowerBound <= max(size * 1e-9, 1e-300) else { return range }
  let reach = size < 1e-300 ? 1 : size * 0.1
  return (range.lowerBound - reach)...(range.upperBound + reach)
}

/// A labelled place on an axis.
struct Tick: Sendable, Equatable {
  let value: Double
  let label: String
}

/// The ticks of an axis.
struct AxisTicks: Sendable, Equatable {
  var major: [Tick] = []
  /// The places of short ticks without labels.
  var minor: [Double] = []
  /// How the labels are broken and turned.
  var style = TickStyle()
  /// How many places have names that are left out.
  var unnamed = 0
}

/// How the labels of ticks are set: numbers in one line, names of categories as there is room.
struct TickStyle: Sendable, Equatable {
  /// The size of the type in points.
  var size = PageStyle.tickSize
  /// The most width of a line, in points; nil never breaks.
  var width: Double?
  /// The most lines of a label.
  var lines = 1
  /// Whether labels read upward.
  var isRotated = false
}
