/// A kind of figure: its data, how they are laid out and how they are drawn. A new kind is one type
/// that conforms, in a file of its own here, in `Layout` and in `Drawing`, and its case in
/// `Figure.Content`.
protocol Plot: Sendable {
  /// What it is, in a few words.
  var summary: String { get }

  /// The axes of numbers; nil where it has none.
  func axes(of figure: Figure) -> PlotAxes

  /// What the axes and the colours of a panel would span by itself, for panels that share.
  func spans(of figure: Figure) -> PanelSpans

  /// Places everything of a figure in a panel, which is the whole page where there is no grid.
  /// - Throws: `FigureError` where there is no room.
  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout

  /// Draws what is no text.
  func draw(_ layout: FigureLayout, on canvas: Canvas)
}

extension Plot {
  func axes(of figure: Figure) -> PlotAxes { PlotAxes() }

  func spans(of figure: Figure) -> PanelSpans { PanelSpans(axes(of: figure)) }
}

/// The axes of numbers of a plot; nil where it has none.
struct PlotAxes {
  var x: NumberAxis?
  var y: NumberAxis?
}

/// What axes and colours span, for panels that share them.
struct PanelSpans {
  /// What the axes show; nil where a plot has no such axis of numbers.
  var x: ClosedRange<Double>?
  var y: ClosedRange<Double>?
  /// Whether whole numbers alone make sense along the horizontal axis.
  var isWhole = false
  /// What stands along the axes; nil where a plot has no such axis of names or counted places.
  var xPlaces: [String]?
  var yPlaces: [String]?
  /// The values that the colours stand for.
  var values: ClosedRange<Double>?
  /// Which axes go by the logarithm.
  var isLogarithmic = (x: false, y: false)
  /// Which axes run backward.
  var isReversed = (x: false, y: false)

  init() {}

  init(_ axes: PlotAxes) {
    (x, y) = (axes.x?.shown, axes.y?.shown)
    isWhole = axes.x?.isInteger == true
    isLogarithmic = (axes.x?.isLogarithmic == true, axes.y?.isLogarithmic == true)
    isReversed = (axes.x?.limits.isReversed == true, axes.y?.limits.isReversed == true)
  }
}

/// The rectangle that a figure is laid out in, and what a grid asks of it there.
struct Panel {
  /// Points.
  var width: Double
  /// Points; nil takes what suits the content.
  var height: Double?
  /// The points to an inch: fewer in themes that are larger.
  var inch = 72.0
  /// The least space around the plot, so that the plots of neighbours stand in line.
  var least = Insets()
  /// The letter that names the panel.
  var letter: String?
  /// What is shared with other panels.
  var spans = PanelSpans()
  /// How long the axes are that panels share, in points, so that their ticks are the same; nil for
  /// each as it is.
  var sharedLengths: (x: Double?, y: Double?) = (nil, nil)
  /// Whether the axis of a panel below says what the ticks mean.
  var hidesXLabels = false
  /// Whether the axis of a panel on the left does.
  var hidesYLabels = false
  /// Whether one colour bar stands for all panels.
  var hidesColorBar = false

  /// How long the names along an axis are, and how long at the most: below a horizontal axis they
  /// are turned upward.
  func nameLengths(isHorizontal: Bool) -> [Double] {
    let most = PageStyle.mostNameLength
    // A page that is wide has more for them.
    let usual = min(max(PageStyle.nameLength, width * 0.22), most)
    guard isHorizontal else { return [min(usual, width * 0.38), min(most, width * 0.45)] }
    guard let height else { return [min(usual, width * 0.38), most] }
    return [min(usual, width * 0.38, height * 0.3), min(most, height * 0.45)]
  }

  /// A length in points as the inches that a user would ask for, rounded up to a tenth.
  func inches(_ points: Double) -> Double { (points / inch * 10).rounded(.up) / 10 }
}

extension Figure {
  /// Whether what is asked for can be drawn at any size.
  /// - Throws: `FigureError` for values too large to draw, or limits that a logarithm has not.
  package func check() throws {
    let axes = content.plot.axes(of: self)
    try axes.x?.check()
    try axes.y?.check()
  }

  /// The limits that show nothing of the data, and from where to where those reach.
  package var emptyLimits: [(name: String, data: ClosedRange<Double>)] {
    let axes = content.plot.axes(of: self)
    let empty = [axes.x, axes.y].compactMap(\.self).filter(\.isEmpty)
    let data = heatmap?.dataBeyondLimits.map { [(name: "limits", data: $0)] } ?? []
    return empty.map { (name: "\($0.name)lim", data: $0.range) } + data
  }
}
