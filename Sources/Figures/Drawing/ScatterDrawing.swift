extension ScatterPlot {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    layout.drawGrid(on: canvas)
    canvas.clipped(to: layout.plot) {
      if front { drawFront(layout, on: canvas) }
      // The best points lie on top of the others.
      for point in points.filter({ !$0.isBest }) + points.filter(\.isBest) {
        let pen =
          point.isComparison
          ? CurvePen(canvas: canvas, comparisonPosition: point.series)
          : CurvePen(canvas: canvas, position: point.series)
        pen.drawMarker(
          (layout.xAxis.position(of: point.x), layout.yAxis.position(of: point.y)),
          opacity: front && !point.isBest && !point.isComparison ? 0.4 : 1)
      }
    }
    layout.drawSpines(on: canvas)
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
          from: from.y - width / 2, to: to.y + width / 2, x: from.x, width: width, color)
      }
    }
  }
}
