extension LinePlot {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    layout.drawGrid(on: canvas)
    canvas.clipped(to: layout.plot) {
      for (position, curve) in curves.enumerated() {
        CurvePen(layout: layout, canvas: canvas, style: SeriesStyle(position: position))
          .draw(curve, markers: markers(of: curve))
      }
    }
    layout.drawSpines(on: canvas)
    layout.legend?.draw(on: canvas) { position, pen, x, y in
      pen.strokeLine([(x, y), (x + Legend.sampleWidth, y)])
      if markers(of: curves[position]) != .none {
        pen.drawMarker(x: x + Legend.sampleWidth / 2, y: y)
      }
    }
  }

  /// Every point of a short curve is marked; a few places of a long one, where there are others.
  private func markers(of curve: Curve) -> CurvePen.Markers {
    let count = curve.stretches.reduce(0) { $0 + $1.count }
    if smooth == nil, count <= 24 { return .all }
    return series.count > 1 ? .some : .none
  }
}
