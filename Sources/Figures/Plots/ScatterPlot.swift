/// Points on two axes of numbers, some of them labelled, and the front of the best of them.
public struct ScatterPlot: Sendable {
  /// Points of one look.
  public struct Series: Sendable {
    /// What the legend says; empty keeps the points out of it.
    public let name: String
    /// The points' places on the horizontal axis.
    public let x: [Double]
    /// Their places on the vertical axis; a point with a place that is not finite is left out.
    public let y: [Double]
    /// What is written beside each point; empty for nothing.
    public let labels: [String]
    /// Whether the points are there to compare with: grey, and no part of the front.
    public var isComparison = false

    /// Points.
    /// - Throws: `FigureError` where the counts differ.
    public init(name: String = "", x: [Double], y: [Double], labels: [String]? = nil) throws {
      let points = name.isEmpty ? "a series" : "the series \"\(name)\""
      guard x.count == y.count else {
        throw FigureError("\(points) has \(x.count) x values for \(y.count) y values")
      }
      if let labels, labels.count != y.count {
        throw FigureError("\(points) has \(labels.count) labels for \(y.count) points")
      }
      self.name = name
      self.x = x
      self.y = y
      self.labels = labels ?? y.map { _ in "" }
    }
  }

  /// One point that is drawn.
  package struct Point: Sendable {
    package let x, y: Double
    /// The position of its series.
    package let series: Int
    package let label: String
    /// Whether it is there to compare with.
    package let isComparison: Bool
    /// Whether no other point is at most as far on both axes and nearer on one.
    package fileprivate(set) var isBest = false
  }

  /// The series, in the order of the legend.
  public let series: [Series]
  /// The axes that are logarithmic; points that are not positive there are left out.
  public let log: LogAxes
  /// Whether the Pareto front of all points, smaller being better on both axes, is drawn as steps
  /// and the other points are faint.
  public let front: Bool
  /// What is drawn, series by series.
  package let points: [Point]
  /// How many points cannot be drawn.
  let missing: Int

  /// A plot of `series`.
  /// - Throws: `FigureError` where there is nothing to draw.
  public init(series: [Series], log: LogAxes = .none, front: Bool = false) throws {
    self.series = series
    self.log = log
    self.front = front
    var points: [Point] = []
    var missing = 0
    for (position, series) in series.enumerated() {
      for (index, (x, y)) in zip(series.x, series.y).enumerated() {
        guard x.isFinite, y.isFinite, !log.isX || x >= AxisScale.leastLogarithmic,
          !log.isY || y >= AxisScale.leastLogarithmic
        else {
          missing += 1
          continue
        }
        points.append(
          Point(
            x: x, y: y, series: position, label: series.labels[index],
            isComparison: series.isComparison))
      }
    }
    guard !points.isEmpty else {
      let values = log == .none ? "finite values" : "finite values that are positive on a log axis"
      throw FigureError("nothing to draw: no point of the scatter plot has \(values)")
    }
    Self.markBest(&points)
    self.points = points
    self.missing = missing
  }

  private static func markBest(_ points: inout [Point]) {
    let order = points.indices.filter { !points[$0].isComparison }.sorted {
      (points[$0].x, points[$0].y) < (points[$1].x, points[$1].y)
    }
    var least: (x: Double, y: Double)?
    for index in order {
      let point = points[index]
      guard least.map({ point.y < $0.y || (point.x, point.y) == $0 }) ?? true else { continue }
      points[index].isBest = true
      least = (point.x, point.y)
    }
  }

  /// The places of the front, from left to right, each once.
  package var frontPlaces: [(x: Double, y: Double)] {
    var places: [(x: Double, y: Double)] = []
    for point in points.filter(\.isBest).sorted(by: { $0.x < $1.x })
    where places.last.map({ $0 != (point.x, point.y) }) ?? true {
      places.append((point.x, point.y))
    }
    return places
  }
}
