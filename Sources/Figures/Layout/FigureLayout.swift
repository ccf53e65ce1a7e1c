/// Where everything of a figure stands, before anything is drawn.
public struct FigureLayout: Sendable {
  /// One part of a figure and the space that it takes.
  public struct Box: Sendable {
    /// `plot`, `title`, `xLabel`, `yLabel`, `xTick 0`, `yTick 0`, …, `colorBar`, `colorBarTick 0`,
    /// …, `colorBarLabel`, `legend`, `label 0`, ….
    public let name: String
    /// Its place in points.
    public let rectangle: Rectangle
    /// What it says, line by line; empty where it is no text.
    public let text: [String]

    init(name: String, rectangle: Rectangle, text: [String] = []) {
      self.name = name
      self.rectangle = rectangle
      self.text = text
    }
  }

  /// The width of the figure in points.
  public let width: Double
  /// The height of the figure in points.
  public let height: Double

  /// The rectangle inside the axes.
  let plot: Rectangle
  /// All text but the legend's.
  let texts: [PlacedText]
  let xAxis: PlacedAxis
  let yAxis: PlacedAxis
  var colorBar: ColorBar.Placed?
  var legend: Legend.Placed?
  /// What is written beside points.
  var labels: [PlacedText] = []

  /// All parts. None overlaps another or leaves the figure, but a legend may stand inside the plot,
  /// and labels do.
  public var boxes: [Box] {
    var boxes = [Box(name: "plot", rectangle: plot)]
    boxes += texts.map { Box(name: $0.name, rectangle: $0.rectangle, text: $0.block.lines) }
    if let colorBar { boxes.append(Box(name: "colorBar", rectangle: colorBar.bar)) }
    if let legend {
      let names = legend.entries.flatMap(\.name.lines) + (legend.rest?.block.lines ?? [])
      boxes.append(Box(name: "legend", rectangle: legend.rectangle, text: names))
    }
    boxes += labels.map { Box(name: $0.name, rectangle: $0.rectangle, text: $0.block.lines) }
    return boxes
  }
}

/// A block of text at its place.
struct PlacedText: Sendable {
  enum Alignment { case leading, center, trailing }

  let name: String
  let block: TextBlock
  let rectangle: Rectangle
  /// Whether it reads upward.
  var isRotated = false
  var alignment = Alignment.center
}

/// An axis along one side of the plot.
struct PlacedAxis: Sendable {
  let scale: AxisScale
  let ticks: AxisTicks
  /// The coordinates of the scale's lower and upper limit.
  let start: Double
  let end: Double

  /// The coordinate of a value.
  func position(of value: Double) -> Double { start + (end - start) * scale.fraction(of: value) }
}

extension Figure {
  /// Places everything of the figure, as drawing does.
  ///
  /// - Parameters:
  ///   - width: the width in inches.
  ///   - height: the height in inches; nil takes what suits the content.
  /// - Throws: `FigureError` where the size is not positive or leaves no room for the data.
  public func layout(
    width: Double = Figure.defaultWidth, height: Double? = nil
  ) throws -> FigureLayout {
    try checkSide(width, name: "wide")
    if let height { try checkSide(height, name: "high") }
    let measure = try CairoTextMeasure()
    let points = (width: width * 72, height: height.map { $0 * 72 })
    switch content {
    case .heatmap(let heatmap):
      return try layout(of: heatmap, width: points.width, height: points.height, measure)
    case .line(let plot):
      return try layout(of: plot.curveSet, width: points.width, height: points.height, measure)
    case .scatter(let plot):
      return try layout(of: plot, width: points.width, height: points.height, measure)
    }
  }

  /// At one dot per inch, longer sides would have too many pixels too.
  private static let mostInches = Double(mostPixels)

  private func checkSide(_ inches: Double, name: String) throws {
    guard inches > 0, inches <= Self.mostInches else {
      throw FigureError("a figure cannot be \(inches) inches \(name)")
    }
  }
}
