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
    /// The band around the curve at each point.
    public let band: [ClosedRange<Double>]?
    /// Whether the plot's smoothing is for this curve.
    public var isSmoothed = true
    /// Where markers stand, by x; nil marks the points of a short curve.
    public var marks: [Double]?

    /// A curve; without `x` its points stand at 0, 1, 2, …
    ///
    /// - Parameter error: half the height of a band around the curve.
    /// - Throws: `FigureError` where the counts differ or an error is negative.
    public init(name: String = "", x: [Double]? = nil, y: [Double], error: [Double]? = nil) throws {
      if let error {
        let curve = Self.phrase(name)
        guard error.count == y.count else {
          throw FigureError("\(curve) has \(error.count) errors for \(y.count) values")
        }
        if let index = error.firstIndex(where: { $0 < 0 }) {
          throw FigureError("\(curve) has the negative error \(error[index]) at point \(index)")
        }
      }
      try self.init(
        name: name, x: x, y: y,
        band: error.map { errors in
          zip(y, errors).map { value, error in
            // Points that are not finite are gaps, whatever stands beside them.
            guard value.isFinite else { return 0...0 }
            return error.isFinite ? (value - error)...(value + error) : value...value
          }
        })
    }

    /// A curve in a band.
    /// - Throws: `FigureError` where the counts differ.
    public init(name: String = "", x: [Double]? = nil, y: [Double], band: [ClosedRange<Double>]?)
      throws
    {
      if let x, x.count != y.count {
        throw FigureError("\(Self.phrase(name)) has \(x.count) x values for \(y.count) y values")
      }
      if let band, band.count != y.count {
        throw FigureError(
          "\(Self.phrase(name)) has a band of \(band.count) for \(y.count) values")
      }
      self.name = name
      self.x = x ?? y.indices.map(Double.init)
      self.y = y
      self.band = band
    }

    private static func phrase(_ name: String) -> String {
      name.isEmpty ? "a curve" : "the curve \"\(name)\""
    }
  }

  /// A line to compare the curves with.
  public struct Reference: Sendable {
    /// Where it begins and ends; nil: at the value, across the plot.
    let ends: (x: ClosedRange<Double>, from: Double, to: Double)?
    /// Where it is on the vertical axis.
    let value: Double
    /// What the legend says; empty keeps it out.
    public let name: String

    /// A line across the plot.
    public init(value: Double, name: String = "") {
      self.value = value
      self.name = name
      ends = nil
    }

    /// A line over a stretch of the horizontal axis.
    public init(over x: ClosedRange<Double>, from: Double, to: Double, name: String = "") {
      value = from
      ends = (x, from, to)
      self.name = name
    }

    /// What it spans of the vertical axis.
    var range: ClosedRange<Double> {
      min(value, ends?.to ?? value)...max(value, ends?.to ?? value)
    }
  }

  /// The curves, in the order of the legend.
  public private(set) var series: [Series]
  /// Which axes are logarithmic; what is not positive there is then a gap.
  public let log: LogAxes
  /// The lines across the plot.
  public let references: [Reference]
  /// The weight of the past in an exponential moving average, 0 ..< 1; the raw curve stays, faint.
  public let smooth: Double?
  /// Whether the names are listed; nil lists them where there are two curves or more.
  public var legend: Bool?

  /// A plot of `series`.
  /// - Throws: `FigureError` where there is nothing to draw or `smooth` is outside 0 ..< 1.
  public init(
    series: [Series], log: LogAxes = .none, smooth: Double? = nil, references: [Reference] = [],
    legend: Bool? = nil
  ) throws {
    if let smooth, !(smooth >= 0 && smooth < 1) {
      throw FigureError("smooth is a weight from 0 to below 1, not \(smooth)")
    }
    for reference in references
    where !reference.value.isFinite || log.isY && reference.value <= 0 {
      throw FigureError(
        "a reference line stands at a number\(log.isY ? " above 0" : ""), not \(reference.value)")
    }
    self.series = series
    self.log = log
    self.references = references
    self.smooth = smooth
    self.legend = legend
    curves = series.map { Curve($0, log: log, smooth: $0.isSmoothed ? smooth : nil) }
    guard curves.contains(where: { !$0.isEmpty }) else {
      let values = log == .none ? "finite values" : "finite values that are positive on a log axis"
      throw FigureError("nothing to draw: no curve of the line plot has \(values)")
    }
  }

  /// The curves as they are drawn, one for each of `series`.
  package private(set) var curves: [Curve]

  /// Adds another curve, last in the legend.
  public mutating func add(_ other: Series) {
    series.append(other)
    curves.append(Curve(other, log: log, smooth: other.isSmoothed ? smooth : nil))
  }

  /// The named series, the named lines, and how many values are missing.
  var legendItems: [LegendItem] {
    let named = series.indices.filter { !series[$0].name.isEmpty }
    let listed = legend ?? (series.count > 1) ? named : []
    return listed.map { LegendItem(sample: .series($0), name: series[$0].name) }
      + references.enumerated().filter { !$1.name.isEmpty }.map {
        LegendItem(sample: .reference($0), name: $1.name)
      }
      + [LegendItem.missing(curves.reduce(0) { $0 + $1.missing }, isLogarithmic: log != .none)]
      .compactMap(\.self)
  }
}
