/// Where an axis of numbers begins and ends: from left to right, or from the bottom to the top. An
/// axis that begins at the larger number runs backward.
public struct AxisLimits: Sendable, Equatable, CustomStringConvertible {
  /// The first number; nil suits the data.
  public let start: Double?
  /// The last number; nil suits the data.
  public let end: Double?

  /// Limits that suit the data.
  public static let automatic = AxisLimits()

  /// The two as a pair of the language.
  public var description: String {
    "(\(start.map { "\($0)" } ?? "None"), \(end.map { "\($0)" } ?? "None"))"
  }

  private init() { (start, end) = (nil, nil) }

  /// The largest number that an axis reaches.
  static let most = 1e300

  /// Limits from `start` to `end`.
  /// - Throws: `FigureError` where the two are one, or no numbers that can be drawn.
  public init(start: Double?, end: Double?) throws {
    for limit in [start, end].compactMap(\.self) where !(limit.magnitude <= Self.most) {
      throw FigureError("the limits are numbers of at most \(Self.most), not \(limit)")
    }
    if let start, let end {
      // Closer ones could not be told apart on an axis.
      let least = max(1e-300, 1e-12 * max(start.magnitude, end.magnitude))
      guard (end - start).magnitude >= least else {
        throw FigureError("the limits are two numbers apart, not \(start) and \(end)")
      }
    }
    (self.start, self.end) = (start, end)
  }

  /// Whether the axis begins at the larger number.
  var isReversed: Bool {
    guard let start, let end else { return false }
    return start > end
  }

  /// What the axis shows of data for which it would span `span`, the lower number first.
  func shown(of span: ClosedRange<Double>, isLogarithmic: Bool) -> ClosedRange<Double> {
    if let start, let end { return min(start, end)...max(start, end) }
    // Data that lie wholly beyond leave as much room as they would take.
    if let start {
      if span.upperBound > start { return start...span.upperBound }
      if isLogarithmic, start > 0 { return start...min(start * ratio(of: span), Self.most * 10) }
      return start...(start + length(of: span, beside: start))
    }
    if let end {
      if span.lowerBound < end { return span.lowerBound...end }
      if isLogarithmic, end > 0 {
        return max(end / ratio(of: span), .leastNonzeroMagnitude)...end
      }
      return (end - length(of: span, beside: end))...end
    }
    return span
  }

  private func ratio(of span: ClosedRange<Double>) -> Double {
    max(span.upperBound / span.lowerBound, 1.01)
  }

  /// The span's length, or what makes a difference to a large number.
  private func length(of span: ClosedRange<Double>, beside number: Double) -> Double {
    max(span.upperBound - span.lowerBound, number.magnitude * 1e-6)
  }
}
