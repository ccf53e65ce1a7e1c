/// The key of a heatmap's colours, beside the plot or, where that is low or narrow, below it.
struct ColorBar {
  let scale: AxisScale
  let label: String
  /// The width of the figure, which a label below a bar may fill.
  let figureWidth: Double
  let isVertical: Bool

  static let thickness = 9.0
  static let gap = 8.0
  /// Below this height, or on a figure of this width, a bar beside the plot has no room.
  static let leastHeight = 64.0
  static let leastFigureWidth = 190.0

  /// A bar with its place.
  struct Placed: Sendable {
    let bar: Rectangle
    let axis: PlacedAxis
    let isVertical: Bool
  }

  private var plan: AxisPlan {
    AxisPlan(scale: scale, isHorizontal: !isVertical)
  }

  private func block(length: Double, _ measure: some TextMeasure) -> TextBlock? {
    TextBlock(
      fitting: label, width: length, sizes: PageStyle.labelSizes, most: PageStyle.labelLines,
      measure: measure)
  }

  /// How far the bar and its texts reach beyond a plot on each side, in points.
  func reach(plot: Rectangle, _ measure: some TextMeasure) -> Insets {
    let placed = place(plot: plot, below: plot.maxY, measure)
    let rectangles = placed.texts.map(\.rectangle) + [placed.bar.bar]
    var reach = Insets()
    for rectangle in rectangles {
      reach = reach.union(
        Insets(
          left: plot.x - rectangle.x, right: rectangle.maxX - plot.maxX,
          bottom: isVertical ? 0 : rectangle.maxY - plot.maxY))
    }
    return reach
  }

  /// The bar and its texts for a plot whose labels end at `bottom`.
  func place(
    plot: Rectangle, below bottom: Double, _ measure: some TextMeasure
  ) -> (bar: Placed, texts: [PlacedText]) {
    isVertical ? placeBeside(plot, measure) : placeBelow(plot, bottom, measure)
  }

  private func placeBeside(
    _ plot: Rectangle, _ measure: some TextMeasure
  ) -> (bar: Placed, texts: [PlacedText]) {
    let bar = Rectangle(
      x: plot.maxX + Self.gap, y: plot.y, width: Self.thickness, height: plot.height)
    let axis = PlacedAxis(
      scale: plan.scale, ticks: plan.ticks(length: bar.height, measure), start: bar.maxY,
      end: bar.y)
    var texts = AxisPlan.labels(
      beside: bar.maxX, isLeft: false, of: axis, name: "colorBarTick", measure)
    if let block = block(length: bar.height, measure) {
      let edge = texts.map(\.rectangle.maxX).max() ?? bar.maxX
      let rectangle = Rectangle(
        x: edge + PageStyle.labelGap, y: bar.midY - block.width / 2, width: block.height,
        height: block.width)
      texts.append(
        PlacedText(name: "colorBarLabel", block: block, rectangle: rectangle, isRotated: true))
    }
    return (Placed(bar: bar, axis: axis, isVertical: true), texts)
  }

  private func placeBelow(
    _ plot: Rectangle, _ bottom: Double, _ measure: some TextMeasure
  ) -> (bar: Placed, texts: [PlacedText]) {
    let bar = Rectangle(
      x: plot.x, y: bottom + Self.gap, width: plot.width, height: Self.thickness)
    let axis = PlacedAxis(
      scale: plan.scale, ticks: plan.ticks(length: bar.width, measure), start: bar.x,
      end: bar.maxX)
    var texts = AxisPlan.labels(below: bar.maxY, of: axis, name: "colorBarTick", measure)
    if let block = block(length: figureWidth - 2 * PageStyle.margin, measure) {
      let edge = texts.map(\.rectangle.maxY).max() ?? bar.maxY
      let most = figureWidth - PageStyle.margin - block.width
      let rectangle = Rectangle(
        x: max(PageStyle.margin, min(bar.midX - block.width / 2, most)),
        y: edge + PageStyle.labelGap, width: block.width, height: block.height)
      texts.append(PlacedText(name: "colorBarLabel", block: block, rectangle: rectangle))
    }
    return (Placed(bar: bar, axis: axis, isVertical: false), texts)
  }
}
