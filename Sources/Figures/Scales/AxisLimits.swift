/// Where an axis of numbers begins and ends: from left to right, or from the bottom to the top. An
/// axis that begins at the larger number runs backward.
public struct AxisLimits: Sendable, Equatable {
  /// The first number; nil suits the data.
  public let start: Double?
  /// The last number; nil suits the data.
  public let end: Double?

  /// Limits that suit the data.
  public static let automatic = AxisLimits()

  private init() { (start, end) = (nil, nil) }

  /// The largest number that an axis reaches.
  static let most = 1e300

  /// Limits from `start` to `end`.
  /// - Throws: `FigureError` where the two are one, or no numbers that can be drawn.
  public init(start: Double?, end: Double?) throws {
    for limit in [start, end].compactMap(\.self) where !(limit.magnitude <= Self.most) {
      throw FigureError("an axis ends at numbers of at most \(Self.most), not \(limit)")
    }
    if let start, let end, !((end - start).magnitude > 1e-300) {
      throw FigureError("an axis begins and ends at two numbers, not both at \(start)")
    }
    (self.start, self.end) = (start, end)
  }

  /// Whether the axis begins at the larger number.
  var isReversed: Bool {
    guard let start, let end else { return false }
    return start > end
  }

  /// What the axis shows of data for which it would span `span`.
  func shown(of span: ClosedRange<Double>) -> ClosedRange<Double> {
    if let start, let end { return min(start, end)...max(start, end) }
    let length = span.upperBound - span.lowerBound
    // Data that lie wholly beyond leave as much room as they would take.
    if let start { return start...(span.upperBound > start ? span.upperBound : start + length) }
    if let end { return (span.lowerBound < end ? span.lowerBound : end - length)...end }
    return span
  }
}
