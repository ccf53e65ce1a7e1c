/// Curves over a common axis.
public struct LinePlot: Sendable {
  /// One curve.
  public struct Series: Sendable {
    /// What the legend says; empty keeps the curve out of it.
    public var name: String
    /// The points' places on the horizontal axis.
    public let x: [Double]
    /// Their values; a gap where one is not finite.
    public let y: [Double]
    /// Half the height of the band around the curve at each point.
    public let error: [Double]?
    /// Whether the plot's smoothing is for this curve.
    public var isSmoothed = true

    /// A curve; without `x` its points stand at 0, 1, 2, …
    /// - Throws: `FigureError` where the counts differ or an error is negative.
    public init(name: String = "", x: [Double]? = nil, y: [Double], error: [Double]? = nil) throws {
      let curve = name.isEmpty ? "a curve" : "the curve \"\(name)\""
      if let x, x.count != y.count {
        throw FigureError("\(curve) has \(x.count) x values for \(y.count) y values")
      }
      if let error {
        guard error.count == y.count else {
          throw FigureError("\(curve) has \(error.count) errors for \(y.count) values")
        }
        if let index = error.firstIndex(where: { $0 < 0 }) {
          throw FigureError("\(curve) has the negative error \(error[index]) at point \(index)")
        }
      }
      self.name = name
      self.x = x ?? y.indices.map(Double.init)
      self.y = y
      self.error = error
    }
  }

  /// The curves, in the order of the legend.
  public let series: [Series]
  /// Whether the vertical axis is logarithmic; values that are not positive are then gaps.
  public let log: Bool
  /// The weight of the past in an exponential moving average, 0 ..< 1; the raw curve stays, faint.
  public let smooth: Double?
  /// Whether the names are listed; nil lists them where there are two curves or more.
  public var legend: Bool?

  /// A plot of `series`.
  /// - Throws: `FigureError` where there is nothing to draw or `smooth` is outside 0 ..< 1.
  public init(
    series: [Series], log: Bool = false, smooth: Double? = nil, legend: Bool? = nil
  ) throws {
    if let smooth, !(smooth >= 0 && smooth < 1) {
      throw FigureError("smooth is a weight from 0 to below 1, not \(smooth)")
    }
    self.series = series
    self.log = log
    self.smooth = smooth
    self.legend = legend
    curves = series.map { Curve($0, log: log, smooth: $0.isSmoothed ? smooth : nil) }
    guard curves.contains(where: { !$0.isEmpty }) else {
      let values = log ? "finite positive values" : "finite values"
      throw FigureError("nothing to draw: no curve of the line plot has \(values)")
    }
  }

  /// The curves as they are drawn, one for each of `series`.
  package let curves: [Curve]

  /// The series that the legend lists, by position.
  var legendEntries: [Int] {
    let named = series.indices.filter { !series[$0].name.isEmpty }
    return legend ?? (series.count > 1) ? named : []
  }
}
