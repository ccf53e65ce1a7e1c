/// The ticks of an axis whose places have names: all of them where they fit, in one line, broken or
/// turned upward, else every second, third, … of them.
struct CategoryTicks {
  let names: [String]
  let plan: AxisPlan
  let length: Double

  private static let gap = 4.0
  /// From one line of names to the next where each is a name of its own.
  private static let pitch = 10.0
  /// The most lines of one name.
  private static let mostLines = 3
  /// Names that are broken into lines want this much width.
  private static let leastWidth = 30.0

  /// The length that one name has.
  private var slot: Double { length * (plan.scale.fraction(of: 1) - plan.scale.fraction(of: 0)) }

  func ticks(_ measure: some TextMeasure) -> AxisTicks {
    guard slot > 0, !names.isEmpty else { return AxisTicks() }
    return plan.isHorizontal ? across(measure) : down(measure)
  }

  /// Every `stride`-th name.
  private func ticks(stride: Int, _ style: TickStyle) -> AxisTicks {
    let places = Swift.stride(from: 0, to: names.count, by: stride)
    return AxisTicks(
      major: places.map { Tick(value: Double($0), label: names[$0]) }, style: style)
  }

  /// How many names share a place such that each has `room`.
  private func stride(for room: Double) -> Int { max(1, Int((room / slot).rounded(.up))) }

  private func down(_ measure: some TextMeasure) -> AxisTicks {
    let stride = stride(for: Self.pitch)
    let lines = Int(slot * Double(stride) / Self.pitch)
    return ticks(
      stride: stride,
      TickStyle(width: plan.nameLength, lines: min(max(lines, 1), Self.mostLines)))
  }

  private func across(_ measure: some TextMeasure) -> AxisTicks {
    let upright = stride(for: Self.pitch)
    let shown = Swift.stride(from: 0, to: names.count, by: upright).map { names[$0] }
    let width = shown.map { measure.extents(of: $0, size: PageStyle.tickSize).width }.max() ?? 0
    let isShort = width <= plan.nameLength / 4
    if width + Self.gap <= slot { return ticks(stride: 1, TickStyle()) }
    let room = slot - Self.gap
    if room >= Self.leastWidth {
      let breaks = LineBreaks(width: room, size: PageStyle.tickSize, measure: measure)
      let fits = names.allSatisfy {
        breaks.balanced([$0.split(separator: " ")], most: Self.mostLines) != nil
      }
      if fits { return ticks(stride: 1, TickStyle(width: room, lines: Self.mostLines)) }
    }
    // Short names, of which many stand in a row, are read more easily than turned ones.
    if isShort, upright > 1 { return ticks(stride: stride(for: width + Self.gap), TickStyle()) }
    return ticks(
      stride: upright,
      TickStyle(
        width: plan.nameLength,
        lines: min(max(Int(slot * Double(upright) / Self.pitch), 1), Self.mostLines),
        isRotated: true))
  }
}
