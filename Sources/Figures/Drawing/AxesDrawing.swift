extension FigureLayout {
  /// Lines across the plot at the labelled ticks.
  func drawGrid(on canvas: Canvas) {
    for tick in yAxis.ticks.major {
      canvas.horizontalLine(
        from: plot.x, to: plot.maxX, y: yAxis.position(of: tick.value),
        width: PageStyle.gridWidth, .grid)
    }
    for tick in xAxis.ticks.major {
      canvas.verticalLine(
        from: plot.y, to: plot.maxY, x: xAxis.position(of: tick.value),
        width: PageStyle.gridWidth, .grid)
    }
  }

  /// The lines of the two axes with their ticks.
  func drawSpines(on canvas: Canvas) {
    let half = PageStyle.spineWidth / 2
    canvas.verticalLine(
      from: plot.y, to: plot.maxY + half, x: plot.x, width: PageStyle.spineWidth, .ink)
    canvas.horizontalLine(
      from: plot.x - half, to: plot.maxX, y: plot.maxY, width: PageStyle.spineWidth, .ink)
    xAxis.drawTicks(below: plot.maxY, on: canvas)
    yAxis.drawTicks(beside: plot.x, isLeft: true, on: canvas)
  }
}

extension Legend.Placed {
  /// Draws the list; `sample` draws an entry's look from `x` on, around `y`.
  func draw(
    on canvas: Canvas, sample: (_ position: Int, _ pen: CurvePen, _ x: Double, _ y: Double) -> Void
  ) {
    if isInside { canvas.fill(rectangle, .white, opacity: 0.85) }
    for entry in entries {
      let pen = CurvePen(canvas: canvas, style: SeriesStyle(position: entry.position))
      let y = entry.rectangle.midY
      let x = entry.rectangle.x
      sample(entry.position, pen, x, y)
      let block = entry.name
      let rectangle = Rectangle(
        x: x + Legend.sampleWidth + Legend.sampleGap,
        y: y + TextBlock.capital * block.size / 2 - block.ascent, width: block.width,
        height: block.height)
      canvas.draw(
        PlacedText(name: "name", block: block, rectangle: rectangle, alignment: .leading))
    }
    if let rest { canvas.draw(rest) }
  }
}
