import Foundation

/// A rectangle in points, y downward from the top of the figure.
public struct Rectangle: Sendable, Equatable {
  /// The left edge.
  public var x: Double
  /// The top edge.
  public var y: Double
  /// The extent to the right.
  public var width: Double
  /// The extent downward.
  public var height: Double

  /// A rectangle by its top left corner.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The right edge.
  public var maxX: Double { x + width }
  /// The bottom edge.
  public var maxY: Double { y + height }
  /// The middle from left to right.
  public var midX: Double { x + width / 2 }
  /// The middle from top to bottom.
  public var midY: Double { y + height / 2 }

  /// Whether the two share more than an edge.
  public func overlaps(_ other: Rectangle) -> Bool {
    x < other.maxX && other.x < maxX && y < other.maxY && other.y < maxY
  }

  /// How far outside a point lies; 0 inside.
  func distance(to point: (x: Double, y: Double)) -> Double {
    hypot(max(x - point.x, 0, point.x - maxX), max(y - point.y, 0, point.y - maxY))
  }

  /// Whether a point lies inside or on an edge.
  func holds(_ point: (x: Double, y: Double)) -> Bool { distance(to: point) < 1e-6 }

  /// Whether `other` lies wholly inside.
  public func contains(_ other: Rectangle) -> Bool {
    x <= other.x && other.maxX <= maxX && y <= other.y && other.maxY <= maxY
  }

  /// The middle.
  var middle: (x: Double, y: Double) { (midX, midY) }

  /// The four corners, clockwise from the top left.
  var corners: [(x: Double, y: Double)] { [(x, y), (maxX, y), (maxX, maxY), (x, maxY)] }

  /// The rectangle elsewhere.
  func moved(x: Double, y: Double) -> Rectangle {
    Rectangle(x: self.x + x, y: self.y + y, width: width, height: height)
  }

  /// The smallest rectangle around all.
  static func union(_ all: [Rectangle]) -> Rectangle {
    let (x, y) = (all.map(\.x).min() ?? 0, all.map(\.y).min() ?? 0)
    return Rectangle(
      x: x, y: y, width: (all.map(\.maxX).max() ?? x) - x,
      height: (all.map(\.maxY).max() ?? y) - y)
  }

  /// What lies in both; nil where nothing does.
  func intersection(_ other: Rectangle) -> Rectangle? {
    let (left, top) = (max(x, other.x), max(y, other.y))
    let (right, bottom) = (min(maxX, other.maxX), min(maxY, other.maxY))
    guard right > left, bottom > top else { return nil }
    return Rectangle(x: left, y: top, width: right - left, height: bottom - top)
  }

  /// The rectangle without `distance` on each side.
  func inset(_ distance: Double) -> Rectangle { inset(distance, distance) }

  /// The rectangle without `across` left and right and `down` above and below.
  func inset(_ across: Double, _ down: Double) -> Rectangle {
    Rectangle(
      x: x + across, y: y + down, width: width - 2 * across, height: height - 2 * down)
  }
}

/// Space on the four sides of something, in points.
struct Insets: Equatable {
  var left = 0.0
  var right = 0.0
  var top = 0.0
  var bottom = 0.0

  func union(_ other: Insets) -> Insets {
    Insets(
      left: max(left, other.left), right: max(right, other.right), top: max(top, other.top),
      bottom: max(bottom, other.bottom))
  }

  /// Whether everything that needs `other` fits.
  func covers(_ other: Insets) -> Bool {
    left >= other.left && right >= other.right && top >= other.top && bottom >= other.bottom
  }
}
