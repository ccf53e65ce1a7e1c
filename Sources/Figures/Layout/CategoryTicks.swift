/// The ticks of an axis whose places have names: all of them where they fit, in one line, broken or
/// turned upward, else every second, third, … of them.
struct CategoryTicks<Measure: TextMeasure> {
  let names: [String]
  let plan: AxisPlan
  let length: Double
  let measure: Measure

  init(names: [String], plan: AxisPlan, length: Double, measure: Measure) {
    self.names = names.map(TextBlock.line)
    self.plan = plan
    self.length = length
    self.measure = measure
  }

  private static var gap: Double { 4 }
  /// From one line of names to the next where each is a name of its own.
  private static var pitch: Double { 10 }
  /// The most lines of one name, and of one that stands upright below its place.
  private static var mostLines: Int { 6 }
  private static var mostUprightLines: Int { 4 }
  /// Names that are broken into lines want this much width.
  private static var leastWidth: Double { 30 }
  /// Nobody reads more names than these on one axis at once.
  private static var mostMeasured: Int { 200 }

  /// The length that one name has.
  private var slot: Double { length * (plan.scale.fraction(of: 1) - plan.scale.fraction(of: 0)) }

  func ticks() -> AxisTicks {
    guard slot > 0, !names.isEmpty else { return AxisTicks() }
    return plan.isHorizontal ? across() : stacked()
  }

  /// The length at which each name is whole, as short as the names let it be; at most `most`.
  func wantedLength(most: Double) -> Double {
    guard names.count <= Self.mostMeasured else { return 0 }
    let lengths = plan.nameLengths.compactMap { width -> Double? in
      depth(of: names, style(width: width, size: PageStyle.tickSize)).map {
        max($0, Self.pitch) * Double(names.count)
      }
    }
    return lengths.first { $0 <= most } ?? min(lengths.last ?? 0, most)
  }

  /// Every `stride`-th name.
  private func ticks(stride: Int, _ style: TickStyle) -> AxisTicks {
    let places = Swift.stride(from: 0, to: names.count, by: stride)
    return AxisTicks(
      major: places.map { Tick(value: Double($0), label: names[$0]) }, style: style,
      unnamed: names.count - Array(places).count)
  }

  /// How many names share a place such that each has `room`.
  private func stride(for room: Double) -> Int { max(1, Int((room / slot).rounded(.up))) }

  private func style(width: Double, size: Double) -> TickStyle {
    TickStyle(size: size, width: width, lines: Self.mostLines, isRotated: plan.isHorizontal)
  }

  /// How much of the axis the name with the most lines takes; nil where one would be cut.
  private func depth(of names: [String], _ style: TickStyle) -> Double? {
    var most = 0.0
    for name in names {
      let block = AxisPlan.block(name, style, measure)
      if block.isCut { return nil }
      most = max(most, block.height)
    }
    return most + Self.gap / 2
  }

  /// Names whose lines run along the other axis, with the least of them left out that lets each be
  /// whole.
  private func stacked() -> AxisTicks {
    let least = stride(for: Self.pitch)
    let shown = Swift.stride(from: 0, to: names.count, by: least).map { names[$0] }
    var best: (stride: Int, style: TickStyle)?
    for width in plan.nameLengths {
      for size in PageStyle.nameSizes {
        let style = style(width: width, size: size)
        guard let depth = depth(of: shown, style) else { continue }
        // A multiple, so that what is shown then was measured here.
        let stride = least * max(1, Int((depth / (slot * Double(least))).rounded(.up)))
        if stride == least { return ticks(stride: stride, style) }
        if stride < best?.stride ?? .max { best = (stride, style) }
      }
    }
    if let best { return ticks(stride: best.stride, best.style) }
    // No width holds all of them: as many lines as there is room for.
    var style = style(width: plan.nameLengths.last ?? 0, size: PageStyle.nameSizes.last ?? 8)
    style.lines = max(1, min(Self.mostLines, Int(slot * Double(least) / Self.pitch)))
    return ticks(stride: least, style)
  }

  /// Whether a name is whole in its lines, broken between words or behind signs alone.
  private func isReadable(_ name: String, _ style: TickStyle) -> Bool {
    let block = AxisPlan.block(name, style, measure)
    var rest = name[...]
    for line in block.lines.dropLast() {
      guard rest.hasPrefix(line) else { return false }
      rest = rest.dropFirst(line.count)
      let isBroken = line.last.map(LineBreaks<Measure>.signs.contains) ?? false
      guard rest.first == " " || isBroken else { return false }
      rest = rest.drop { $0 == " " }
    }
    return !block.isCut
  }

  private func across() -> AxisTicks {
    let upright = stride(for: Self.pitch)
    let shown = Swift.stride(from: 0, to: names.count, by: upright).map { names[$0] }
    let width = shown.map { measure.extents(of: $0, size: PageStyle.tickSize).width }.max() ?? 0
    let isShort = width <= (plan.nameLengths.first ?? 0) / 4
    if width + Self.gap <= slot { return ticks(stride: 1, TickStyle()) }
    let style = TickStyle(width: slot - Self.gap, lines: Self.mostUprightLines)
    if slot - Self.gap >= Self.leastWidth, names.allSatisfy({ isReadable($0, style) }) {
      return ticks(stride: 1, style)
    }
    // Short names, of which many stand in a row, are read more easily than turned ones.
    if isShort, upright > 1 { return ticks(stride: stride(for: width + Self.gap), TickStyle()) }
    return stacked()
  }
}
