/// A series made ready to draw: what cannot be drawn is a gap, and the average is taken.
package struct Curve: Sendable {
  /// One point, with the bounds of the band around it.
  package struct Point: Sendable {
    package var x, y: Double
    package var lower, upper: Double

    package init(x: Double, y: Double, lower: Double? = nil, upper: Double? = nil) {
      self.x = x
      self.y = y
      self.lower = lower ?? y
      self.upper = upper ?? y
    }
  }

  /// The unbroken stretches of the curve, smoothed where that was asked for.
  package private(set) var stretches: [[Point]] = []
  /// The stretches before smoothing; empty without it.
  package private(set) var raw: [[Point]] = []
  /// The stretches with the bands around what was measured.
  var measured: [[Point]] { raw.isEmpty ? stretches : raw }
  /// Whether the points have bands.
  let hasBand: Bool

  /// How many points cannot be drawn.
  private(set) var missing = 0

  var isEmpty: Bool { stretches.isEmpty }

  /// How many points lie in stretches that turn back along the horizontal axis.
  var turning: Int {
    (stretches + raw).filter { stretch in
      let steps = zip(stretch, stretch.dropFirst())
      return steps.contains { $0.x < $1.x } && steps.contains { $0.x > $1.x }
    }.reduce(0) { $0 + $1.count }
  }

  /// Points as they are, without bands.
  init(stretches: [[Point]]) {
    hasBand = false
    self.stretches = stretches
    survey()
  }

  init(_ series: LinePlot.Series, log: LogAxes, smooth: Double?) {
    hasBand = series.band != nil
    var stretch: [Point] = []
    for index in series.y.indices {
      let (x, y) = (series.x[index], series.y[index])
      guard x.isFinite, y.isFinite, !log.isX || x >= AxisScale.leastLogarithmic,
        !log.isY || y >= AxisScale.leastLogarithmic
      else {
        missing += 1
        if !stretch.isEmpty { stretches.append(stretch) }
        stretch = []
        continue
      }
      let band = series.band?[index] ?? y...y
      guard band.lowerBound.isFinite, band.upperBound.isFinite else {
        stretch.append(Point(x: x, y: y))
        continue
      }
      let reachesZero = log.isY && band.lowerBound <= 0
      let lower = reachesZero ? AxisScale.belowLogarithms : band.lowerBound
      stretch.append(Point(x: x, y: y, lower: lower, upper: band.upperBound))
    }
    if !stretch.isEmpty { stretches.append(stretch) }
    if let smooth, smooth > 0 {
      raw = stretches
      stretches = Self.smoothed(raw, weight: smooth)
    }
    survey()
  }

  /// The exponential moving average s ← w s + (1 − w) y, divided by the sum of its weights so that
  /// it starts at the data. Bands are of what was measured: the average has none.
  private static func smoothed(_ stretches: [[Point]], weight: Double) -> [[Point]] {
    var average = 0.0
    var remaining = 1.0
    return stretches.map { stretch in
      stretch.map { point in
        average = weight * average + (1 - weight) * point.y
        remaining *= weight
        return Point(x: point.x, y: average / (1 - remaining))
      }
    }
  }

  /// The smallest and largest x, and the smallest and largest of all that is drawn; a decade below
  /// what reaches zero on a logarithmic axis.
  private(set) var bounds: (x: ClosedRange<Double>, y: ClosedRange<Double>)?
  /// Whether all points stand at whole numbers.
  private(set) var isWhole = true

  /// Goes through all points once, as layout asks for their bounds again and again.
  private mutating func survey() {
    isWhole = stretches.joined().allSatisfy { $0.x == $0.x.rounded() }
    let none = (lower: Double.infinity, upper: -Double.infinity)
    var (left, right) = none
    var (bottom, top) = none
    for point in (stretches + raw).joined() {
      left = min(left, point.x)
      right = max(right, point.x)
      let reachesZero = point.lower == AxisScale.belowLogarithms
      bottom = min(bottom, reachesZero ? point.y * 0.1 : point.lower)
      top = max(top, point.upper)
    }
    if left <= right, bottom <= top { bounds = (left...right, bottom...top) }
  }
}
