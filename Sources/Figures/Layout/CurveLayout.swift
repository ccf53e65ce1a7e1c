/// The layout of what stands on two axes: the frame, then the legend in a free corner, beside the
/// plot or below it.
struct CurveLayout<Measure: TextMeasure> {
  let figure: Figure
  let panel: Panel
  let plot: CurveSet
  let measure: Measure
  /// The least height of the plot where none is asked for; nil suits the width.
  var plotHeight: Double?

  private var width: Double { panel.width }

  /// The most rows of a legend where the figure may grow.
  private static var mostRows: Int { 16 }
  /// The most lines of a name in the legend.
  private static var mostLines: Int { 3 }

  /// - Throws: `FigureError` where there is no room for the plot.
  func placed() throws -> FigureLayout {
    let natural = max(width * 0.614, min(115, width))
    // Under names that are turned upward, or a long title, the figure grows, not the plot shrinks.
    let wanted: FrameSearch<Measure>.Height =
      plotHeight.map { .free(whole: 0, plot: $0) }
      ?? (plot.xPlan.names == nil
        ? .free(whole: natural, plot: natural * 0.5) : .free(whole: 0, plot: natural * 0.72))
    var search = FrameSearch(
      figure: figure, panel: panel, height: panel.height.map { .given($0) } ?? wanted,
      xPlan: plot.xPlan, yPlan: plot.yPlan, startsAtTop: plot.startsAtTop, measure: measure)
    let frame = try search.frame()
    guard !plot.legend.isEmpty else { return layout(frame) }

    let inside = Legend(plot.legend, nameWidth: frame.plot.width * 0.55, lines: 2, measure)
    let corner = LegendCorner(frame: frame, curves: plot.curves, areas: areas(in: frame))
    if !inside.isCut, let corner = corner.free(inside.columnSize) {
      return layout(
        frame, legend: inside.place(in: corner, columns: 1, isInside: true, measure))
    }
    let outside = Legend(plot.legend, nameWidth: width * 0.3, lines: 2, measure)
    let column = outside.columnSize
    if !outside.isCut, column.width < width * 0.32, column.height <= frame.plot.height {
      search.around = { _ in Insets(right: column.width) }
      // A plot that it leaves too narrow has it below.
      if let frame = try? search.frame(), frame.plot.width >= column.width {
        let rectangle = Rectangle(
          x: width - PageStyle.margin - column.width + Legend.padding, y: frame.plot.y,
          width: column.width - Legend.padding, height: min(column.height, frame.plot.height))
        return layout(
          frame, legend: outside.place(in: rectangle, columns: 1, isInside: false, measure))
      }
    }
    // Where the height is ours to choose, the plot keeps its own and the figure grows.
    if panel.height == nil { search.height = .free(whole: 0, plot: frame.plot.height) }
    return try layoutWithLegendBelow(search, frame.height)
  }

  private func areas(in frame: Frame) -> [Rectangle] {
    plot.areas.map { area in
      let xs = [area.x.lowerBound, area.x.upperBound].map(frame.xAxis.position)
      let ys = [area.y.lowerBound, area.y.upperBound].map(frame.yAxis.position)
      return Rectangle(
        x: min(xs[0], xs[1]), y: min(ys[0], ys[1]), width: abs(xs[1] - xs[0]),
        height: abs(ys[1] - ys[0]))
    }
  }

  /// The legend in rows below the axis label, at most 0.4 of a height that is given.
  private func layoutWithLegendBelow(
    _ search: FrameSearch<Measure>, _ height: Double
  ) throws -> FigureLayout {
    var search = search
    let canvas = width - 2 * PageStyle.margin
    let most =
      panel.height == nil ? Double(Self.mostRows) * Legend.rowHeight : height * 0.4
    func legend(lines: Int) -> Legend {
      let overhead = 2 * Legend.padding + Legend.sampleWidth + Legend.sampleGap
      return Legend(plot.legend, nameWidth: canvas - overhead, lines: lines, measure)
    }
    func columns(_ legend: Legend) -> Int { legend.columns(width: canvas - 2 * Legend.padding) }
    var list = legend(lines: Self.mostLines)
    // Whole names where there is room for them, else many names.
    if panel.height != nil, list.height(columns: columns(list)) > most { list = legend(lines: 1) }
    let least = Legend.rowHeight + 2 * Legend.padding
    let legendHeight = max(least, min(list.height(columns: columns(list)), most))
    search.around = { _ in Insets(bottom: legendHeight) }
    let frame = try search.frame()
    let legendWidth = list.width(columns: columns(list))
    let x = min(frame.plot.midX - legendWidth / 2, width - PageStyle.margin - legendWidth)
    let rectangle = Rectangle(
      x: max(x, PageStyle.margin), y: frame.labelsBottom, width: legendWidth,
      height: legendHeight)
    return layout(
      frame,
      legend: list.place(in: rectangle, columns: columns(list), isInside: false, measure))
  }

  private func layout(_ frame: Frame, legend: Legend.Placed? = nil) -> FigureLayout {
    FigureLayout(
      width: width, height: frame.height, plot: frame.plot, texts: frame.texts,
      xAxis: frame.xAxis, yAxis: frame.yAxis, legend: legend)
  }
}
