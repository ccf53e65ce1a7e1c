extension Histogram: Plot {
  var summary: String {
    "histogram of \(series.reduce(0) { $0 + $1.values.count }) values in \(edges.count - 1) bins"
  }

  func axes(of figure: Figure) -> PlotAxes {
    let axes = numberAxes(of: figure)
    return PlotAxes(x: axes.x, y: axes.y)
  }

  private func numberAxes(of figure: Figure) -> (x: NumberAxis, y: NumberAxis) {
    let x = NumberAxis(
      range: edges[0]...edges[edges.count - 1], padding: 0.03, isLogarithmic: false, name: "x",
      limits: figure.xLimits)
    let drawn = heights.joined().filter { $0 > 0 }
    let range = ClosedRange.union(drawn.map { $0...$0 } + (isLogarithmic ? [] : [0...0]))
    var y = NumberAxis(
      range: range, padding: 0, isLogarithmic: isLogarithmic, name: "y", limits: figure.yLimits)
    // The lowest bin is a bar too: on a logarithmic axis it begins below its height.
    y.span =
      isLogarithmic
      ? (range.lowerBound / 2)...(range.upperBound * 1.5) : 0...(range.upperBound * 1.06)
    return (x, y)
  }

  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    let axes = numberAxes(of: figure)
    let yPlan = try axes.y.plan(in: panel, isHorizontal: false)
    let base = isLogarithmic ? yPlan.scale.limits.lowerBound : 0
    let areas = heights.flatMap { heights in
      heights.indices.filter { heights[$0] > base }.map { bin in
        (x: edges[bin]...edges[bin + 1], y: base...heights[bin])
      }
    }
    let named = series.count > 1 ? series.indices.filter { !series[$0].name.isEmpty } : []
    let set = CurveSet(
      curves: [], areas: areas,
      legend: named.map { LegendItem(sample: .series($0), name: series[$0].name) }
        + [LegendItem.missing(missing, isLogarithmic: false)].compactMap(\.self),
      xPlan: try axes.x.plan(in: panel, isHorizontal: true),
      yPlan: yPlan)
    return try CurveLayout(figure: figure, panel: panel, plot: set, measure: measure).placed()
  }
}
