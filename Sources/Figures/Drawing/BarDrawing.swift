extension BarPlot {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    layout.drawGrid(on: canvas, x: isHorizontal, y: !isHorizontal)
    let axis = isHorizontal ? layout.xAxis : layout.yAxis
    let base = isLogarithmic ? axis.start : axis.position(of: 0)
    canvas.clipped(to: layout.plot) {
      for (index, bar) in bars.enumerated() {
        if index & 0xFF == 0, canvas.isStopped { break }
        let pen = CurvePen(canvas: canvas, position: bar.series)
        let area = rectangle(bar.place, from: base, to: axis.position(of: bar.value), layout)
        // What lies outside need not be hatched: a bar may be a million times as long as the plot.
        if let area = area.intersection(layout.plot) { pen.fillArea(area) }
        if let ends = ends(of: bar) {
          drawError(
            at: (bar.place.lowerBound + bar.place.upperBound) / 2,
            from: axis.position(of: ends.lowerBound), to: axis.position(of: ends.upperBound),
            layout, canvas)
        }
      }
      // Bars below zero need a line to hang from.
      if axis.scale.limits.lowerBound < 0, !isLogarithmic {
        line(canvas, layout, at: base)
      }
    }
    layout.drawSpines(on: canvas)
    layout.legend?.draw(on: canvas) { _, pen, place in pen.fillArea(place) }
  }

  private func rectangle(
    _ place: ClosedRange<Double>, from base: Double, to end: Double, _ layout: FigureLayout
  ) -> Rectangle {
    let axis = isHorizontal ? layout.yAxis : layout.xAxis
    let sides = [place.lowerBound, place.upperBound].map(axis.position)
    let across = (start: min(sides[0], sides[1]), width: abs(sides[1] - sides[0]))
    let along = (start: min(base, end), width: abs(end - base))
    return isHorizontal
      ? Rectangle(x: along.start, y: across.start, width: along.width, height: across.width)
      : Rectangle(x: across.start, y: along.start, width: across.width, height: along.width)
  }

  private static let cap = 2.0

  private func drawError(
    at place: Double, from start: Double, to end: Double, _ layout: FigureLayout, _ canvas: Canvas
  ) {
    let (low, high) = (min(start, end), max(start, end))
    let (width, ink) = (PageStyle.errorWidth, canvas.theme.ink)
    if isHorizontal {
      let y = layout.yAxis.position(of: place)
      canvas.horizontalLine(from: low, to: high, y: y, width: width, ink)
      for x in [low, high] {
        canvas.verticalLine(from: y - Self.cap, to: y + Self.cap, x: x, width: width, ink)
      }
    } else {
      let x = layout.xAxis.position(of: place)
      canvas.verticalLine(from: low, to: high, x: x, width: width, ink)
      for y in [low, high] {
        canvas.horizontalLine(from: x - Self.cap, to: x + Self.cap, y: y, width: width, ink)
      }
    }
  }

  private func line(_ canvas: Canvas, _ layout: FigureLayout, at base: Double) {
    let (width, ink) = (PageStyle.spineWidth, canvas.theme.ink)
    if isHorizontal {
      canvas.verticalLine(from: layout.plot.y, to: layout.plot.maxY, x: base, width: width, ink)
    } else {
      canvas.horizontalLine(from: layout.plot.x, to: layout.plot.maxX, y: base, width: width, ink)
    }
  }
}
