extension ScatterPlot {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    layout.drawGrid(on: canvas)
    if front { canvas.clipped(to: layout.plot) { drawFront(layout, on: canvas) } }
    layout.drawSpines(on: canvas)
    // The best points' on top of the others.
    let order = front ? points.filter { !$0.isBest } + points.filter(\.isBest) : points
    canvas.draw(
      order.lazy.map { point in
        (
          look: MarkerLook(
            series: point.series, isComparison: point.isComparison,
            isFaint: front && !point.isBest && !point.isComparison),
          place: (x: layout.xAxis.position(of: point.x), y: layout.yAxis.position(of: point.y))
        )
      }, in: layout.plot)
    layout.legend?.draw(on: canvas) { _, pen, place in pen.drawMarker(place.middle) }
  }

  /// The front's steps, which run along the axes.
  private func drawFront(_ layout: FigureLayout, on canvas: Canvas) {
    let corners = steps.map {
      (x: layout.xAxis.position(of: $0.x), y: layout.yAxis.position(of: $0.y))
    }
    let (width, color) = (PageStyle.frontWidth, canvas.theme.faint)
    for (from, to) in zip(corners, corners.dropFirst()) {
      if from.y == to.y {
        canvas.horizontalLine(from: from.x, to: to.x, y: from.y, width: width, color)
      } else {
        canvas.verticalLine(
          from: min(from.y, to.y) - width / 2, to: max(from.y, to.y) + width / 2, x: from.x,
          width: width, color)
      }
    }
  }
}
