import Foundation

/// The search for the ticks of one axis, after Talbot, Lin and Hanrahan (2010): each candidate is
/// weighed by the roundness of its step, by how much of the axis it covers and by its density, and
/// counts only where its labels have room.
struct TickSearch {
  /// The axis.
  let scale: AxisScale
  /// The length of the axis in points.
  let length: Double
  /// The distance of ticks that looks best, in points.
  let spacing: Double
  /// Whether only whole numbers make sense.
  let isInteger: Bool
  /// The least space between two labels, in points.
  let gap: Double
  /// How much of the axis a label takes, in points.
  let extent: (String) -> Double

  /// The best ticks: at least two where two fit, one or none on a very short axis.
  func ticks() -> AxisTicks {
    if scale.isLogarithmic { return logarithmicTicks() }
    if let all = allIntegers() { return AxisTicks(major: all) }
    return AxisTicks(major: linearTicks())
  }

  private static let steps: [(size: Double, roundness: Double)] = [
    (1, 1), (5, 0.9), (2, 0.9), (2.5, 0.4),
  ]
  private static let mostTicks = 64.0

  func linearTicks() -> [Tick] {
    let span = scale.limits.upperBound - scale.limits.lowerBound
    guard span > 0, span.isFinite, length > 0 else { return [] }
    let power = Int(log10(span).rounded(.down))
    var best: (score: Double, ticks: [Tick]) = (-.infinity, [])
    for exponent in (power - 2)...(power + 1) {
      for (size, roundness) in Self.steps {
        let step = size * pow(10, Double(exponent))
        guard step.isNormal, span / step < Self.mostTicks, !isInteger || isWhole(step) else {
          continue
        }
        let ticks = multiples(of: step)
        guard !ticks.isEmpty, hasRoom(ticks) else { continue }
        let score =
          0.25 * roundness + 0.2 * coverage(ticks, span) + 0.55 * density(ticks, step / span)
          // One tick tells no scale: it serves only where nothing else fits.
          - (ticks.count < 2 ? 10 : 0)
        if score > best.score { best = (score, ticks) }
      }
    }
    return best.ticks
  }

  /// Every integer, where there are few and they fit.
  private func allIntegers() -> [Tick]? {
    guard isInteger, scale.limits.upperBound - scale.limits.lowerBound <= 16 else { return nil }
    let ticks = multiples(of: 1)
    return ticks.count >= 1 && hasRoom(ticks, gap: gap * 1.5) ? ticks : nil
  }

  private func isWhole(_ step: Double) -> Bool { step >= 1 && step == step.rounded() }

  /// The multiples of `step` inside the limits.
  private func multiples(of step: Double) -> [Tick] {
    let tolerance = 1e-9
    let first = (scale.limits.lowerBound / step - tolerance).rounded(.up)
    let last = (scale.limits.upperBound / step + tolerance).rounded(.down)
    guard first <= last, last - first < Self.mostTicks else { return [] }
    let values = (0...Int(last - first)).map { (first + Double($0)) * step }
    return zip(values, NumberLabels.labels(of: values, step: step)).map(Tick.init)
  }

  /// 1 where the ticks reach both ends, less by the square of what is left.
  private func coverage(_ ticks: [Tick], _ span: Double) -> Double {
    guard let first = ticks.first, let last = ticks.last else { return 0 }
    let below = (first.value - scale.limits.lowerBound) / span
    let above = (scale.limits.upperBound - last.value) / span
    return 1 - 5 * (below * below + above * above)
  }

  /// 1 at the wished spacing, less with the ratio to it.
  private func density(_ ticks: [Tick], _ share: Double) -> Double {
    let ratio = share * length / spacing
    return 2 - max(ratio, 1 / ratio)
  }

  /// Whether labels centred on their ticks leave `gap` between them.
  func hasRoom(_ ticks: [Tick], gap: Double? = nil) -> Bool {
    let gap = gap ?? self.gap
    var end = -Double.infinity
    for tick in ticks {
      let center = scale.fraction(of: tick.value) * length
      let half = extent(tick.label) / 2
      if center - half < end + gap { return false }
      end = center + half
    }
    return true
  }
}
