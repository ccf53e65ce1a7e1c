import Kernels

/// KL(teacher ‖ student) over the vocabulary in nats, averaged over rows; logits divided by the
/// temperature, no factor for it (arXiv 2407.14679).
package final class DivergenceTerm: LogitTerm {
  package let needsTeacher = true
  private let temperature: Float
  private var state: Tensor?

  package init(temperature: Float) { self.temperature = temperature }

  package func take(_ chunk: LogitChunk) throws {
    let state = try state ?? Tensor(uninitialized: [chunk.rows, 5], on: chunk.student.device)
    self.state = state
    try state.device.divergenceUpdate(
      teacher: chunk.teacherLogits, student: chunk.student.region, state: state.region,
      temperature: temperature, rows: chunk.rows, columns: chunk.columns, isFirst: chunk.isFirst)
  }

  package func finish() throws -> Tensor { try meanDivergence(finished(state)) }

  package func differentiate(_ chunk: LogitChunk, upstream: Tensor, scale: Float) throws {
    let state = finished(state)
    try state.device.divergenceGradient(
      teacher: chunk.teacherLogits, student: chunk.student.region, state: state.region,
      upstream: upstream.region, temperature: temperature, scale: scale / Float(chunk.rows),
      rows: chunk.rows, columns: chunk.columns)
  }
}

/// KL(student ‖ teacher) over the vocabulary in nats, averaged over rows; logits divided by the
/// temperature, no factor for it.
package final class ReverseDivergenceTerm: LogitTerm {
  package let needsTeacher = true
  private let temperature: Float
  private var state: Tensor?

  package init(temperature: Float) { self.temperature = temperature }

  package func take(_ chunk: LogitChunk) throws {
    let state = try state ?? Tensor(uninitialized: [chunk.rows, 5], on: chunk.student.device)
    self.state = state
    // The divergence with the models' places exchanged.
    try state.device.divergenceUpdate(
      teacher: chunk.student.region, student: chunk.teacherLogits, state: state.region,
      temperature: temperature, rows: chunk.rows, columns: chunk.columns, isFirst: chunk.isFirst)
  }

  package func finish() throws -> Tensor { try meanDivergence(finished(state)) }

  package func differentiate(_ chunk: LogitChunk, upstream: Tensor, scale: Float) throws {
    let state = finished(state)
    try state.device.reverseDivergenceGradient(
      teacher: chunk.teacherLogits, student: chunk.student.region, state: state.region,
      upstream: upstream.region, temperature: temperature, scale: scale / Float(chunk.rows),
      rows: chunk.rows, columns: chunk.columns)
  }
}

/// The mean of a divergence's finished state [rows, 5], f32 [1].
func meanDivergence(_ state: Tensor) throws -> Tensor {
  let losses = try Tensor(uninitialized: [state.shape[0]], on: state.device)
  try state.device.divergenceLosses(state.region, to: losses.region, rows: state.shape[0])
  return try losses.meanOfRows()
}

/// What a term has once it has seen the first chunk.
func finished(_ state: Tensor?) -> Tensor {
  guard let state else { preconditionFailure("a term before its first chunk") }
  return state
}
