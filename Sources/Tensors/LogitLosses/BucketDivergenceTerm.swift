import Kernels

/// KL(teacher ‖ student) from a teacher's stored largest predictions, all other ids together as one
/// bucket: Σ p_i (log p_i − log q_i) + P (log P − log Q), P and Q being what both models leave to
/// the other ids; in nats at temperature 1, averaged over rows. Never above the whole divergence.
package final class BucketDivergenceTerm: LogitTerm {
  package let needsTeacher = false
  private let stored: LargestPredictions
  private var student: Tensor?
  private var targets: Tensor?
  private var state: Tensor?
  private var share: Tensor?
  private var corrections: Tensor?

  /// Masses that rounding leaves of a sum near 1 mean nothing.
  private static let leastMass: Float = 1e-6

  package init(_ stored: LargestPredictions) { self.stored = stored }

  package func take(_ chunk: LogitChunk) throws {
    let device = chunk.student.device
    if chunk.isFirst {
      student = try Tensor(uninitialized: [chunk.rows, stored.kept], on: device)
      state = try Tensor(uninitialized: [chunk.rows, 3], on: device)
      targets = try Tensor.filled([chunk.rows], .i64, .int(-1), on: device)
    }
    try device.gatherColumns(
      chunk.student.region, ids: stored.ids.region, values: finished(student).region,
      kept: stored.kept, rows: chunk.rows, columns: chunk.columns, firstColumn: chunk.firstId,
      isFirst: chunk.isFirst)
    try device.crossEntropyUpdate(
      chunk.student.region, targets: finished(targets).region, state: finished(state).region,
      rows: chunk.rows, columns: chunk.columns, firstColumn: chunk.firstId, isFirst: chunk.isFirst)
  }

  package func finish() throws -> Tensor {
    let (student, teacher) = (finished(student), stored.logProbabilities)
    let logs = try student.minus(logSumExp())
    let p = try teacher.exponential()
    let q = try logs.exponential()
    let one = try Tensor.full([1], 1, on: student.device)
    let least = try Tensor.full([1], Self.leastMass, on: student.device)
    let left = try one.minus(q.sum(axis: 1, keepsAxis: true)).binary(.maximum, least)
    let ratio = try stored.remaining.divided(by: left)
    share = try one.minus(ratio)
    corrections = try q.times(ratio).minus(p)
    // P of 0 adds 0.
    let bucket = try stored.remaining.times(
      stored.remaining.binary(.maximum, least).logarithm().minus(left.logarithm()))
    return try p.times(teacher.minus(logs)).sum(axis: 1, keepsAxis: true).plus(bucket)
      .meanOfRows()
  }

  /// q_j (1 − P/Q), and for a kept id q_j P/Q − p_j more: q_j − p_j.
  package func differentiate(_ chunk: LogitChunk, upstream: Tensor, scale: Float) throws {
    let device = chunk.student.device
    let factor = try upstream.scaled(by: scale / Float(chunk.rows)).reshaped([1])
    let gradient = try chunk.student.minus(logSumExp()).exponential()
      .times(finished(share)).times(factor)
    try device.scale(
      gradient.region, by: 1, to: chunk.student.region, count: chunk.student.count)
    try device.scatterColumns(
      finished(corrections).region, ids: stored.ids.region, upstream: factor.region,
      into: chunk.student.region, kept: stored.kept, rows: chunk.rows, columns: chunk.columns,
      firstColumn: chunk.firstId)
  }

  /// Of the student's logits, [rows, 1].
  private func logSumExp() throws -> Tensor {
    let state = finished(state)
    return try state.column(0).plus(state.column(1).logarithm())
  }
}
