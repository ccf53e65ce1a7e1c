import Kernels

/// AdamW over a set of parameters (arXiv 1711.05101), with clipping by the global norm.
///
/// The gradients and both moments are kept from step to step; a step allocates nothing. Parameters
/// change all at once, at the end of a step: one that fails on the way leaves them as they were.
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

  struct Slot {
    let parameter: Tensor
    let gradient: Tensor
    let firstMoment: Tensor
    let secondMoment: Tensor
    let decays: Bool
  }

  private let settings: Settings
  let slots: [Slot]
  /// The slots whose gradient holds the next parameter, between `update` and `commit`.
  private var updated: [Slot]?
  /// Updates made so far.
  package internal(set) var step = 0

  /// Moments of zero for parameters that differ from one another, each a whole buffer of f32: what
  /// `commit` exchanges.
  /// - Parameter decays: the parameters that weight decay applies to.
  package init(
    _ parameters: [Tensor], settings: Settings, decays: (Tensor) -> Bool = { _ in true },
    on device: any Device
  ) throws {
    precondition(
      parameters.allSatisfy { $0.type == .f32 && $0.region.buffer.count == $0.count },
      "an optimizer's parameter is a whole buffer of f32")
    precondition(
      Set(parameters.map { ObjectIdentifier($0.region.buffer) }).count == parameters.count,
      "an optimizer's parameter is given twice")
    self.settings = settings
    slots = try parameters.map {
      Slot(
        parameter: $0,
        gradient: try Tensor(uninitialized: $0.shape, on: device),
        firstMoment: try Tensor.full($0.shape, 0, on: device),
        secondMoment: try Tensor.full($0.shape, 0, on: device), decays: decays($0))
    }
  }

  /// Gradients that will be found in this optimizer's own memory, added to those that an earlier
  /// pass of the same step found there.
  package func gradients(after previous: Gradients? = nil) -> Gradients {
    let gradients = Gradients()
    for slot in slots {
      gradients.prepare(
        slot.gradient, for: slot.parameter, accumulates: previous?[slot.parameter] != nil)
    }
    return gradients
  }

  /// squaredNorm[0] = Σ g² over all gradients, before clipping; unchanged where none was found.
  package func measure(_ gradients: Gradients, to squaredNorm: Region) throws {
    for (index, slot) in live(gradients).enumerated() {
      try slot.gradient.device.sumOfSquares(
        slot.gradient.region, count: slot.gradient.count, to: squaredNorm, accumulates: index > 0)
    }
  }

  /// Works out the next value of every parameter that has a gradient, in the gradient's place; the
  /// parameters stay as they are until `commit`.
  /// - Parameter squaredNorm: what `measure` wrote, read where there is a clip.
  package func update(_ gradients: Gradients, learningRate: Float, squaredNorm: Region) throws {
    updated = nil
    var update = AdamWStep(
      learningRate: learningRate, beta1: settings.betas.0, beta2: settings.betas.1,
      weightDecay: settings.weightDecay, step: step + 1, clip: settings.clip)
    let live = live(gradients)
    for slot in live {
      update.weightDecay = slot.decays ? settings.weightDecay : 0
      try slot.parameter.device.adamW(
        parameter: slot.parameter.region, gradient: slot.gradient.region,
        firstMoment: slot.firstMoment.region, secondMoment: slot.secondMoment.region,
        squaredNorm: squaredNorm, count: slot.parameter.count, update)
    }
    updated = live
  }

  /// Gives every parameter the value that `update` worked out. Cannot fail: all change or none.
  package func commit() {
    guard let updated else { preconditionFailure("a commit without an update") }
    for slot in updated {
      slot.parameter.device.exchange(slot.parameter.region.buffer, slot.gradient.region.buffer)
      slot.parameter.region.buffer.edits += 1
    }
    self.updated = nil
    step += 1
  }

  private func live(_ gradients: Gradients) -> [Slot] {
    slots.filter { gradients[$0.parameter] != nil }
  }
}
