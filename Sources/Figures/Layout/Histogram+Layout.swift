extension Histogram: Plot {
  var summary: String {
    "histogram of \(series.reduce(0) { $0 + $1.values.count }) values in \(edges.count - 1) bins"
  }

  private var heightAxis: NumberAxis {
    let drawn = heights.joined().filter { $0 > 0 }
    var ranges = drawn.map { $0...$0 }
    if !isLogarithmic { ranges.append(0...0) }
    return NumberAxis(range: .union(ranges), padding: 0, isLogarithmic: isLogarithmic, name: "y")
  }

  private var ySpan: ClosedRange<Double> {
    let range = heightAxis.range
    // The lowest bin is a bar too: on a logarithmic axis it begins below its height.
    return isLogarithmic
      ? (range.lowerBound / 2)...(range.upperBound * 1.5) : 0...(range.upperBound * 1.06)
  }

  func spans(of figure: Figure) -> PanelSpans {
    PanelSpans(
      x: figure.xLimits ?? xAxis.span, y: figure.yLimits ?? ySpan,
      log: isLogarithmic ? .y : .none)
  }

  private var xAxis: NumberAxis {
    NumberAxis(
      range: edges[0]...edges[edges.count - 1], padding: 0.03, isLogarithmic: false, name: "x")
  }

  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    let base = isLogarithmic ? ySpan.lowerBound : 0
    let areas = heights.flatMap { heights in
      heights.indices.filter { heights[$0] > base }.map { bin in
        (x: edges[bin]...edges[bin + 1], y: base...heights[bin])
      }
    }
    let named = series.count > 1 ? series.indices.filter { !series[$0].name.isEmpty } : []
    let set = CurveSet(
      curves: [], areas: areas,
      legend: named.map { LegendItem(sample: .series($0), name: series[$0].name) }
        + [LegendItem.missing(missing)].compactMap(\.self),
      xPlan: try xAxis.plan(limits: panel.xLimits(of: figure), isHorizontal: true),
      yPlan: try heightAxis.plan(
        limits: panel.yLimits(of: figure) ?? ySpan, isHorizontal: false))
    return try CurveLayout(figure: figure, panel: panel, plot: set, measure: measure).placed()
  }
}
