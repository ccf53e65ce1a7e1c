extension ScatterPlot {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    layout.drawGrid(on: canvas)
    if front { drawFront(layout, on: canvas) }
    // The best points lie on top of the others.
    for point in points.filter({ !$0.isBest }) + points.filter(\.isBest) {
      CurvePen(canvas: canvas, style: SeriesStyle(position: point.series)).drawMarker(
        x: layout.xAxis.position(of: point.x), y: layout.yAxis.position(of: point.y),
        opacity: front && !point.isBest ? 0.4 : 1)
    }
    layout.drawSpines(on: canvas)
    layout.legend?.draw(on: canvas) { _, pen, x, y in
      pen.drawMarker(x: x + Legend.sampleWidth / 2, y: y)
    }
    for label in layout.labels { canvas.draw(label) }
  }

  /// The front's steps, which run along the axes.
  private func drawFront(_ layout: FigureLayout, on canvas: Canvas) {
    let corners = steps.map {
      (x: layout.xAxis.position(of: $0.x), y: layout.yAxis.position(of: $0.y))
    }
    let half = PageStyle.frontWidth / 2
    for (from, to) in zip(corners, corners.dropFirst()) {
      if from.y == to.y {
        canvas.horizontalLine(
          from: from.x, to: to.x, y: from.y, width: PageStyle.frontWidth, .front)
      } else {
        canvas.verticalLine(
          from: from.y - half, to: to.y + half, x: from.x, width: PageStyle.frontWidth, .front)
      }
    }
  }
}
