extension LinePlot {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    layout.drawGrid(on: canvas)
    canvas.clipped(to: layout.plot) {
      for (position, reference) in references.enumerated() {
        let y = layout.yAxis.position(of: reference.value)
        CurvePen(canvas: canvas, position: 0).strokeReference(
          position, [(layout.plot.x, y), (layout.plot.maxX, y)])
      }
      for (position, curve) in curves.enumerated() {
        CurvePen(canvas: canvas, position: position)
          .draw(curve, markers: markers(of: position), in: layout)
      }
    }
    layout.drawSpines(on: canvas)
    layout.legend?.draw(on: canvas) { position, pen, place in
      pen.strokeLine([(place.x, place.midY), (place.maxX, place.midY)])
      if markers(of: position).isAny { pen.drawMarker(place.middle) }
    }
  }

  /// Every point of a short curve is marked; a few places of a long one, where there are others.
  private func markers(of position: Int) -> CurvePen.Markers {
    if let marks = series[position].marks { return .at(marks) }
    let count = curves[position].stretches.reduce(0) { $0 + $1.count }
    if smooth == nil || !series[position].isSmoothed, count <= 24 { return .all }
    return series.count > 1 ? .some : .none
  }
}
