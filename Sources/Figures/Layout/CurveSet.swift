/// What the layout of curves or points asks of a plot.
struct CurveSet {
  /// What stands on the axes.
  let curves: [Curve]
  /// The curves that the legend lists, by position, with what it says.
  let names: [(position: Int, name: String)]
  let isLogarithmicX: Bool
  let isLogarithmicY: Bool
  /// How much of the axes is left free at their ends.
  let padding: (x: Double, y: Double)
}

extension LinePlot {
  var curveSet: CurveSet {
    CurveSet(
      curves: curves, names: legendEntries.map { ($0, series[$0].name) }, isLogarithmicX: false,
      isLogarithmicY: log, padding: (0.025, 0.05))
  }
}

extension ScatterPlot {
  /// Every point as a stretch of its own, and the front's steps.
  var curveSet: CurveSet {
    var stretches = series.map { _ in [[Curve.Point]]() }
    for point in points { stretches[point.series].append([Curve.Point(x: point.x, y: point.y)]) }
    var curves = stretches.map(Curve.init(stretches:))
    if front { curves.append(Curve(stretches: [steps])) }
    let named = series.indices.filter { !series[$0].name.isEmpty }
    return CurveSet(
      curves: curves, names: series.count > 1 ? named.map { ($0, series[$0].name) } : [],
      isLogarithmicX: log.isX, isLogarithmicY: log.isY, padding: (0.06, 0.07))
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
