/// An axis whose length is not yet known.
struct AxisPlan {
  let scale: AxisScale
  var isInteger = false
  /// Whether the axis runs backward.
  var isReversed = false
  /// Whether there is anything to count along the axis; a vector has one row, which needs no
  /// number.
  var hasTicks = true
  /// What is added to the number of a place to name it: what is counted from 1 stands at 0.
  var offset = 0
  /// What stands at 0, 1, 2, … where those places have names; nil for numbers.
  var names: [String]?
  /// How long names may be before they are broken, in points, and how long where that is too short.
  var nameLengths: [Double] = []
  /// Whether the axis runs from left to right.
  let isHorizontal: Bool

  /// The ticks for a length in points.
  func ticks(length: Double, _ measure: some TextMeasure) -> AxisTicks {
    guard hasTicks else { return AxisTicks() }
    if let names {
      return CategoryTicks(names: names, plan: self, length: length, measure: measure).ticks()
    }
    let capital = TextBlock.capital * PageStyle.tickSize
    let shift = Double(offset)
    let search = TickSearch(
      scale: offset == 0
        ? scale
        : AxisScale(limits: (scale.limits.lowerBound + shift)...(scale.limits.upperBound + shift)),
      length: length,
      spacing: PageStyle.tickSpacing(length: length, isHorizontal: isHorizontal),
      isInteger: isInteger, gap: isHorizontal ? PageStyle.rowGap : PageStyle.columnGap,
      extent: { isHorizontal ? Self.block($0, TickStyle(), measure).width : capital }
    )
    var ticks = search.ticks()
    ticks.major = ticks.major.map { Tick(value: $0.value - shift, label: $0.label) }
    return ticks
  }

  /// The length at which every name is whole; 0 where there are none, and at most a page's height.
  func lengthForNames(_ measure: some TextMeasure) -> Double {
    guard let names else { return 0 }
    return CategoryTicks(names: names, plan: self, length: 1, measure: measure)
      .wantedLength(most: PageStyle.mostHeight)
  }

  /// The label of a tick, measured.
  static func block(
    _ label: String, _ style: TickStyle, _ measure: some TextMeasure
  ) -> TextBlock {
    if let width = style.width,
      let block = TextBlock(
        fitting: label, width: width, sizes: [style.size], most: style.lines,
        measure: measure)
    {
      return block
    }
    return TextBlock([label], size: style.size, isNumber: true, measure: measure)
  }

  /// The labels below a horizontal axis along `edge`.
  static func labels(
    below edge: Double, of axis: PlacedAxis, name: String, _ measure: some TextMeasure
  ) -> [PlacedText] {
    let style = axis.ticks.style
    let blocks = axis.ticks.major.map { block($0.label, style, measure) }
    // One baseline for all, whichever has a superscript.
    let ascent = blocks.map(\.ascent).max() ?? 0
    return zip(axis.ticks.major, blocks).enumerated().map { index, pair in
      let (tick, block) = pair
      let middle = axis.position(of: tick.value)
      let top = edge + PageStyle.tickReach
      let rectangle =
        style.isRotated
        ? Rectangle(
          x: middle - block.height / 2, y: top, width: block.height, height: block.width)
        : Rectangle(
          x: middle - block.width / 2, y: top + ascent - block.ascent, width: block.width,
          height: block.height)
      return PlacedText(
        name: "\(name) \(index)", block: block, rectangle: rectangle,
        isRotated: style.isRotated, alignment: style.isRotated ? .trailing : .center)
    }
  }

  /// The labels beside a vertical axis along `edge`: left of it, or right.
  static func labels(
    beside edge: Double, isLeft: Bool, of axis: PlacedAxis, name: String,
    _ measure: some TextMeasure
  ) -> [PlacedText] {
    axis.ticks.major.enumerated().map { index, tick in
      let block = block(tick.label, axis.ticks.style, measure)
      let capital = TextBlock.capital * block.size
      // The middle of the capitals, over all lines, stands at the tick.
      let first =
        axis.position(of: tick.value)
        + (capital - Double(block.lines.count - 1) * block.lineHeight) / 2
      let x = isLeft ? edge - PageStyle.tickReach - block.width : edge + PageStyle.tickReach
      let rectangle = Rectangle(
        x: x, y: first - block.ascent, width: block.width, height: block.height)
      return PlacedText(
        name: "\(name) \(index)", block: block, rectangle: rectangle,
        alignment: isLeft ? .trailing : .leading)
    }
  }
}
