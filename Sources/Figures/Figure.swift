/// Called now and then by work that takes long, and stops it by throwing.
public typealias Poll = () throws -> Void

/// A figure: data with its labels. It has no size: layout and drawing are given one.
public struct Figure: Sendable {
  /// What a figure shows.
  public enum Content: Sendable {
    /// A matrix as coloured cells.
    case heatmap(Heatmap)
    /// Curves over a common axis.
    case line(LinePlot)
    /// Points on two axes of numbers.
    case scatter(ScatterPlot)
    /// Numbers by category.
    case bars(BarPlot)
    /// How often numbers occur.
    case histogram(Histogram)
    /// Models before and after a cut, to scale.
    case shapes(ShapesPlot)
    /// Rows and columns of text.
    case table(TablePlot)
    /// Figures side by side.
    case grid(GridPlot)
  }

  /// The data.
  public var content: Content
  /// The line above the plot; empty for none.
  public var title: String
  /// The horizontal axis; empty for none.
  public var xLabel: String
  /// The vertical axis; empty for none.
  public var yLabel: String
  /// Where a horizontal axis of numbers begins and ends.
  public var xLimits = AxisLimits.automatic
  /// Where a vertical axis of numbers begins and ends.
  public var yLimits = AxisLimits.automatic

  /// A figure of `content`.
  public init(_ content: Content, title: String = "", xLabel: String = "", yLabel: String = "") {
    self.content = content
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
  }

  /// The width in inches of one column of a page of two.
  public static let columnWidth = 3.35
  /// The width in inches of a page's text.
  public static let pageWidth = 6.9
  /// The width in inches where none is asked for.
  public static let defaultWidth = pageWidth
  /// The dots per inch where none are asked for: what journals print.
  public static let defaultDPI = 300

  /// What it is, in a few words.
  public var summary: String { content.plot.summary }
}

extension Figure.Content {
  /// What lays the data out and draws it.
  var plot: any Plot {
    switch self {
    case .heatmap(let plot): plot
    case .line(let plot): plot
    case .scatter(let plot): plot
    case .bars(let plot): plot
    case .histogram(let plot): plot
    case .shapes(let plot): plot
    case .table(let plot): plot
    case .grid(let plot): plot
    }
  }
}
