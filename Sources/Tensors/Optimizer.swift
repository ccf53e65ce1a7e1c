import Kernels

/// AdamW over a set of parameters (arXiv 1711.05101), with clipping by the global norm.
///
/// The gradients and both moments are kept from step to step; a step allocates nothing.
package final class Optimizer {
  /// What stays the same over a run.
  package struct Settings: Sendable, Equatable {
    /// Decays of the two moments.
    package var betas: (Float, Float) = (0.9, 0.95)
    /// Decoupled weight decay.
    package var weightDecay: Float = 0
    /// The largest global norm of the gradient, nil for none.
    package var clip: Float? = 1

    package init(betas: (Float, Float) = (0.9, 0.95), weightDecay: Float = 0, clip: Float? = 1) {
      self.betas = betas
      self.weightDecay = weightDecay
      self.clip = clip
    }

    package static func == (left: Settings, right: Settings) -> Bool {
      left.betas == right.betas && left.weightDecay == right.weightDecay && left.clip == right.clip
    }
  }

  private struct Slot {
    let parameter: Tensor
    let gradient: Tensor
    let firstMoment: Tensor
    let secondMoment: Tensor
  }

  private let settings: Settings
  private let slots: [Slot]
  private let squaredNorm: Tensor
  /// Updates made so far.
  package private(set) var step = 0

  /// Moments of zero for parameters that differ from one another.
  package init(_ parameters: [Tensor], settings: Settings, on device: any Device) throws {
    self.settings = settings
    squaredNorm = try Tensor.full([1], 0, on: device)
    slots = try parameters.map {
      Slot(
        parameter: $0,
        gradient: try Tensor(uninitialized: $0.shape, on: device),
        firstMoment: try Tensor.full($0.shape, 0, on: device),
        secondMoment: try Tensor.full($0.shape, 0, on: device))
    }
  }

  /// Gradients that will be found in this optimizer's own memory, added to what is there or not.
  package func gradients(accumulates: Bool) -> Gradients {
    let gradients = Gradients()
    for slot in slots {
      gradients.prepare(slot.gradient, for: slot.parameter, accumulates: accumulates)
    }
    return gradients
  }

  /// Updates every parameter that has a gradient.
  package func update(_ gradients: Gradients, learningRate: Float) throws {
    step += 1
    let live = slots.filter { gradients[$0.parameter] != nil }
    if settings.clip != nil {
      for (index, slot) in live.enumerated() {
        try squaredNorm.device.sumOfSquares(
          slot.gradient.region, count: slot.gradient.count, to: squaredNorm.region,
          accumulates: index > 0)
      }
    }
    let update = AdamWStep(
      learningRate: learningRate, beta1: settings.betas.0, beta2: settings.betas.1,
      weightDecay: settings.weightDecay, step: step, clip: settings.clip)
    for slot in live {
      try squaredNorm.device.adamW(
        parameter: slot.parameter.region, gradient: slot.gradient.region,
        firstMoment: slot.firstMoment.region, secondMoment: slot.secondMoment.region,
        squaredNorm: squaredNorm.region, count: slot.parameter.count, update)
    }
  }

  /// The global norm of the last update's gradient, before clipping; 0 where there is no clip.
  package func gradientNorm() throws -> Double {
    try squaredNorm.item().squareRoot()
  }
}
