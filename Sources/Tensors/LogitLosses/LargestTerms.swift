import Kernels

/// What was kept of a teacher's predictions: the `kept` largest log-probabilities of each row in
/// falling order, their ids, and the probability of all other ids together.
package struct LargestPredictions {
  /// f32 [rows, kept], in nats at temperature 1.
  package let logProbabilities: Tensor
  /// i64 [rows, kept].
  package let ids: Tensor
  /// f32 [rows, 1].
  package let remaining: Tensor

  package init(logProbabilities: Tensor, ids: Tensor, remaining: Tensor) {
    self.logProbabilities = logProbabilities
    self.ids = ids
    self.remaining = remaining
  }

  var kept: Int { ids.shape[1] }

  /// The `count` largest alone; their remaining mass is not worked out.
  func prefix(_ count: Int) throws -> LargestPredictions {
    let all = AxisIndex.slice(start: nil, end: nil, step: nil)
    let first = AxisIndex.slice(start: nil, end: count, step: nil)
    return LargestPredictions(
      logProbabilities: try logProbabilities.indexed([all, first]),
      ids: try ids.indexed([all, first]), remaining: remaining)
  }
}

/// KL(teacher ‖ student) over the teacher's k largest logits' ids, both distributions renormalized
/// over those ids, in nats, averaged over rows; ties go to the lower id. Logits are divided by the
/// temperature.
package final class LargestDivergenceTerm: LogitTerm {
  package let needsTeacher: Bool
  private let kept: Int
  private let temperature: Float
  private let stored: LargestPredictions?
  private var teacher: Tensor?
  private var student: Tensor?
  private var ids: Tensor?
  private var state: Tensor?
  private var corrections: Tensor?

  /// Finds the ids in the teacher's logits.
  package init(kept: Int, temperature: Float) {
    needsTeacher = true
    self.kept = kept
    self.temperature = temperature
    stored = nil
  }

  /// Takes the ids, `kept` of them a row, from what was stored.
  package init(kept: Int, of stored: LargestPredictions, temperature: Float) throws {
    needsTeacher = false
    self.kept = kept
    self.temperature = temperature
    self.stored = kept == stored.kept ? stored : try stored.prefix(kept)
  }

  package func take(_ chunk: LogitChunk) throws {
    let device = chunk.student.device
    if chunk.isFirst {
      let shape = [chunk.rows, kept]
      student = try Tensor(uninitialized: shape, on: device)
      teacher = try stored?.logProbabilities ?? Tensor(uninitialized: shape, on: device)
      ids = try stored?.ids ?? Tensor(uninitialized: shape, .i64, on: device)
    }
    let (student, ids) = (finished(student), finished(ids))
    if stored != nil {
      try device.gatherColumns(
        chunk.student.region, ids: ids.region, values: student.region, kept: kept,
        rows: chunk.rows, columns: chunk.columns, firstColumn: chunk.firstId,
        isFirst: chunk.isFirst)
    } else {
      // The student's logits follow the teacher's into the list: one pass finds both.
      try device.largestUpdate(
        chunk.teacherLogits, companion: chunk.student.region, values: finished(teacher).region,
        companions: student.region, ids: ids.region, kept: kept, rows: chunk.rows,
        columns: chunk.columns, firstColumn: chunk.firstId, isFirst: chunk.isFirst)
    }
  }

  package func finish() throws -> Tensor {
    let student = finished(student)
    let state = try Tensor(uninitialized: [student.shape[0], 5], on: student.device)
    try state.device.divergenceUpdate(
      teacher: finished(teacher).region, student: student.region, state: state.region,
      temperature: temperature, rows: student.shape[0], columns: kept, isFirst: true)
    self.state = state
    return try meanDivergence(state)
  }

  package func differentiate(_ chunk: LogitChunk, upstream: Tensor, scale: Float) throws {
    let (device, student) = (chunk.student.device, finished(student))
    if chunk.isFirst {
      let one = try Tensor.full([1], 1, on: device)
      let gradient = try student.copy()
      try device.divergenceGradient(
        teacher: finished(teacher).region, student: gradient.region, state: finished(state).region,
        upstream: one.region, temperature: temperature, scale: scale / Float(chunk.rows),
        rows: chunk.rows, columns: kept)
      corrections = gradient
    }
    try device.fill(chunk.student.strided, shape: chunk.student.shape, with: .float(0))
    try device.scatterColumns(
      finished(corrections).region, ids: finished(ids).region, upstream: upstream.region,
      into: chunk.student.region, kept: kept, rows: chunk.rows, columns: chunk.columns,
      firstColumn: chunk.firstId)
  }
}
