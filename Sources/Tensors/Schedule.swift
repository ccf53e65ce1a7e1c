import Foundation

/// The learning rate of each step: linear warm-up, then a cosine from the peak to a floor
/// (arXiv 2408.11796, table 4).
package struct Schedule: Sendable, Equatable {
  /// The peak.
  package var peak: Double
  /// The floor.
  package var floor: Double
  /// Steps of the warm-up.
  package var warmup: Int
  /// All steps.
  package var steps: Int

  package init(peak: Double, floor: Double, warmup: Int, steps: Int) {
    self.peak = peak
    self.floor = floor
    self.warmup = warmup
    self.steps = steps
  }

  /// peak·(t+1)/warmup while t < warmup, then floor + (peak − floor)·½·(1 + cos(π(t − warmup)/(steps −
  /// warmup))).
  package func rate(at step: Int) -> Double {
    if step < warmup { return peak * Double(step + 1) / Double(warmup) }
    let progress = Double(step - warmup) / Double(steps - warmup)
    return floor + (peak - floor) * 0.5 * (1 + cos(.pi * progress))
  }
}
