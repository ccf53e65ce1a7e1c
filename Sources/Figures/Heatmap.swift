/// A matrix as coloured cells, row 0 at the top, with a colour bar.
public struct Heatmap: Sendable {
  /// The matrix, row by row; NaN cells are drawn in grey, infinite ones in the end colours.
  public let values: [Float]
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// From value to colour.
  public var colors: ColorMap
  /// Whether each cell shows its value, where the cells are large enough to read it.
  public var annotate: Bool
  /// The value in the middle of the colour map, with as much on both sides; nil spans the data.
  public var center: Double?
  /// The text beside the colour bar; empty for none.
  public var valueLabel: String

  /// A heatmap of a matrix `[rows, columns]`.
  ///
  /// - Parameter colors: nil takes the diverging map where there is a `center`, else viridis.
  /// - Throws: `FigureError` where the counts do not fit, or no value is finite.
  public init(
    values: [Float], rows: Int, columns: Int, colors: ColorMap? = nil, annotate: Bool = false,
    center: Double? = nil, valueLabel: String = ""
  ) throws {
    let (product, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows > 0, columns > 0 else {
      throw FigureError("a heatmap needs at least one row and one column, not \(rows) x \(columns)")
    }
    guard !overflow, product == values.count else {
      throw FigureError("a heatmap of \(rows) x \(columns) cells got \(values.count) values")
    }
    if let center, !(center.magnitude <= Double(Float.greatestFiniteMagnitude)) {
      throw FigureError("the center of a heatmap must be a number within f32, not \(center)")
    }
    var lower = Float.infinity
    var upper = -Float.infinity
    for value in values where value.isFinite {
      lower = min(lower, value)
      upper = max(upper, value)
    }
    guard lower <= upper else {
      throw FigureError("no value of the \(rows) x \(columns) heatmap is finite")
    }
    self.values = values
    self.rows = rows
    self.columns = columns
    self.colors = colors ?? (center == nil ? .viridis : .diverging)
    self.annotate = annotate
    self.center = center
    self.valueLabel = valueLabel
    finiteRange = Double(lower)...Double(upper)
  }

  /// From the smallest to the largest finite value.
  let finiteRange: ClosedRange<Double>

  /// The values at the two ends of the colour map.
  var limits: ClosedRange<Double> {
    guard let center else { return widened(finiteRange) }
    let reach = max(finiteRange.upperBound - center, center - finiteRange.lowerBound)
    return widened((center - reach)...(center + reach))
  }
}

/// The range itself or, where it is a single value, a range around it.
func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
  let size = max(range.lowerBound.magnitude, range.upperBound.magnitude)
  // Below this the ticks of an axis could not be told apart.
  guard range.upperBound - range.lowerBound <= size * 1e-9 else { return range }
  let reach = size == 0 ? 1 : size * 0.1
  return (range.lowerBound - reach)...(range.upperBound + reach)
}
