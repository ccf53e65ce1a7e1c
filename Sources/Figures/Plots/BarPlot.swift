/// Numbers by category, as bars from zero; several series stand side by side.
public struct BarPlot: Sendable {
  /// The bars of one look.
  public struct Series: Sendable {
    /// What the legend says; empty keeps the bars out of it.
    public let name: String
    /// One number a category; nothing is drawn where one is not finite.
    public let values: [Double]
    /// Half the length of each bar's error line.
    public let errors: [Double]?

    /// Bars.
    /// - Throws: `FigureError` where the counts differ or an error is negative.
    public init(name: String = "", values: [Double], errors: [Double]? = nil) throws {
      let bars = name.isEmpty ? "a series of bars" : "the series \"\(name)\""
      if let errors, errors.count != values.count {
        throw FigureError("\(bars) has \(errors.count) errors for \(values.count) values")
      }
      if let index = errors?.firstIndex(where: { $0 < 0 }), let errors {
        throw FigureError("\(bars) has the negative error \(errors[index]) at bar \(index)")
      }
      self.name = name
      self.values = values
      self.errors = errors
    }
  }

  /// The names along the axis; nil numbers the bars from 0.
  public let categories: [String]?
  /// The series, in the order of the legend.
  public let series: [Series]
  /// Whether the axis of the values is logarithmic; bars that are not positive are left out.
  public let isLogarithmic: Bool
  /// Whether the bars run from left to right, the first category at the top.
  public let isHorizontal: Bool

  /// A plot of `series`.
  /// - Throws: `FigureError` where there is nothing to draw or the counts differ.
  public init(
    categories: [String]? = nil, series: [Series], isLogarithmic: Bool = false,
    isHorizontal: Bool = false
  ) throws {
    let count = categories?.count ?? series.first?.values.count ?? 0
    for one in series where one.values.count != count {
      let what = categories == nil ? "the first series has \(count)" : "the names are \(count)"
      let name = one.name.isEmpty ? "" : " '\(one.name)'"
      throw FigureError("the bars\(name) have \(one.values.count) values, and \(what)")
    }
    self.categories = categories
    self.series = series
    self.isLogarithmic = isLogarithmic
    self.isHorizontal = isHorizontal
    for one in series {
      for (index, value) in one.values.enumerated() where value.isFinite {
        let reach = value.magnitude + (one.errors?[index] ?? 0)
        if reach.isFinite, reach > AxisLimits.most {
          throw FigureError("the values reach \(value): too large to draw")
        }
      }
    }
    guard series.contains(where: { $0.values.contains(where: isDrawn) }) else {
      let values = isLogarithmic ? "finite positive values" : "finite values"
      throw FigureError("nothing to draw: no bar has \(values)")
    }
  }

  /// The number of categories.
  var count: Int { series.first?.values.count ?? 0 }

  /// Whether a bar of this value can be drawn.
  func isDrawn(_ value: Double) -> Bool {
    value.isFinite && (!isLogarithmic || value >= AxisScale.leastLogarithmic)
  }

  /// How many bars cannot be drawn.
  var missing: Int { series.reduce(0) { $0 + $1.values.count { !isDrawn($0) } } }

  /// One bar along the axis of the categories.
  struct Bar {
    let series: Int
    /// From the bar's beginning to its end among the categories.
    let place: ClosedRange<Double>
    let value: Double
    let error: Double?
  }

  /// How much of a category's length its bars take.
  private static let share = 0.78

  /// The bars that are drawn, category by category.
  var bars: [Bar] {
    let width = Self.share / Double(max(series.count, 1))
    return (0..<count).flatMap { category in
      series.indices.compactMap { index -> Bar? in
        let value = series[index].values[category]
        guard isDrawn(value) else { return nil }
        let start = Double(category) - Self.share / 2 + Double(index) * width
        let error = series[index].errors?[category]
        return Bar(
          series: index, place: start...(start + width), value: value,
          error: error.flatMap { $0.isFinite ? $0 : nil })
      }
    }
  }

  /// The ends of a bar's error line.
  func ends(of bar: Bar) -> ClosedRange<Double>? {
    guard let error = bar.error else { return nil }
    let lower = bar.value - error
    let reachesZero = isLogarithmic && lower <= 0
    return (reachesZero ? AxisScale.belowLogarithms : lower)...(bar.value + error)
  }

  /// What the axis shows of a bar's error line: a decade of what reaches zero on a logarithmic one.
  func shownEnds(of bar: Bar) -> ClosedRange<Double>? {
    guard let ends = ends(of: bar) else { return nil }
    let reachesZero = ends.lowerBound == AxisScale.belowLogarithms
    return (reachesZero ? bar.value * 0.1 : ends.lowerBound)...ends.upperBound
  }
}
