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
  }

  /// The data.
  public var content: Content
  /// The line above the plot; empty for none.
  public var title: String
  /// The horizontal axis; empty for none.
  public var xLabel: String
  /// The vertical axis; empty for none.
  public var yLabel: String

  /// A figure of `content`.
  public init(_ content: Content, title: String = "", xLabel: String = "", yLabel: String = "") {
    self.content = content
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
  }

  /// The width in inches where none is asked for: a page's.
  public static let defaultWidth = 7.0
  /// The dots per inch where none are asked for: what journals print.
  public static let defaultDPI = 300
}
