/// A matrix as coloured cells, row 0 at the top, with a colour bar.
public struct Heatmap: Sendable {
  /// The matrix, row by row; cells that are not finite are drawn in grey.
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
  public let center: Double?
  /// Whether the colours go by the logarithm; cells that are not positive are then drawn in grey.
  public let isLogarithmic: Bool
  /// The values at the ends of the colour map.
  public let range: AxisLimits
  /// Which cells are hatched and show no value, row by row; nil for none.
  public let mask: [Bool]?
  /// Whether masked cells are left blank, as places that mean nothing, and not spoken of.
  public var hidesMasked = false
  /// The text beside the colour bar; empty for none.
  public var valueLabel = ""
  /// What the rows are called; nil numbers them.
  public var rowNames: [String]?
  /// What the columns are called; nil numbers them.
  public var columnNames: [String]?
  /// The number of the first column.
  public var firstColumn = 0
  /// Cells with a frame, such as the best of each column, and what the legend says of them.
  public var marked: (cells: [(row: Int, column: Int)], name: String) = ([], "")
  /// From the smallest to the largest value that has a colour.
  private let finiteRange: ClosedRange<Double>

  /// A heatmap of a matrix `[rows, columns]`.
  ///
  /// - Parameters:
  ///   - colors: nil takes the diverging map where there is a `center`, else viridis.
  ///   - range: the values at the ends of the colours; those beyond take the ends' colours.
  /// - Throws: `FigureError` where the counts do not fit, no cell has a value to show, or what is
  ///   asked for contradicts itself.
  public init(
    values: [Float], rows: Int, columns: Int, colors: ColorMap? = nil, annotate: Bool = false,
    center: Double? = nil, isLogarithmic: Bool = false, range: AxisLimits = .automatic,
    mask: [Bool]? = nil
  ) throws {
    let (product, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows > 0, columns > 0 else {
      throw FigureError("a heatmap needs at least one row and one column, not \(rows) x \(columns)")
    }
    guard !overflow, product == values.count else {
      throw FigureError("a heatmap of \(rows) x \(columns) cells got \(values.count) values")
    }
    if let mask, mask.count != values.count {
      throw FigureError("a heatmap of \(rows) x \(columns) cells got a mask of \(mask.count)")
    }
    if let center, !(center.magnitude <= Double(Float.greatestFiniteMagnitude)) {
      throw FigureError("the center of a heatmap must be a number within f32, not \(center)")
    }
    if isLogarithmic, center != nil {
      throw FigureError("a heatmap has a center or logarithmic colours, not both")
    }
    if range != .automatic, center != nil {
      throw FigureError(
        "a heatmap has a center or limits, not both: limits as far on both sides of the center, with "
          + "a diverging map, say both")
    }
    if range.isReversed {
      throw FigureError("limits are the lower value of the colours first, then the higher")
    }
    if isLogarithmic,
      let limit = [range.start, range.end].compactMap(\.self).first(where: {
        $0 < AxisScale.leastLogarithmic
      })
    {
      throw FigureError("limits: logarithmic colours have values above 0, not \(limit)")
    }
    var lower = Float.infinity
    var upper = -Float.infinity
    for (index, value) in values.enumerated()
    where value.isFinite && !(isLogarithmic && value <= 0) && mask?[index] != true {
      lower = min(lower, value)
      upper = max(upper, value)
    }
    guard lower <= upper else {
      let what = isLogarithmic ? "finite and positive" : "finite"
      let shown = mask == nil ? "" : " that the mask leaves"
      throw FigureError("no value of the \(rows) x \(columns) heatmap\(shown) is \(what)")
    }
    self.values = values
    self.rows = rows
    self.columns = columns
    self.colors = colors ?? (center == nil ? .viridis : .diverging)
    self.annotate = annotate
    self.center = center
    self.isLogarithmic = isLogarithmic
    self.range = range
    self.mask = mask
    finiteRange = Double(lower)...Double(upper)
  }

  /// The values at the two ends of the colour map.
  var limits: ClosedRange<Double> {
    if range != .automatic {
      return range.shown(of: widened(finiteRange), isLogarithmic: isLogarithmic)
    }
    if isLogarithmic {
      return AxisScale(around: finiteRange, padding: 0, isLogarithmic: true).limits
    }
    guard let center else { return widened(finiteRange) }
    let reach = max(finiteRange.upperBound - center, center - finiteRange.lowerBound)
    return widened((center - reach)...(center + reach))
  }

  /// From where to where the values reach where the limits show none of them; nil elsewhere.
  var dataBeyondLimits: ClosedRange<Double>? {
    range == .automatic || limits.overlaps(finiteRange) ? nil : finiteRange
  }

  /// Whether a cell has a colour of the map.
  func hasColor(_ value: Float) -> Bool { value.isFinite && !(isLogarithmic && value <= 0) }

  /// Whether a cell is hatched.
  func isMasked(_ index: Int) -> Bool { mask?[index] == true }
}
