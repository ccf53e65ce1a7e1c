extension LinePlot {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    layout.drawGrid(on: canvas)
    canvas.clipped(to: layout.plot) {
      for (position, reference) in references.enumerated() {
        canvas.strokeReference(position, places(of: reference, layout))
      }
      for (position, curve) in curves.enumerated() {
        CurvePen(canvas: canvas, position: position).draw(curve, in: layout)
      }
    }
    for (position, curve) in curves.enumerated() {
      CurvePen(canvas: canvas, position: position)
        .drawMarkers(of: curve, markers(of: position), in: layout)
    }
    layout.drawSpines(on: canvas)
    layout.legend?.draw(on: canvas) { position, pen, place in
      pen.strokeLine([(place.x, place.midY), (place.maxX, place.midY)])
      if markers(of: position).isAny { pen.drawMarker(place.middle) }
    }
  }

  private func places(
    of reference: Reference, _ layout: FigureLayout
  ) -> [Canvas.Point] {
    let start = layout.yAxis.position(of: reference.value)
    guard let ends = reference.ends else {
      return [(layout.plot.x, start), (layout.plot.maxX, start)]
    }
    return [
      (layout.xAxis.position(of: ends.x.lowerBound), start),
      (layout.xAxis.position(of: ends.x.upperBound), layout.yAxis.position(of: ends.to)),
    ]
  }

  /// Every point of a short curve is marked; a few places of a long one, where there are others.
  private func markers(of position: Int) -> CurvePen.Markers {
    if let marks = series[position].marks { return .at(Set(marks)) }
    let count = curves[position].stretches.reduce(0) { $0 + $1.count }
    if smooth == nil || !series[position].isSmoothed, count <= 24 { return .all }
    return series.count > 1 ? .some : .none
  }
}
