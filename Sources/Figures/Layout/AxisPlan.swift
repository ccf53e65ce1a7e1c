/// An axis whose length is not yet known.
struct AxisPlan {
  let scale: AxisScale
  var isInteger = false
  /// Whether there is anything to count along the axis; a vector has one row, which needs no
  /// number.
  var hasTicks = true
  /// Whether the axis runs from left to right.
  let isHorizontal: Bool

  /// The ticks for a length in points.
  func ticks(length: Double, _ measure: some TextMeasure) -> AxisTicks {
    guard hasTicks else { return AxisTicks() }
    let capital = TextBlock.capital * PageStyle.tickSize
    return TickSearch(
      scale: scale, length: length,
      spacing: PageStyle.tickSpacing(length: length, isHorizontal: isHorizontal),
      isInteger: isInteger, gap: isHorizontal ? PageStyle.rowGap : PageStyle.columnGap,
      extent: { isHorizontal ? Self.block($0, measure).width : capital }
    ).ticks()
  }

  /// The label of a tick, measured.
  static func block(_ label: String, _ measure: some TextMeasure) -> TextBlock {
    TextBlock([label], size: PageStyle.tickSize, isNumber: true, measure: measure)
  }

  /// The labels below a horizontal axis along `edge`.
  static func labels(
    below edge: Double, of axis: PlacedAxis, name: String, _ measure: some TextMeasure
  ) -> [PlacedText] {
    let blocks = axis.ticks.major.map { block($0.label, measure) }
    // One baseline for all, whichever has a superscript.
    let ascent = blocks.map(\.ascent).max() ?? 0
    return zip(axis.ticks.major, blocks).enumerated().map { index, pair in
      let (tick, block) = pair
      let rectangle = Rectangle(
        x: axis.position(of: tick.value) - block.width / 2,
        y: edge + PageStyle.tickReach + ascent - block.ascent, width: block.width,
        height: block.height)
      return PlacedText(name: "\(name) \(index)", block: block, rectangle: rectangle)
    }
  }

  /// The labels beside a vertical axis along `edge`: left of it, or right.
  static func labels(
    beside edge: Double, isLeft: Bool, of axis: PlacedAxis, name: String,
    _ measure: some TextMeasure
  ) -> [PlacedText] {
    axis.ticks.major.enumerated().map { index, tick in
      let block = block(tick.label, measure)
      let baseline = axis.position(of: tick.value) + TextBlock.capital * block.size / 2
      let x = isLeft ? edge - PageStyle.tickReach - block.width : edge + PageStyle.tickReach
      let rectangle = Rectangle(
        x: x, y: baseline - block.ascent, width: block.width, height: block.height)
      return PlacedText(
        name: "\(name) \(index)", block: block, rectangle: rectangle,
        alignment: isLeft ? .trailing : .leading)
    }
  }
}
