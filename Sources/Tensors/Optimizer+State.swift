import Kernels

extension Optimizer {
  /// What the optimizer remembers of a parameter.
  package struct Moments {
    /// The decayed mean of the gradients.
    package let first: Tensor
    /// The decayed mean of their squares.
    package let second: Tensor
  }

  /// The moments of every parameter, live, in the parameters' order.
  package var moments: [Moments] {
    slots.map { Moments(first: $0.firstMoment, second: $0.secondMoment) }
  }

  /// Puts back what an earlier optimizer of the same parameters was left with. The parameters
  /// change all together, after everything that can fail; the moments of a restoration that failed
  /// are not to be used.
  /// - Parameters:
  ///   - step: the updates that had been made.
  ///   - values: the parameters' values, whole buffers of the same sizes, which then hold what the
  ///     parameters held.
  ///   - fill: writes a parameter's moments.
  package func restore(
    step: Int, values: [Tensor], _ fill: (_ parameter: Int, _ moments: Moments) throws -> Void
  ) throws {
    precondition(
      values.map(\.shape) == slots.map(\.parameter.shape)
        && values.allSatisfy { $0.region.buffer.count == $0.count },
      "values that are not the parameters'")
    for (index, moments) in moments.enumerated() { try fill(index, moments) }
    try slots.first?.parameter.device.synchronize()
    for (slot, value) in zip(slots, values) {
      slot.parameter.device.exchange(slot.parameter.region.buffer, value.region.buffer)
      slot.parameter.region.buffer.edits += 1
    }
    self.step = step
  }

  /// The parameters whose gradients are not all finite, by their places.
  package func faults(in gradients: Gradients) throws -> [Int] {
    try slots.indices.filter { index in
      guard let gradient = gradients[slots[index].parameter] else { return false }
      return try !gradient.device.isFinite(gradient.region, count: gradient.count)
    }
  }
}
