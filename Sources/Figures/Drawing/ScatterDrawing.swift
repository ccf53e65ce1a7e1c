extension ScatterPlot {
  /// From so many points on, some lie on others.
  private static let many = 5000

  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    layout.drawGrid(on: canvas)
    canvas.clipped(to: layout.plot) {
      if front { drawFront(layout, on: canvas) }
      // The best points lie on top of the others.
      var drawn: Set<[Int]> = []
      for point in points.filter({ !$0.isBest }) + points.filter(\.isBest) {
        let place = (
          x: layout.xAxis.position(of: point.x), y: layout.yAxis.position(of: point.y)
        )
        // Of many points on one spot the first is all that can be seen.
        let spot = [point.series, Int(place.x * 4), Int(place.y * 4), point.isBest ? 1 : 0]
        guard points.count < Self.many || drawn.insert(spot).inserted else { continue }
        let pen =
          point.isComparison
          ? CurvePen(canvas: canvas, comparisonPosition: point.series)
          : CurvePen(canvas: canvas, position: point.series)
        pen.drawMarker(
          place,
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
