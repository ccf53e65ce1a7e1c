extension Tensor {
  /// The logarithm of softmax along the last axis.
  /// - Throws: `TensorError` for a scalar.
  public func logSoftmax() throws -> Tensor {
    guard rank > 0 else {
      throw TensorError.shape(verb: "take log_softmax of", shape: shape, reason: "it has no axis")
    }
    let x = try converted(to: .f32)
    // Any shift gives the same values and gradients; this one keeps the exponentials below 1.
    let largest = try x.detached().max(axis: -1).reshaped(shape.dropLast() + [1])
    let shifted = try x.minus(largest)
    return try shifted.minus(shifted.exponential().sum(axis: -1, keepsAxis: true).logarithm())
  }

  /// The mean cross-entropy of logits [rows, classes] and the rows' classes, i64 [rows], in nats.
  /// - Throws: `TensorError` for other shapes, or a class that is none.
  public func crossEntropy(_ targets: Tensor) throws -> Tensor {
    guard rank == 2, targets.type == .i64, targets.shape == [shape[0]] else {
      throw TensorError.shapes(
        verb: "take the cross-entropy of", left: shape, right: targets.shape,
        reason: "it takes logits [rows, classes] and i64 targets [rows]")
    }
    let rows = (0..<shape[0]).map { $0 }
    let classes = try targets.integers().map { Int($0) }
    let picked = try logSoftmax().indexed([
      .take(IndexList(rows, shape: [rows.count])),
      .take(IndexList(classes, shape: [classes.count])),
    ])
    return try picked.mean().negated()
  }
}
