extension LinePlot: Plot {
  var summary: String { "line plot of \(series.count) series" }

  private func axes(_ figure: Figure) -> (x: NumberAxis, y: NumberAxis) {
    var (xs, ys) = curves.extent
    for reference in references {
      ys = .union([ys, reference.range])
    }
    return (
      NumberAxis(
        range: xs, padding: 0.025, isLogarithmic: log.isX, isInteger: curves.areWhole, name: "x"),
      NumberAxis(range: ys, padding: 0.05, isLogarithmic: log.isY, name: "y")
    )
  }

  func spans(of figure: Figure) -> PanelSpans {
    let axes = axes(figure)
    return PanelSpans(
      x: figure.xLimits ?? axes.x.span, y: figure.yLimits ?? axes.y.span, log: log)
  }

  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    let axes = axes(figure)
    let set = CurveSet(
      curves: curves + references.map { $0.curve(over: axes.x.range) }, legend: legendItems,
      xPlan: try axes.x.plan(limits: panel.xLimits(of: figure), isHorizontal: true),
      yPlan: try axes.y.plan(limits: panel.yLimits(of: figure), isHorizontal: false))
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
