extension Tensor {
  /// The logarithm of softmax along the last axis: x − max x − log Σ exp(x − max x).
  ///
  /// Shape: any with at least one axis; the result has the same, f32.
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

  /// The class of rows that do not count, PyTorch's `ignore_index`.
  public static let ignoredClass = -100

  /// The mean cross-entropy of the rows whose class is not `ignoredClass`, in nats; NaN where no
  /// row is.
  ///
  /// Shape: logits [rows, classes], targets i64 [rows]; the result is a scalar.
  /// - Throws: `TensorError` for other shapes, or a class that is none.
  public func crossEntropy(_ targets: Tensor) throws -> Tensor {
    guard rank == 2, targets.type == .i64, targets.shape == [shape[0]] else {
      throw TensorError.shapes(
        verb: "take the cross-entropy of", left: shape, right: targets.shape,
        reason: "it takes logits [rows, classes] and i64 targets [rows]")
    }
    let all = try targets.integers().map { Int($0) }
    let rows = all.indices.filter { all[$0] != Self.ignoredClass }
    let classes = rows.map { all[$0] }
    for (row, target) in zip(rows, classes) where !(0..<shape[1]).contains(target) {
      throw TensorError.shape(
        verb: "take the cross-entropy of", shape: shape,
        reason: "row \(row) has class \(target), and there are \(shape[1]) from 0 on "
          + "(\(Self.ignoredClass) leaves a row out)")
    }
    let picked = try logSoftmax().indexed([
      .take(IndexList(rows, shape: [rows.count])),
      .take(IndexList(classes, shape: [classes.count])),
    ])
    return try picked.mean().negated()
  }
}
