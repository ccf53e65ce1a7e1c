extension Figure {
  func layout(
    of heatmap: Heatmap, width: Double, height: Double?, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    let plotHeight = heatmap.plotHeight(width: width)
    let bar = ColorBar(
      limits: heatmap.limits, label: heatmap.valueLabel,
      isVertical: width >= ColorBar.leastFigureWidth
        && (height ?? plotHeight + ColorBar.leastHeight) >= 2 * ColorBar.leastHeight)
    let frame = try FrameSearch(
      figure: self, width: width, height: height.map { .figure($0) } ?? .plot(plotHeight),
      xPlan: heatmap.axis(count: heatmap.columns, isHorizontal: true),
      yPlan: heatmap.axis(count: heatmap.rows, isHorizontal: false), startsAtTop: true,
      around: { bar.reach(plot: $0, measure) }, measure: measure
    ).frame()
    let (placed, texts) = bar.place(plot: frame.plot, below: frame.labelsBottom, measure)
    return FigureLayout(
      width: width, height: frame.height, plot: frame.plot, texts: frame.texts + texts,
      xAxis: frame.xAxis, yAxis: frame.yAxis, colorBar: placed)
  }
}

extension Heatmap {
  /// The middle of cell i is at i, its edges half a cell away.
  fileprivate func axis(count: Int, isHorizontal: Bool) -> AxisPlan {
    AxisPlan(
      scale: AxisScale(limits: -0.5...(Double(count) - 0.5)), isInteger: true,
      hasTicks: count > 1, isHorizontal: isHorizontal)
  }

  /// The height of the plot where none is asked for: square cells as far as that stays between a
  /// legible row and a pleasant page.
  fileprivate func plotHeight(width: Double) -> Double {
    let pleasant = width * 0.5
    let square = width * 0.8 * Double(rows) / Double(columns)
    let legible = min(pleasant, max(26, Double(rows) * 16))
    return min(max(square, legible), pleasant)
  }
}
