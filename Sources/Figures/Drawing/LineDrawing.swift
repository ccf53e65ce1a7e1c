extension LinePlot {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    let plot = layout.plot
    for tick in layout.yAxis.ticks.major {
      canvas.horizontalLine(
        from: plot.x, to: plot.maxX, y: layout.yAxis.position(of: tick.value),
        width: PageStyle.gridWidth, .grid)
    }
    for tick in layout.xAxis.ticks.major {
      canvas.verticalLine(
        from: plot.y, to: plot.maxY, x: layout.xAxis.position(of: tick.value),
        width: PageStyle.gridWidth, .grid)
    }
    canvas.clipped(to: plot) {
      for (position, curve) in curves.enumerated() {
        CurvePen(layout: layout, canvas: canvas, style: SeriesStyle(position: position))
          .draw(curve, markers: markers(of: curve))
      }
    }
    drawSpines(layout, on: canvas)
    if let legend = layout.legend { draw(legend, on: canvas) }
  }

  private func drawSpines(_ layout: FigureLayout, on canvas: Canvas) {
    let plot = layout.plot
    let half = PageStyle.spineWidth / 2
    canvas.verticalLine(
      from: plot.y, to: plot.maxY + half, x: plot.x, width: PageStyle.spineWidth, .ink)
    canvas.horizontalLine(
      from: plot.x - half, to: plot.maxX, y: plot.maxY, width: PageStyle.spineWidth, .ink)
    layout.xAxis.drawTicks(below: plot.maxY, on: canvas)
    layout.yAxis.drawTicks(beside: plot.x, isLeft: true, on: canvas)
  }

  private func draw(_ legend: Legend.Placed, on canvas: Canvas) {
    if legend.isInside { canvas.fill(legend.rectangle, .white, opacity: 0.85) }
    for entry in legend.entries {
      let pen = CurvePen(canvas: canvas, style: SeriesStyle(position: entry.position))
      let y = entry.rectangle.midY
      let x = entry.rectangle.x
      pen.strokeLine([(x, y), (x + Legend.sampleWidth, y)])
      if markers(of: curves[entry.position]) != .none {
        pen.drawMarker(x: x + Legend.sampleWidth / 2, y: y)
      }
      let block = entry.name
      let rectangle = Rectangle(
        x: x + Legend.sampleWidth + Legend.sampleGap,
        y: y + TextBlock.capital * block.size / 2 - block.ascent, width: block.width,
        height: block.height)
      canvas.draw(
        PlacedText(name: "name", block: block, rectangle: rectangle, alignment: .leading))
    }
    if let rest = legend.rest { canvas.draw(rest) }
  }

  /// Every point of a short curve is marked; a few places of a long one, where there are others.
  private func markers(of curve: Curve) -> CurvePen.Markers {
    let count = curve.stretches.reduce(0) { $0 + $1.count }
    if smooth == nil, count <= 24 { return .all }
    return series.count > 1 ? .some : .none
  }
}
