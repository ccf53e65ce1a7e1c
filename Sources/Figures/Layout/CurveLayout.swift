/// The layout of what stands on two axes: the frame, then the legend in a free corner, beside the
/// plot or below it.
struct CurveLayout<Measure: TextMeasure> {
  let figure: Figure
  let panel: Panel
  let plot: CurveSet
  let measure: Measure

  private var width: Double { panel.width }

  /// The most rows of a legend where the figure may grow.
  private static var mostRows: Int { 16 }

  /// - Throws: `FigureError` where there is no room for the plot.
  func placed() throws -> FigureLayout {
    let natural = max(width * 0.614, min(115, width))
    // Under names that are turned upward the figure grows, not the plot shrinks.
    let wanted: FrameSearch<Measure>.Height =
      plot.xPlan.names == nil ? .whole(natural) : .plot(natural * 0.72)
    var search = FrameSearch(
      figure: figure, panel: panel, height: panel.height.map { .whole($0) } ?? wanted,
      xPlan: plot.xPlan, yPlan: plot.yPlan, startsAtTop: plot.startsAtTop, measure: measure)
    let frame = try search.frame()
    guard !plot.legend.isEmpty else { return layout(frame) }

    let inside = Legend(plot.legend, nameWidth: frame.plot.width * 0.55, measure)
    let corner = LegendCorner(frame: frame, curves: plot.curves, areas: areas(in: frame))
    if let corner = corner.free(inside.columnSize) {
      return layout(
        frame, legend: inside.place(in: corner, columns: 1, isInside: true, measure))
    }
    let outside = Legend(plot.legend, nameWidth: width * 0.3, measure)
    let column = outside.columnSize
    if column.width < width * 0.32, column.height <= frame.plot.height {
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
    if panel.height == nil { search.height = .plot(frame.plot.height) }
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
    let overhead = 2 * Legend.padding + Legend.sampleWidth + Legend.sampleGap
    let legend = Legend(plot.legend, nameWidth: canvas - overhead, measure)
    let grid = legend.grid(width: canvas - 2 * Legend.padding)
    let most =
      panel.height == nil ? Self.mostRows : max(1, Int(height * 0.4 / Legend.rowHeight))
    let legendHeight =
      Double(min(grid.rows, most)) * Legend.rowHeight + 2 * Legend.padding
    search.around = { _ in Insets(bottom: legendHeight) }
    let frame = try search.frame()
    let legendWidth =
      Double(grid.columns) * (legend.entryWidth + Legend.columnGap) - Legend.columnGap
      + 2 * Legend.padding
    let x = min(frame.plot.midX - legendWidth / 2, width - PageStyle.margin - legendWidth)
    let rectangle = Rectangle(
      x: max(x, PageStyle.margin), y: frame.labelsBottom, width: legendWidth,
      height: legendHeight)
    return layout(
      frame, legend: legend.place(in: rectangle, columns: grid.columns, isInside: false, measure))
  }

  private func layout(_ frame: Frame, legend: Legend.Placed? = nil) -> FigureLayout {
    FigureLayout(
      width: width, height: frame.height, plot: frame.plot, texts: frame.texts,
      xAxis: frame.xAxis, yAxis: frame.yAxis, legend: legend)
  }
}
