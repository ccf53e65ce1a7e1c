extension LinePlot: Plot {
  var summary: String { "line plot of \(series.count) series" }

  func axes(of figure: Figure) -> PlotAxes {
    let axes = numberAxes(of: figure)
    return PlotAxes(x: axes.x, y: axes.y)
  }

  private func numberAxes(of figure: Figure) -> (x: NumberAxis, y: NumberAxis) {
    var (xs, ys) = curves.extent
    for reference in references {
      ys = .union([ys, reference.range])
    }
    return (
      NumberAxis(
        range: xs, padding: 0.025, isLogarithmic: log.isX, isInteger: curves.areWhole, name: "x",
        limits: figure.xLimits),
      NumberAxis(
        range: ys, padding: 0.05, isLogarithmic: log.isY, name: "y", limits: figure.yLimits)
    )
  }

  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    let axes = numberAxes(of: figure)
    let set = CurveSet(
      curves: curves + references.map { $0.curve(over: axes.x.range) }, legend: legendItems,
      xPlan: try axes.x.plan(in: panel, isHorizontal: true),
      yPlan: try axes.y.plan(in: panel, isHorizontal: false))
    return try CurveLayout(figure: figure, panel: panel, plot: set, measure: measure).placed()
  }
}

extension LinePlot.Reference {
  /// The line as a curve, which a legend keeps clear of.
  fileprivate func curve(over range: ClosedRange<Double>) -> Curve {
    let x = ends?.x ?? range
    return Curve(stretches: [
      [Curve.Point(x: x.lowerBound, y: value), Curve.Point(x: x.upperBound, y: ends?.to ?? value)]
    ])
  }
}
