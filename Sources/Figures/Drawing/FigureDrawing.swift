extension Figure {
  /// Draws the figure as it was laid out. The same calls serve every kind of surface.
  /// - Throws: `FigureError` where Cairo fails.
  func draw(_ layout: FigureLayout, on canvas: Canvas) throws {
    canvas.fill(
      Rectangle(x: 0, y: 0, width: layout.width, height: layout.height).inset(-1),
      canvas.theme.ground)
    drawContent(layout, on: canvas)
    try canvas.check()
  }

  /// Draws everything but the ground.
  func drawContent(_ layout: FigureLayout, on canvas: Canvas) {
    content.plot.draw(layout, on: canvas)
    for text in layout.texts + layout.labels { canvas.draw(text) }
  }
}

extension PlacedAxis {
  /// Short lines outward from a horizontal axis at `edge`.
  func drawTicks(below edge: Double, on canvas: Canvas) {
    let ink = canvas.theme.ink
    for tick in ticks.major {
      canvas.verticalLine(
        from: edge, to: edge + PageStyle.tickLength, x: position(of: tick.value),
        width: PageStyle.spineWidth, ink)
    }
    for value in ticks.minor {
      canvas.verticalLine(
        from: edge, to: edge + PageStyle.minorTickLength, x: position(of: value),
        width: PageStyle.spineWidth * 0.7, ink)
    }
  }

  /// Short lines outward from a vertical axis at `edge`, to its left or right.
  func drawTicks(beside edge: Double, isLeft: Bool, on canvas: Canvas) {
    func line(_ value: Double, length: Double, width: Double) {
      canvas.horizontalLine(
        from: isLeft ? edge - length : edge, to: isLeft ? edge : edge + length,
        y: position(of: value), width: width, canvas.theme.ink)
    }
    for tick in ticks.major {
      line(tick.value, length: PageStyle.tickLength, width: PageStyle.spineWidth)
    }
    for value in ticks.minor {
      line(value, length: PageStyle.minorTickLength, width: PageStyle.spineWidth * 0.7)
    }
  }
}
