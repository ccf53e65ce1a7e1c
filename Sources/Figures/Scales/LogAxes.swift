/// Which axes are logarithmic.
public enum LogAxes: String, Sendable, CaseIterable {
  case none, x, y, both

  /// Whether the horizontal axis is.
  var isX: Bool { self == .x || self == .both }
  /// Whether the vertical axis is.
  var isY: Bool { self == .y || self == .both }
}
