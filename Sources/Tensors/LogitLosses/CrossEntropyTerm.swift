import Kernels

/// The cross-entropy of the next id in nats, averaged over the `counted` rows that have one.
package final class CrossEntropyTerm: LogitTerm {
  package let needsTeacher = false
  private let targets: Tensor
  private let counted: Int
  private var state: Tensor?

  /// - Parameter targets: i64 [rows], −1 for rows to leave out.
  package init(targets: Tensor, counted: Int) {
    self.targets = targets
    self.counted = counted
  }

  package func take(_ chunk: LogitChunk) throws {
    let state = try state ?? Tensor(uninitialized: [chunk.rows, 3], on: chunk.student.device)
    self.state = state
    try state.device.crossEntropyUpdate(
      chunk.student.region, targets: targets.region, state: state.region, rows: chunk.rows,
      columns: chunk.columns, firstColumn: chunk.firstId, isFirst: chunk.isFirst)
  }

  package func finish() throws -> Tensor {
    let state = finished(state)
    let losses = try Tensor(uninitialized: [targets.count], on: state.device)
    try state.device.crossEntropyLosses(
      state.region, targets: targets.region, to: losses.region, rows: targets.count)
    return try losses.sum().scaled(by: 1 / Float(counted)).reshaped([1])
  }

  package func differentiate(_ chunk: LogitChunk, upstream: Tensor, scale: Float) throws {
    let state = finished(state)
    try state.device.crossEntropyGradient(
      chunk.student.region, targets: targets.region, state: state.region,
      upstream: upstream.region, scale: scale / Float(counted), rows: chunk.rows,
      columns: chunk.columns, firstColumn: chunk.firstId)
  }
}
