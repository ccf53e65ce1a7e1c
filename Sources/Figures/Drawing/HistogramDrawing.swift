extension Histogram {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    layout.drawGrid(on: canvas, x: false)
    canvas.clipped(to: layout.plot) {
      for index in series.indices {
        let pen = CurvePen(canvas: canvas, position: index)
        pen.fillPolygon(outline(of: heights[index], layout), opacity: series.count > 1 ? 0.3 : 0.5)
        pen.strokeLine(outline(of: heights[index], layout))
      }
    }
    layout.drawSpines(on: canvas)
    layout.legend?.draw(on: canvas) { _, pen, place in
      pen.fillPolygon(place.corners, opacity: 0.3)
      pen.strokeLine(place.corners + place.corners.prefix(1))
    }
  }

  /// The steps from the left end of the base to its right end.
  private func outline(of heights: [Double], _ layout: FigureLayout) -> [CurvePen.Point] {
    func place(_ x: Double, _ y: Double) -> CurvePen.Point {
      let height = isLogarithmic && y <= 0 ? layout.yAxis.start : layout.yAxis.position(of: y)
      return (layout.xAxis.position(of: x), height)
    }
    var points = [place(edges[0], 0)]
    for (bin, height) in heights.enumerated() {
      points.append(place(edges[bin], height))
      points.append(place(edges[bin + 1], height))
    }
    return points + [place(edges[edges.count - 1], 0)]
  }
}
