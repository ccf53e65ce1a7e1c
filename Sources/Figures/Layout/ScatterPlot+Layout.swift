extension ScatterPlot: Plot {
  var summary: String { "scatter plot of \(points.count) points" }

  /// Every point as a stretch of its own, and the front's steps.
  private var curves: [Curve] {
    var stretches = series.map { _ in [[Curve.Point]]() }
    for point in points { stretches[point.series].append([Curve.Point(x: point.x, y: point.y)]) }
    var curves = stretches.map(Curve.init(stretches:))
    if front { curves.append(Curve(stretches: [steps])) }
    return curves
  }

  private var axes: (x: NumberAxis, y: NumberAxis) {
    let span = curves.extent
    return (
      NumberAxis(
        range: span.x, padding: 0.06, isLogarithmic: log.isX, isInteger: curves.areWhole,
        name: "x"),
      NumberAxis(range: span.y, padding: 0.07, isLogarithmic: log.isY, name: "y")
    )
  }

  func spans(of figure: Figure) -> PanelSpans {
    PanelSpans(x: figure.xLimits ?? axes.x.span, y: figure.yLimits ?? axes.y.span, log: log)
  }

  private var legendItems: [LegendItem] {
    let named = series.count > 1 ? series.indices.filter { !series[$0].name.isEmpty } : []
    return named.map {
      LegendItem(
        sample: series[$0].isComparison ? .comparison($0) : .series($0), name: series[$0].name)
    } + [LegendItem.missing(missing)].compactMap(\.self)
  }

  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    let axes = axes
    let set = CurveSet(
      curves: curves, legend: legendItems,
      xPlan: try axes.x.plan(limits: panel.xLimits(of: figure), isHorizontal: true),
      yPlan: try axes.y.plan(limits: panel.yLimits(of: figure), isHorizontal: false))
    var layout = try CurveLayout(figure: figure, panel: panel, plot: set, measure: measure).placed()
    layout.labels = PointLabels(self, layout).placed(measure)
    return layout
  }

  /// The corners of the front: right as far as the next point, then down to it.
  var steps: [Curve.Point] {
    let places = frontPlaces
    return zip(places, places.dropFirst()).reduce(
      into: places.first.map { [Curve.Point(x: $0.x, y: $0.y)] } ?? []
    ) { corners, pair in
      corners.append(Curve.Point(x: pair.1.x, y: pair.0.y))
      corners.append(Curve.Point(x: pair.1.x, y: pair.1.y))
    }
  }
}
