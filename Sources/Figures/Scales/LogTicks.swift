import Foundation

extension TickSearch {
  /// Powers of ten with short ticks at 2 … 9 between; over less than two decades also their
  /// multiples by 2 and 5; over a small part of one, ticks as on an even axis.
  func logarithmicTicks() -> AxisTicks {
    let low = log10(scale.limits.lowerBound)
    let high = log10(scale.limits.upperBound)
    let first = Int(low.rounded(.down))
    let last = Int(high.rounded(.up))
    let decade = length / max(high - low, 1e-9)
    let minor = decade >= Self.leastDecade ? multiples((2...9).map(Double.init), first, last) : []
    for factors in [[1.0, 2, 5], [1, 3]] where high - low < 2.5 {
      let values = multiples(factors, first, last)
      guard values.count >= 2 else { continue }
      let ticks = zip(values, NumberLabels.logarithmicLabels(of: values)).map(Tick.init)
      if hasRoom(ticks) { return AxisTicks(major: ticks, minor: minor) }
    }
    if let ticks = decades(first, last) { return AxisTicks(major: ticks, minor: minor) }
    let ticks = linearTicks().filter { $0.value > 0 }
    return AxisTicks(major: ticks, minor: [])
  }

  /// Short ticks inside a decade want this many points.
  private static let leastDecade = 20.0

  /// Every power of ten, or every second, fifth, … such that the labels fit.
  private func decades(_ first: Int, _ last: Int) -> [Tick]? {
    for stride in [1, 2, 3, 5, 10, 20, 50, 100] {
      let values = (first...last).filter { $0 % stride == 0 }.map { pow(10, Double($0)) }
        .filter(scale.limits.contains)
      guard values.count >= 2 else { return nil }
      let ticks = zip(values, NumberLabels.logarithmicLabels(of: values)).map(Tick.init)
      let distance =
        length * scale.fraction(of: values[1])
        - length * scale.fraction(of: values[0])
      if distance >= spacing * 0.55, hasRoom(ticks) { return ticks }
    }
    return nil
  }

  private func multiples(_ factors: [Double], _ first: Int, _ last: Int) -> [Double] {
    (first...last).flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
      .filter(scale.limits.contains)
  }
}
