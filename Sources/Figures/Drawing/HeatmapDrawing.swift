extension Heatmap {
  func draw(_ layout: FigureLayout, on canvas: Canvas) {
    let plot = canvas.snapped(layout.plot)
    let image = image(
      mostColumns: Int((plot.width * canvas.scale).rounded()),
      mostRows: Int((plot.height * canvas.scale).rounded()))
    canvas.draw(image, in: plot)
    if annotate { drawValues(in: plot, on: canvas) }
    canvas.outline(plot, width: PageStyle.spineWidth, .ink)
    layout.xAxis.drawTicks(below: plot.maxY, on: canvas)
    layout.yAxis.drawTicks(beside: plot.x, isLeft: true, on: canvas)
    if let bar = layout.colorBar { draw(bar, on: canvas) }
  }

  private func draw(_ bar: ColorBar.Placed, on canvas: Canvas) {
    let rectangle = canvas.snapped(bar.bar)
    let pixels = colors.pixels
    let image =
      bar.isVertical
      ? PixelImage(pixels: pixels.reversed(), width: 1, height: pixels.count)
      : PixelImage(pixels: pixels, width: pixels.count, height: 1)
    canvas.draw(image, in: rectangle)
    canvas.outline(rectangle, width: PageStyle.spineWidth, .ink)
    if bar.isVertical {
      bar.axis.drawTicks(beside: rectangle.maxX, isLeft: false, on: canvas)
    } else {
      bar.axis.drawTicks(below: rectangle.maxY, on: canvas)
    }
  }

  /// Writes every cell's value, or none where the longest cannot be read in its cell.
  private func drawValues(in plot: Rectangle, on canvas: Canvas) {
    let cell = (width: plot.width / Double(columns), height: plot.height / Double(rows))
    // Also spares a large matrix the text of its values.
    guard let smallest = PageStyle.annotationSizes.last, cell.height >= smallest,
      cell.width >= smallest
    else { return }
    let labels = NumberLabels.annotations(of: values)
    guard let size = annotationSize(of: labels, cell: cell, canvas) else { return }
    let palette = (0..<ColorMap.steps).map {
      colors.color(at: Double($0) / Double(ColorMap.steps - 1)).contrasting
    }
    for (index, label) in labels.enumerated() where !label.isEmpty {
      let block = TextBlock([label], size: size, isNumber: true, measure: canvas)
      let center = (
        x: plot.x + (Double(index % columns) + 0.5) * cell.width,
        y: plot.y + (Double(index / columns) + 0.5) * cell.height
      )
      let rectangle = Rectangle(
        x: center.x - block.width / 2,
        y: center.y + TextBlock.capital * size / 2 - block.ascent, width: block.width,
        height: block.height)
      let step = ColorMap.step(of: Double(values[index]), in: limits)
      canvas.draw(
        PlacedText(name: "value", block: block, rectangle: rectangle), color: palette[step])
    }
  }

  /// The largest size at which every label leaves white around it.
  private func annotationSize(
    of labels: [String], cell: (width: Double, height: Double), _ measure: some TextMeasure
  ) -> Double? {
    let unit = labels.map { measure.extents(of: $0, size: 1).width }.max() ?? 0
    return PageStyle.annotationSizes.first {
      unit * $0 <= cell.width * 0.9 - 1 && $0 * TextBlock.capital <= cell.height * 0.7
    }
  }
}

extension Canvas: TextMeasure {
  func extents(of line: String, size: Double) -> TextExtents {
    CairoFont.select(on: context, size: size)
    return CairoFont.extents(of: line, on: context)
  }
}
