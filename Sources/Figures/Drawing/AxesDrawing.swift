extension FigureLayout {
  /// Lines across the plot at the labelled ticks of numbers.
  func drawGrid(on canvas: Canvas, x: Bool = true, y: Bool = true) {
    let (width, color) = (PageStyle.gridWidth, canvas.theme.grid)
    for tick in y ? yAxis.ticks.major : [] {
      canvas.horizontalLine(
        from: plot.x, to: plot.maxX, y: yAxis.position(of: tick.value), width: width, color)
    }
    for tick in x ? xAxis.ticks.major : [] {
      canvas.verticalLine(
        from: plot.y, to: plot.maxY, x: xAxis.position(of: tick.value), width: width, color)
    }
  }

  /// The lines of the two axes with their ticks.
  func drawSpines(on canvas: Canvas) {
    let (width, ink) = (PageStyle.spineWidth, canvas.theme.ink)
    let half = width / 2
    canvas.verticalLine(from: plot.y, to: plot.maxY + half, x: plot.x, width: width, ink)
    canvas.horizontalLine(from: plot.x - half, to: plot.maxX, y: plot.maxY, width: width, ink)
    xAxis.drawTicks(below: plot.maxY, on: canvas)
    yAxis.drawTicks(beside: plot.x, isLeft: true, on: canvas)
  }
}

extension Legend.Placed {
  /// Draws the list; `sample` draws the look of a series in a small place.
  func draw(
    on canvas: Canvas,
    sample: (_ position: Int, _ pen: CurvePen, _ place: Rectangle) -> Void = { _, _, _ in }
  ) {
    if isInside { canvas.fill(rectangle, canvas.theme.ground, opacity: 0.85) }
    for entry in entries {
      // Beside the first line of the name.
      let (x, y) = (entry.rectangle.x, entry.rectangle.y + Legend.middle(of: entry.name))
      let place = Rectangle(x: x, y: y - 3.5, width: Legend.sampleWidth, height: 7)
      var start = x + Legend.sampleWidth + Legend.sampleGap
      switch entry.sample {
      case .series(let position):
        sample(position, CurvePen(canvas: canvas, position: position), place)
      case .reference(let position):
        canvas.strokeReference(position, [(x, y), (place.maxX, y)])
      case .comparison(let position):
        CurvePen(canvas: canvas, comparisonPosition: position).drawMarker(place.middle)
      case .missing(let map): canvas.fill(place, canvas.theme.missing(map))
      case .masked: canvas.hatch([place])
      case .marked: canvas.frame(place.inset(5, 0))
      case .none: if !hasSamples { start = x }
      }
      let block = entry.name
      let rectangle = Rectangle(
        x: start, y: y + TextBlock.capital * block.size / 2 - block.ascent, width: block.width,
        height: block.height)
      canvas.draw(
        PlacedText(name: "name", block: block, rectangle: rectangle, alignment: .leading))
    }
    if let rest { canvas.draw(rest) }
  }
}
