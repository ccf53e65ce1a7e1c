import Kernels

/// The squared distance of two models' logits: (1/V) Σ (s − t)² over the vocabulary, averaged over
/// rows. Logits as they are, no temperature.
package final class SquaredErrorTerm: LogitTerm {
  package let needsTeacher = true
  private let vocabulary: Int
  private var state: Tensor?
  private var coefficients: Tensor?

  package init(vocabulary: Int) { self.vocabulary = vocabulary }

  package func take(_ chunk: LogitChunk) throws { state = try takeDistances(chunk, into: state) }

  package func finish() throws -> Tensor {
    try finished(state).column(0).scaled(by: 1 / Float(vocabulary)).meanOfRows()
  }

  package func differentiate(_ chunk: LogitChunk, upstream: Tensor, scale: Float) throws {
    // 2 / V · (s − t).
    if chunk.isFirst {
      let share = 2 * scale / Float(vocabulary) / Float(chunk.rows)
      let device = chunk.student.device
      coefficients = try Tensor.concatenated(
        [
          Tensor.full([chunk.rows, 1], share, on: device),
          Tensor.full([chunk.rows, 1], -share, on: device),
        ], axis: 1)
    }
    try mix(chunk, finished(coefficients), upstream)
  }
}

/// 1 − s·t / (|s| |t|), the angle between two models' logit vectors over the vocabulary, averaged
/// over rows. A norm counts as 1e-8 at least, as in PyTorch. Logits as they are, no temperature.
package final class CosineTerm: LogitTerm {
  package let needsTeacher = true
  private var state: Tensor?
  private var coefficients: Tensor?

  package init() {}

  package func take(_ chunk: LogitChunk) throws { state = try takeDistances(chunk, into: state) }

  package func finish() throws -> Tensor {
    let (cosine, _, _) = try parts(of: finished(state))
    let one = try Tensor.full([1], 1, on: cosine.device)
    return try one.minus(cosine.meanOfRows())
  }

  package func differentiate(_ chunk: LogitChunk, upstream: Tensor, scale: Float) throws {
    // cos / |s|² · s − 1 / (|s| |t|) · t.
    if chunk.isFirst {
      let (cosine, student, teacher) = try parts(of: finished(state))
      let one = try Tensor.full([1], 1, on: cosine.device)
      coefficients = try Tensor.concatenated(
        [
          cosine.divided(by: student.times(student)),
          one.divided(by: student.times(teacher)).negated(),
        ], axis: 1
      ).scaled(by: scale / Float(chunk.rows))
    }
    try mix(chunk, finished(coefficients), upstream)
  }

  /// The cosine and both norms of each row, [rows, 1].
  private func parts(of state: Tensor) throws -> (cosine: Tensor, student: Tensor, teacher: Tensor)
  {
    let least = try Tensor.full([1], 1e-8, on: state.device)
    let student = try state.column(2).squareRoot().binary(.maximum, least)
    let teacher = try state.column(3).squareRoot().binary(.maximum, least)
    return (try state.column(1).divided(by: student).divided(by: teacher), student, teacher)
  }
}

private func takeDistances(_ chunk: LogitChunk, into state: Tensor?) throws -> Tensor {
  let state = try state ?? Tensor(uninitialized: [chunk.rows, 4], on: chunk.student.device)
  try state.device.distanceUpdate(
    teacher: chunk.teacherLogits, student: chunk.student.region, state: state.region,
    rows: chunk.rows, columns: chunk.columns, isFirst: chunk.isFirst)
  return state
}

private func mix(_ chunk: LogitChunk, _ coefficients: Tensor, _ upstream: Tensor) throws {
  try coefficients.device.mixRows(
    teacher: chunk.teacherLogits, student: chunk.student.region,
    coefficients: coefficients.region, upstream: upstream.region, rows: chunk.rows,
    columns: chunk.columns)
}
