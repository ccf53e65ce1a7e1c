/// Where everything of a figure stands, before anything is drawn, in points. Themes that are larger
/// draw a point as more than the 72nd part of an inch (`zoom`).
public struct FigureLayout: Sendable {
  /// One part of a figure and the space that it takes.
  public struct Box: Sendable {
    /// `plot`, `title`, `xLabel`, `yLabel`, `xTick 0`, `yTick 0`, …, `colorBar`, `colorBarTick 0`,
    /// …, `colorBarLabel`, `legend`, `legendRest`, `label 0`, …; in a grid behind the panel's letter:
    /// `a plot`.
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
  var texts: [PlacedText] = []
  var xAxis = PlacedAxis.none
  var yAxis = PlacedAxis.none
  var colorBar: ColorBar.Placed?
  /// What a heatmap's colours stand for.
  var colorScale: AxisScale?
  /// The size of the type in which a heatmap's cells show their values; nil where they show none.
  var valueSize: Double?
  var legend: Legend.Placed?
  /// What is written beside points.
  var labels: [PlacedText] = []
  /// Rectangles to scale.
  var areas: [PlacedArea] = []
  /// Horizontal lines across a table.
  var rules: [PlacedRule] = []
  /// Whether the plot stands in line with its neighbours in a grid: what has axes does.
  var isInLine = true
  /// The figures of a grid.
  var panels: [PlacedPanel] = []
  /// What its plot left out that was asked for, a clause each.
  var omitted: [String] = []

  /// All parts. None overlaps another or leaves the figure, but a legend may stand inside the plot,
  /// and labels and cells do.
  public var boxes: [Box] {
    var boxes = panels.isEmpty ? [Box(name: "plot", rectangle: plot)] : []
    boxes += texts.map { Box(name: $0.name, rectangle: $0.rectangle, text: $0.block.lines) }
    if let colorBar { boxes.append(Box(name: "colorBar", rectangle: colorBar.bar)) }
    if let legend {
      let names = legend.entries.flatMap(\.name.lines) + (legend.rest?.block.lines ?? [])
      boxes.append(Box(name: "legend", rectangle: legend.rectangle, text: names))
      if let rest = legend.rest { boxes.append(Box(name: "legendRest", rectangle: rest.rectangle)) }
    }
    boxes += labels.map { Box(name: $0.name, rectangle: $0.rectangle, text: $0.block.lines) }
    for (index, panel) in panels.enumerated() {
      boxes += panel.layout.boxes.map {
        Box(
          name: PlacedPanel.letter(index) + " " + $0.name,
          rectangle: $0.rectangle.moved(x: panel.x, y: panel.y), text: $0.text)
      }
    }
    return boxes
  }

  /// The space around the plot.
  var insets: Insets {
    Insets(left: plot.x, right: width - plot.maxX, top: plot.y, bottom: height - plot.maxY)
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

  /// No axis at all.
  static let none = PlacedAxis(
    scale: AxisScale(limits: 0...1), ticks: AxisTicks(), start: 0, end: 1)

  /// The coordinate of a value, as far beyond the limits as is drawn at most.
  func position(of value: Double) -> Double {
    let fraction = scale.fraction(of: value)
    return start + (end - start) * min(max(fraction, -Self.beyond), 1 + Self.beyond)
  }

  /// Cairo's coordinates have 24 bits before the point, of dots that may be finer than points.
  private static let beyond = 50.0
}

/// A rectangle whose size says something.
struct PlacedArea: Sendable {
  enum Look: Sendable {
    /// Filled in the colour of a series.
    case filled(Int)
    /// An outline in dashes.
    case ghost
  }

  let rectangle: Rectangle
  let look: Look
}

/// A horizontal line.
struct PlacedRule: Sendable {
  let x, end, y: Double
  let width: Double
}

/// A figure of a grid at its place.
struct PlacedPanel: Sendable {
  /// What messages call it: its letter, or its number where panels have none.
  let name: String
  let figure: Figure
  let layout: FigureLayout
  let x, y: Double

  /// `a`, `b`, …, `z`, `aa`, ….
  static func letter(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
    return index < 26 ? letter : self.letter(index / 26 - 1) + letter
  }
}

extension Figure {
  /// Places everything of the figure, as drawing does.
  ///
  /// - Parameters:
  ///   - width: the width in inches.
  ///   - height: the height in inches; nil takes what suits the content.
  ///   - theme: whose type is measured.
  /// - Throws: `FigureError` where the size is not positive or leaves no room for the data.
  public func layout(
    width: Double = Figure.defaultWidth, height: Double? = nil, theme: Theme = .paper
  ) throws -> FigureLayout {
    try checkSide(width, name: "wide")
    if let height { try checkSide(height, name: "high") }
    let point = 72 / theme.zoom
    let panel = Panel(width: width * point, height: height.map { $0 * point }, inch: point)
    return try content.plot.layout(of: self, in: panel, try CairoTextMeasure(theme))
  }

  /// The longest side that PDF readers take, 14,400 points.
  private static let mostInches = 200.0

  private func checkSide(_ inches: Double, name: String) throws {
    guard inches > 0, inches <= Self.mostInches else {
      throw FigureError(
        "a figure is more than 0 and at most \(Int(Self.mostInches)) inches \(name), not "
          + "\((inches * 100).rounded() / 100)")
    }
  }
}
