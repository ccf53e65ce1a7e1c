extension LinePlot {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    layout.drawGrid(on: canvas)
    canvas.clipped(to: layout.plot) {
      for (position, reference) in references.enumerated() {
        canvas.strokeReference(position, places(of: reference, layout))
      }
      if canvas.isVector, curves.reduce(0, { $0 + $1.turning }) >= Canvas.tangle {
        // A document keeps a picture of what no thinning reaches.
        canvas.drawFlat(layout.plot) { drawCurves(layout, on: $0) }
      } else {
        drawCurves(layout, on: canvas)
      }
    }
    layout.drawSpines(on: canvas)
    canvas.draw(markers(in: layout), in: layout.plot)
    layout.legend?.draw(on: canvas) { position, pen, place in
      pen.strokeSample(from: place.x, to: place.maxX, y: place.midY)
      if markers(of: position).isAny { pen.drawMarker(place.middle) }
    }
  }

  private func drawCurves(_ layout: FigureLayout, on canvas: Canvas) {
    for (position, curve) in curves.enumerated() {
      CurvePen(canvas: canvas, position: position).draw(curve, in: layout)
    }
  }

  private func markers(in layout: FigureLayout) -> [Canvas.Marker] {
    curves.enumerated().flatMap { position, curve in
      let look = MarkerLook(series: position)
      return markers(of: position).places(on: curve, position: position, in: layout)
        .map { (look: look, place: $0) }
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
  private func markers(of position: Int) -> CurveMarkers {
    if let marks = series[position].marks { return .at(Set(marks)) }
    let count = curves[position].stretches.reduce(0) { $0 + $1.count }
    if smooth == nil || !series[position].isSmoothed, count <= 24 { return .all }
    return series.count > 1 ? .some : .none
  }
}
