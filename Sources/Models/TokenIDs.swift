import Kernels
import Tensors

/// Token ids on a model's device, i64 [batch, time], at least one of them and all inside the
/// model's vocabulary: checked where they are made, so that nobody need read them back to check
/// again.
package struct TokenIDs {
  /// The ids, i64 [batch, time].
  package let tensor: Tensor
  /// How many ids the vocabulary that they are inside of has.
  let vocabulary: Int

  /// Sequences.
  package var batch: Int { tensor.shape[0] }
  /// Ids of each sequence.
  package var time: Int { tensor.shape[1] }

  /// Ids of the host, `time` to a sequence; one copy to the model's device.
  /// - Throws: `ModelError.ids` for ids outside the vocabulary or none at all; what the device
  ///   throws.
  package init(_ ids: [Int64], time: Int, for model: Model) throws {
    let batch = time > 0 ? ids.count / time : 0
    try Self.check([batch, time], ids, model)
    tensor = try Tensor(ids, shape: [batch, time], on: model.device)
    vocabulary = model.architecture.vocab
  }

  /// Ids that are on the model's device already; read back once, for the check.
  /// - Throws: as above, also for a tensor that is not i64 [batch, time] or on another device.
  package init(_ ids: Tensor, for model: Model) throws {
    guard ids.type == .i64 else {
      throw ModelError.ids("a model takes ids of type i64, not \(ids.type.name)")
    }
    guard ids.device === model.device else {
      throw ModelError.ids(
        "the ids are on \(ids.device.name) and \(model.name) on \(model.device.name): move one "
          + "with .to(\"\(model.device.name)\")")
    }
    try Self.check(ids.shape, ids.count > 0 ? ids.integers() : [], model)
    tensor = ids.detached()
    vocabulary = model.architecture.vocab
  }

  private static func check(_ shape: [Int], _ ids: [Int64], _ model: Model) throws {
    guard shape.count == 2, !ids.isEmpty else {
      throw ModelError.ids("a model takes ids [batch, time] with at least one id, not \(shape)")
    }
    let vocabulary = model.architecture.vocab
    if let bad = ids.first(where: { $0 < 0 || $0 >= vocabulary }) {
      throw ModelError.ids(
        "id \(bad) is outside the vocabulary of \(vocabulary) ids of \(model.name)")
    }
  }

  /// For each position the id that follows it, −1 at each sequence's end; i64 [batch · time], made
  /// on the device.
  /// - Throws: what the device throws.
  package func targets() throws -> Tensor {
    let targets = try Tensor.filled([batch, time], .i64, .int(-1), on: tensor.device)
    let all = AxisIndex.slice(start: nil, end: nil, step: nil)
    try targets.setItem(
      [all, .slice(start: nil, end: -1, step: nil)],
      to: tensor.indexed([all, .slice(start: 1, end: nil, step: nil)]))
    return try targets.reshaped([batch * time])
  }
}

extension Model {
  /// Refuses more positions than the model has learned vectors for.
  /// - Throws: `ModelError.ids` with both numbers.
  func requirePositions(_ count: Int) throws {
    guard let positions = architecture.positions, count > positions else { return }
    throw ModelError.ids(
      "\(name) has learned \(positions) positions and cannot take \(count): take shorter windows")
  }
}
