import Tensors

/// Adds up the terms of a pass on the device, and keeps each for the record.
struct WeightedSum {
  private var total: Tensor?
  /// Σ weight · loss over the terms on the teacher's logits, without gradients.
  private var onTeacherLogits: Tensor?
  /// The sum of the terms whose weight is found at each pass.
  private var automatic: Tensor?
  private var values: [DistillationLoss.Term: Tensor] = [:]

  /// Adds what was summed already: terms on logits.
  mutating func add(_ sum: Tensor, _ losses: Tensor, _ parts: [DistillationLoss.Part]) throws {
    total = try total.map { try $0.plus(sum) } ?? sum
    for (index, part) in parts.enumerated() {
      let value = Tensor(losses.region.advanced(by: index), shape: [1])
      values[part.term] = value
      guard part.term.isOnTeacherLogits else { continue }
      let share = try value.scaled(by: part.factor)
      onTeacherLogits = try onTeacherLogits.map { try $0.plus(share) } ?? share
    }
  }

  /// Adds one term, f32 [1].
  mutating func add(_ value: Tensor, _ part: DistillationLoss.Part) throws {
    values[part.term] = value.detached()
    switch part.weight {
    case .number:
      let share = try value.scaled(by: part.factor)
      total = try total.map { try $0.plus(share) } ?? share
    case .automatic:
      automatic = try automatic.map { try $0.plus(value) } ?? value
    }
  }

  /// The loss of the pass, its terms in the order of `parts`.
  func pass(of parts: [DistillationLoss.Part]) throws -> PassLoss {
    var whole = total
    if let automatic, let onTeacherLogits {
      // A student that is its teacher has nothing to divide by, and nothing to weigh.
      let least = try Tensor.full([1], 1e-20, on: automatic.device)
      let alpha = try onTeacherLogits.divided(by: automatic.detached().binary(.maximum, least))
      let share = try automatic.times(alpha)
      whole = try whole.map { try $0.plus(share) } ?? share
    }
    guard let whole else { preconditionFailure("a loss without terms") }
    guard parts.count > 1 else { return PassLoss(total: whole, terms: nil) }
    return PassLoss(
      total: whole, terms: try Tensor.concatenated(parts.compactMap { values[$0.term] }))
  }
}
