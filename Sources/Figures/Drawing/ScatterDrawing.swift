extension ScatterPlot {
  /// From so many points on, some lie on others, and a document keeps a picture of them.
  private static let many = 5000

  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    layout.drawGrid(on: canvas)
    if front { canvas.clipped(to: layout.plot) { drawFront(layout, on: canvas) } }
    if points.count < Self.many {
      drawPoints(layout, on: canvas)
    } else {
      canvas.drawFlat(layout.plot.inset(-CurvePen.markerReach)) { drawPoints(layout, on: $0) }
    }
    layout.drawSpines(on: canvas)
    layout.legend?.draw(on: canvas) { _, pen, place in pen.drawMarker(place.middle) }
  }

  /// The markers, the best points' on top of the others.
  private func drawPoints(_ layout: FigureLayout, on canvas: Canvas) {
    var taken: Set<Spot> = []
    var stamps: [Look: Canvas.Stamp] = [:]
    let order = front ? points.filter { !$0.isBest } + points.filter(\.isBest) : points
    for (index, point) in order.enumerated() {
      if index & 0xFFF == 0, canvas.isStopped { break }
      let look = Look(
        series: point.series, isComparison: point.isComparison,
        isFaint: front && !point.isBest && !point.isComparison)
      let place = (x: layout.xAxis.position(of: point.x), y: layout.yAxis.position(of: point.y))
      guard layout.plot.holds(place) else { continue }
      guard points.count >= Self.many else {
        draw(look, at: place, on: canvas)
        continue
      }
      // Of many points on one pixel one is all that can be seen.
      let pixel = (x: canvas.snapped(place.x), y: canvas.snapped(place.y))
      let spot = Spot(
        look: look, x: Int(pixel.x * canvas.resolution), y: Int(pixel.y * canvas.resolution))
      guard taken.insert(spot).inserted else { continue }
      let stamp =
        stamps[look]
        ?? canvas.stamp(radius: CurvePen.markerReach) { draw(look, at: (0, 0), on: $0) }
      stamps[look] = stamp
      if let stamp { canvas.draw(stamp, at: pixel) }
    }
  }

  /// How a point is drawn.
  private struct Look: Hashable {
    let series: Int
    let isComparison: Bool
    let isFaint: Bool
  }

  private struct Spot: Hashable {
    let look: Look
    let x, y: Int
  }

  private func draw(_ look: Look, at place: Canvas.Point, on canvas: Canvas) {
    let pen =
      look.isComparison
      ? CurvePen(canvas: canvas, comparisonPosition: look.series)
      : CurvePen(canvas: canvas, position: look.series)
    pen.drawMarker(place, opacity: look.isFaint ? 0.4 : 1)
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
