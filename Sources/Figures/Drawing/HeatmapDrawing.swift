extension Heatmap {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    let plot = canvas.snapped(layout.plot)
    guard let scale = layout.colorScale else { return }
    let raster = HeatmapRaster(
      self, mostColumns: Int((plot.width * canvas.resolution).rounded()),
      mostRows: Int((plot.height * canvas.resolution).rounded()),
      isStopped: { canvas.isStopped })
    guard !canvas.isStopped else { return }
    // Cells too small for lines have a colour of their own.
    let isHatched =
      hidesMasked
      || min(plot.width / Double(columns), plot.height / Double(rows)) >= Self.leastHatched
    let image = raster.image(
      colors, scale, missing: canvas.theme.missing(colors),
      masked: isHatched ? canvas.theme.ground : canvas.theme.faint)
    canvas.draw(image, in: plot)
    if isHatched, !hidesMasked { canvas.hatch(raster.maskedRuns(in: plot)) }
    if let size = layout.valueSize { drawValues(in: plot, size: size, scale, on: canvas) }
    drawMarks(in: plot, on: canvas)
    canvas.outline(plot, width: PageStyle.spineWidth, canvas.theme.ink)
    layout.xAxis.drawTicks(below: plot.maxY, on: canvas)
    layout.yAxis.drawTicks(beside: plot.x, isLeft: true, on: canvas)
    if let bar = layout.colorBar { draw(bar, on: canvas) }
    layout.legend?.draw(on: canvas)
  }

  /// The side of the smallest cell that is hatched, in points.
  private static let leastHatched = 2.0

  /// Draws the key of the colours.
  func draw(_ bar: ColorBar.Placed, on canvas: Canvas) {
    let rectangle = canvas.snapped(bar.bar)
    let pixels = colors.pixels
    let image =
      bar.isVertical
      ? PixelImage(pixels: pixels.reversed(), width: 1, height: pixels.count)
      : PixelImage(pixels: pixels, width: pixels.count, height: 1)
    canvas.draw(image, in: rectangle)
    canvas.outline(rectangle, width: PageStyle.spineWidth, canvas.theme.ink)
    if bar.isVertical {
      bar.axis.drawTicks(beside: rectangle.maxX, isLeft: false, on: canvas)
    } else {
      bar.axis.drawTicks(below: rectangle.maxY, on: canvas)
    }
  }

  private func drawMarks(in plot: Rectangle, on canvas: Canvas) {
    let (width, height) = (plot.width / Double(columns), plot.height / Double(rows))
    for cell in marked.cells {
      canvas.frame(
        Rectangle(
          x: plot.x + Double(cell.column) * width, y: plot.y + Double(cell.row) * height,
          width: width, height: height))
    }
  }

  /// Writes every cell's value.
  private func drawValues(
    in plot: Rectangle, size: Double, _ scale: AxisScale, on canvas: Canvas
  ) {
    let cell = (width: plot.width / Double(columns), height: plot.height / Double(rows))
    let labels = NumberLabels.annotations(of: values)
    let palette = (0..<ColorMap.steps).map {
      colors.color(at: Double($0) / Double(ColorMap.steps - 1)).contrasting
    }
    for (index, label) in labels.enumerated() where !label.isEmpty && !isMasked(index) {
      let block = TextBlock([label], size: size, isNumber: true, measure: canvas)
      let center = (
        x: plot.x + (Double(index % columns) + 0.5) * cell.width,
        y: plot.y + (Double(index / columns) + 0.5) * cell.height
      )
      let rectangle = Rectangle(
        x: center.x - block.width / 2,
        y: center.y + TextBlock.capital * size / 2 - block.ascent, width: block.width,
        height: block.height)
      let color =
        hasColor(values[index])
        ? palette[ColorMap.step(of: Double(values[index]), on: scale)]
        : canvas.theme.missing(colors).contrasting
      canvas.draw(
        PlacedText(name: "value", block: block, rectangle: rectangle), color: color)
    }
  }
}
