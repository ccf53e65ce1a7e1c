extension BarPlot: Plot {
  var summary: String {
    "bar plot of \(count) × \(series.count)"
  }

  func axes(of figure: Figure) -> PlotAxes {
    let values = values(of: figure)
    return isHorizontal ? PlotAxes(x: values) : PlotAxes(y: values)
  }

  func spans(of figure: Figure) -> PanelSpans {
    var spans = PanelSpans(axes(of: figure))
    let places = categories ?? (0..<count).map(String.init)
    if isHorizontal { spans.yPlaces = places } else { spans.xPlaces = places }
    return spans
  }

  /// The axis of the values: from zero, but for a logarithmic one; more where bars end, and bars
  /// stand on its edge at zero.
  private func values(of figure: Figure) -> NumberAxis {
    var ranges = bars.map { $0.value...$0.value } + bars.compactMap(shownEnds(of:))
    if !isLogarithmic { ranges.append(0...0) }
    var axis = NumberAxis(
      range: .union(ranges), padding: isLogarithmic ? 0.05 : 0, isLogarithmic: isLogarithmic,
      name: isHorizontal ? "x" : "y", limits: isHorizontal ? figure.xLimits : figure.yLimits)
    guard !isLogarithmic else { return axis }
    let (span, data) = (axis.span, axis.range)
    let pad = (span.upperBound - span.lowerBound) * 0.06
    let low = data.lowerBound < 0 ? span.lowerBound - pad : 0
    let high = data.upperBound > 0 ? span.upperBound + pad : 0
    axis.span = low...(high > low ? high : low + 1)
    return axis
  }

  func layout(
    of figure: Figure, in panel: Panel, _ measure: some TextMeasure
  ) throws -> FigureLayout {
    let values = try values(of: figure).plan(in: panel, isHorizontal: isHorizontal)
    var places = AxisPlan(
      scale: AxisScale(limits: -0.5...(Double(count) - 0.5)), isInteger: true,
      isHorizontal: !isHorizontal)
    places.names = categories
    places.nameLengths = panel.nameLengths(isHorizontal: !isHorizontal)
    let base = isLogarithmic ? values.scale.limits.lowerBound : 0
    let areas = bars.map { bar in
      let value = min(base, bar.value)...max(base, bar.value)
      return isHorizontal ? (x: value, y: bar.place) : (x: bar.place, y: value)
    }
    let set = CurveSet(
      curves: isHorizontal ? [] : bars.compactMap(errorCurve), areas: areas, legend: legendItems,
      xPlan: isHorizontal ? values : places, yPlan: isHorizontal ? places : values,
      startsAtTop: isHorizontal)
    var layout = CurveLayout(figure: figure, panel: panel, plot: set, measure: measure)
    if isHorizontal {
      let bars = min(Double(count * series.count) * 11 + 12, panel.width * 1.4)
      layout.plotHeight = max(panel.width * 0.2, bars, places.lengthForNames(measure))
    }
    return try layout.placed()
  }

  private func errorCurve(_ bar: Bar) -> Curve? {
    ends(of: bar).map { ends in
      let middle = (bar.place.lowerBound + bar.place.upperBound) / 2
      return Curve(stretches: [
        [Curve.Point(x: middle, y: ends.lowerBound), Curve.Point(x: middle, y: ends.upperBound)]
      ])
    }
  }

  private var legendItems: [LegendItem] {
    let named = series.count > 1 ? series.indices.filter { !series[$0].name.isEmpty } : []
    return named.map { LegendItem(sample: .series($0), name: series[$0].name) }
      + [LegendItem.missing(missing, isLogarithmic: isLogarithmic)].compactMap(\.self)
  }
}
