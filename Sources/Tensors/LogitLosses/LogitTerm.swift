import Kernels

/// A chunk of the vocabulary's logits on its way past the terms of a loss.
package struct LogitChunk {
  /// The teacher's logits, f32 [rows, columns]; nil where no term asked for them.
  let teacher: Tensor?
  /// The student's logits, f32 [rows, columns].
  let student: Tensor
  /// The id of the first column.
  let firstId: Int
  /// Whether it is the first chunk of a pass.
  let isFirst: Bool

  var rows: Int { student.shape[0] }
  var columns: Int { student.shape[1] }

  /// The teacher's logits of a term that asked for them.
  var teacherLogits: Region {
    guard let teacher else { preconditionFailure("a chunk without the teacher's logits") }
    return teacher.region
  }
}

/// One loss on logits that sees the vocabulary chunk by chunk, twice: to find its value, then to
/// find its gradient. It carries a few numbers a row from chunk to chunk.
package protocol LogitTerm: AnyObject {
  /// Whether it compares with the teacher's logits of every chunk.
  var needsTeacher: Bool { get }

  /// Takes a chunk into the state.
  func take(_ chunk: LogitChunk) throws

  /// The loss after the last chunk, f32 [1].
  func finish() throws -> Tensor

  /// Replaces the chunk's student logits by scale · upstream[0] · the loss's gradient.
  func differentiate(_ chunk: LogitChunk, upstream: Tensor, scale: Float) throws
}

extension Tensor {
  /// The mean over all elements, f32 [1]; not recorded.
  func meanOfRows() throws -> Tensor {
    try detached().sum().scaled(by: 1 / Float(count)).reshaped([1])
  }

  /// One column of a matrix, [rows, 1]; not recorded.
  func column(_ place: Int) throws -> Tensor {
    let all = AxisIndex.slice(start: nil, end: nil, step: nil)
    return try detached().indexed([all, .slice(start: place, end: place + 1, step: nil)])
  }
}
