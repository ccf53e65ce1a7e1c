extension ScatterPlot: Plot {
  var summary: String {
    points.count == 1 ? "scatter plot of 1 point" : "scatter plot of \(points.count) points"
  }

  /// Every point as a stretch of its own, and the front's steps.
  private var curves: [Curve] {
    var stretches = series.map { _ in [[Curve.Point]]() }
    for point in points { stretches[point.series].append([Curve.Point(x: point.x, y: point.y)]) }
    var curves = stretches.map(Curve.init(stretches:))
    if front { curves.append(Curve(stretches: [steps])) }
    return curves
  }

  func axes(of figure: Figure) -> PlotAxes {
    let axes = numberAxes(of: figure)
    return PlotAxes(x: axes.x, y: axes.y)
  }

  private func numberAxes(of figure: Figure) -> (x: NumberAxis, y: NumberAxis) {
    func range(_ values: some Sequence<Double>) -> ClosedRange<Double> {
      var (low, high) = (Double.infinity, -Double.infinity)
      for value in values { (low, high) = (min(low, value), max(high, value)) }
      return low <= high ? low...high : 0...0
    }
    return (
      NumberAxis(
        range: range(points.lazy.map(\.x)), padding: 0.06, isLogarithmic: log.isX,
        isInteger: points.allSatisfy { $0.x == $0.x.rounded() }, name: "x",
        limits: figure.xLimits),
      NumberAxis(
        range: range(points.lazy.map(\.y)), padding: 0.07, isLogarithmic: log.isY, name: "y",
        limits: figure.yLimits)
    )
  }

  private var legendItems: [LegendItem] {
    let named = series.count > 1 ? series.indices.filter { !series[$0].name.isEmpty } : []
    return named.map {
      LegendItem(
        sample: series[$0].isComparison ? .comparison($0) : .series($0), name: series[$0].name)
    } + [LegendItem.missing(missing, isLogarithmic: log != .none)].compactMap(\.self)
  }

  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    let axes = numberAxes(of: figure)
    let legend = legendItems
    let set = CurveSet(
      curves: legend.isEmpty ? [] : curves, legend: legend,
      xPlan: try axes.x.plan(in: panel, isHorizontal: true),
      yPlan: try axes.y.plan(in: panel, isHorizontal: false))
    var layout = try CurveLayout(figure: figure, panel: panel, plot: set, measure: measure).placed()
    if points.contains(where: { !$0.label.isEmpty }) {
      let placed = PointLabels(self, layout).placed(measure)
      layout.labels = placed.labels
      if !placed.missing.isEmpty {
        let labels = placed.missing.map { "\"\($0)\"" }.listed(most: 5)
        layout.omitted.append("no room beside their points for the labels \(labels)")
      }
    }
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
