import Kernels

extension VocabularyLoss {
  /// The `count` largest logits of each row in falling order with their ids, and the log of the sum
  /// of all exponentials: what a distribution is kept as.
  ///
  /// Shape: values f32 and ids i64 [rows, count], logSumExp f32 [rows, 1].
  package static func largest(
    _ count: Int, _ prediction: Prediction
  ) throws -> (values: Tensor, ids: Tensor, logSumExp: Tensor) {
    let (device, rows) = (prediction.head.device, prediction.rows)
    let values = try Tensor(uninitialized: [rows, count], on: device)
    let companions = try Tensor(uninitialized: [rows, count], on: device)
    let ids = try Tensor(uninitialized: [rows, count], .i64, on: device)
    let state = try Tensor(uninitialized: [rows, 3], on: device)
    let targets = try Tensor.filled([rows], .i64, .int(-1), on: device)
    try ChunkedLogits(prediction).forEach { logits, first, isFirst in
      try device.largestUpdate(
        logits.region, companion: logits.region, values: values.region,
        companions: companions.region, ids: ids.region, kept: count, rows: rows,
        columns: logits.shape[1], firstColumn: first, isFirst: isFirst)
      try device.crossEntropyUpdate(
        logits.region, targets: targets.region, state: state.region, rows: rows,
        columns: logits.shape[1], firstColumn: first, isFirst: isFirst)
    }
    return (values, ids, try state.column(0).plus(state.column(1).logarithm()))
  }
}
