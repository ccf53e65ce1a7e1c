extension Figure {
  func layout(
    of plot: CurveSet, width: Double, height: Double?, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    var search = try frameSearch(
      plot, width: width, height: height ?? max(width * 0.614, min(115, width)), measure)
    let frame = try search.frame()
    guard !plot.names.isEmpty else { return layout(frame, width: width) }

    let inside = Legend(plot, nameWidth: frame.plot.width * 0.55, measure)
    if let corner = LegendCorner(frame: frame, curves: plot.curves).free(inside.columnSize) {
      return layout(
        frame, width: width,
        legend: inside.place(in: corner, columns: 1, isInside: true, measure))
    }
    let outside = Legend(plot, nameWidth: width * 0.3, measure)
    let column = outside.columnSize
    if column.width < width * 0.32 {
      search.around = { _ in Insets(right: column.width) }
      let frame = try search.frame()
      let rectangle = Rectangle(
        x: width - PageStyle.margin - column.width + Legend.padding, y: frame.plot.y,
        width: column.width - Legend.padding, height: min(column.height, frame.plot.height))
      return layout(
        frame, width: width,
        legend: outside.place(in: rectangle, columns: 1, isInside: false, measure))
    }
    // Where the height is ours to choose, the plot keeps its own and the figure grows.
    if height == nil { search.height = .plot(frame.plot.height) }
    return try layoutWithLegendBelow(plot, search, width: width, frame.height, measure)
  }

  /// The legend in rows below the axis label, at most 0.4 of the height that the figure has without
  /// it.
  private func layoutWithLegendBelow<Measure: TextMeasure>(
    _ plot: CurveSet, _ search: FrameSearch<Measure>, width: Double, _ height: Double,
    _ measure: Measure
  ) throws -> FigureLayout {
    var search = search
    let canvas = width - 2 * PageStyle.margin
    let overhead = 2 * Legend.padding + Legend.sampleWidth + Legend.sampleGap
    let legend = Legend(plot, nameWidth: canvas - overhead, measure)
    let grid = legend.grid(width: canvas - 2 * Legend.padding)
    let most = max(1, Int(height * 0.4 / Legend.rowHeight))
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
      frame, width: width,
      legend: legend.place(in: rectangle, columns: grid.columns, isInside: false, measure))
  }

  private func layout(
    _ frame: Frame, width: Double, legend: Legend.Placed? = nil
  ) -> FigureLayout {
    FigureLayout(
      width: width, height: frame.height, plot: frame.plot, texts: frame.texts,
      xAxis: frame.xAxis, yAxis: frame.yAxis, legend: legend)
  }

  private func frameSearch<Measure: TextMeasure>(
    _ plot: CurveSet, width: Double, height: Double, _ measure: Measure
  ) throws -> FrameSearch<Measure> {
    let bounds = plot.curves.compactMap(\.bounds)
    func union(_ ranges: [ClosedRange<Double>]) -> ClosedRange<Double> {
      let lower = ranges.map(\.lowerBound).min() ?? 0
      return lower...max(lower, ranges.map(\.upperBound).max() ?? lower)
    }
    let xs = union(bounds.map(\.x))
    let ys = union(bounds.map(\.y))
    let isWhole = plot.curves.allSatisfy { curve in
      curve.stretches.joined().allSatisfy { $0.x == $0.x.rounded() }
    }
    for (name, range) in [("x", xs), ("y", ys)]
    where max(range.lowerBound.magnitude, range.upperBound.magnitude) > 1e300 {
      throw FigureError(
        "the \(name) values reach \(range.lowerBound) to \(range.upperBound): too large to draw")
    }
    return FrameSearch(
      figure: self, width: width, height: .figure(height),
      xPlan: AxisPlan(
        scale: AxisScale(around: xs, padding: plot.padding.x, isLogarithmic: plot.isLogarithmicX),
        isInteger: isWhole, isHorizontal: true),
      yPlan: AxisPlan(
        scale: AxisScale(around: ys, padding: plot.padding.y, isLogarithmic: plot.isLogarithmicY),
        isHorizontal: false),
      startsAtTop: false, measure: measure)
  }
}
