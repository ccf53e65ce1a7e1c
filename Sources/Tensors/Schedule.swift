import Foundation

/// How the learning rate falls after the warm-up; with p = (t − warmup)/(steps − warmup):
public enum RateDecay: String, Sendable, CaseIterable {
  /// floor + (peak − floor)·½·(1 + cos(πp)).
  case cosine
  /// peak + (floor − peak)·p.
  case linear
  /// The peak; there is no floor.
  case constant
}

/// The learning rate of each step: linear warm-up to the peak, then a decay (arXiv 2408.11796,
/// table 4).
package struct Schedule: Sendable, Equatable {
  /// The peak.
  package var peak: Double
  /// The floor.
  package var floor: Double
  /// Steps of the warm-up.
  package var warmup: Int
  /// All steps.
  package var steps: Int
  /// How the rate falls from the peak.
  package var decay: RateDecay

  package init(
    peak: Double, floor: Double, warmup: Int, steps: Int, decay: RateDecay = .cosine
  ) {
    self.peak = peak
    self.floor = floor
    self.warmup = warmup
    self.steps = steps
    self.decay = decay
  }

  /// peak·(t+1)/warmup while t < warmup, then what the decay says.
  package func rate(at step: Int) -> Double {
    if step < warmup { return peak * Double(step + 1) / Double(warmup) }
    let progress = Double(step - warmup) / Double(steps - warmup)
    switch decay {
    case .cosine: return floor + (peak - floor) * 0.5 * (1 + cos(.pi * progress))
    case .linear: return peak + (floor - peak) * progress
    case .constant: return peak
    }
  }
}
