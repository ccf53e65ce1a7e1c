import Kernels

extension VocabularyLoss {
  /// Where the teacher's logits of a chunk come from.
  package enum TeacherLogits {
    /// From a hidden state and a head: products, which the gradient makes again but for those kept.
    case predicted(Prediction)
    /// From elsewhere: writes the logits of the columns of `target`, [rows, columns], from
    /// `firstId`.
    case stored(read: (_ firstId: Int, _ target: Tensor) throws -> Void)
    /// Nowhere: no term asks for them.
    case absent
  }

  /// Several losses on the same logits, from one pass of products over the chunks and one back.
  ///
  /// - Parameter keptBytes: how much of each model's logits is kept for the gradient, which makes
  ///   the rest again: memory that does not grow with rows or vocabulary.
  /// - Returns: Σ weight · loss, f32 [1], with gradients for the student; and each loss for itself,
  ///   f32 [terms], without.
  /// - Throws: what the device and the teacher's source throw.
  package static func sum(
    of terms: [(term: any LogitTerm, weight: Float)], teacher: TeacherLogits, student: Prediction,
    keptBytes: Int = 96 << 20
  ) throws -> (total: Tensor, values: Tensor) {
    let keptBytes = student.needsGradient ? keptBytes : 0
    let logits = ChunkedLogits(student, keeping: keptBytes)
    let source = TeacherChunks(
      terms.contains { $0.term.needsTeacher } ? teacher : .absent, student: student,
      keeping: keptBytes)
    try logits.forEach { logits, first, isFirst in
      let chunk = try source.chunk(logits, first, isFirst, isAgain: false)
      for (term, _) in terms { try term.take(chunk) }
    }
    source.rest()
    let losses = try terms.map { try $0.term.finish() }
    let values = try Tensor.concatenated(losses)
    var total: Tensor?
    for (loss, (_, weight)) in zip(losses, terms) {
      let share = try loss.scaled(by: weight)
      total = try total.map { try $0.plus(share) } ?? share
    }
    guard let total else { preconditionFailure("a loss without terms") }
    total.recordOrigin([student.hidden, student.head]) { upstream, gradients in
      let adder = try terms.count > 1 ? GradientSum(like: student) : nil
      try sendGradients(of: logits, gradients) { logits, first in
        let chunk = try source.chunk(logits, first, first == 0, isAgain: true)
        if let adder {
          try adder.differentiate(chunk, terms, upstream)
        } else {
          try terms[0].term.differentiate(chunk, upstream: upstream, scale: terms[0].weight)
        }
      }
    }
    return (total, values)
  }
}

/// Brings the teacher's logits beside the student's.
private final class TeacherChunks {
  private enum Source {
    case predicted(ChunkedLogits)
    case stored((_ firstId: Int, _ target: Tensor) throws -> Void)
    case absent
  }

  private let source: Source
  private let student: VocabularyLoss.Prediction
  private var memory: Tensor?

  init(
    _ teacher: VocabularyLoss.TeacherLogits, student: VocabularyLoss.Prediction, keeping bytes: Int
  ) {
    self.student = student
    switch teacher {
    case .predicted(let prediction):
      precondition(
        prediction.head.shape[0] == student.head.shape[0], "a teacher of another vocabulary")
      source = .predicted(ChunkedLogits(prediction, keeping: bytes))
    case .stored(let read): source = .stored(read)
    case .absent: source = .absent
    }
  }

  /// A chunk with both models' logits; `isAgain` says that it was made before.
  func chunk(
    _ logits: Tensor, _ firstId: Int, _ isFirst: Bool, isAgain: Bool
  ) throws -> LogitChunk {
    LogitChunk(
      teacher: try teacherLogits(like: logits, firstId, isAgain), student: logits, firstId: firstId,
      isFirst: isFirst)
  }

  private func teacherLogits(like logits: Tensor, _ firstId: Int, _ isAgain: Bool) throws -> Tensor?
  {
    switch source {
    case .predicted(let logits): return try logits.chunk(from: firstId, isAgain: isAgain)
    case .absent: return nil
    case .stored(let read):
      let memory = try memory ?? student.scratch()
      self.memory = memory
      let target = Tensor(memory.region, shape: logits.shape)
      try read(firstId, target)
      return target
    }
  }

  /// Lets go of memory between two passes over the chunks.
  func rest() {
    memory = nil
    if case .predicted(let logits) = source { logits.rest() }
  }
}

/// Adds up the gradients of several terms, each of which writes over the logits it is given.
private final class GradientSum {
  private let work: Tensor
  private let sum: Tensor

  init(like student: VocabularyLoss.Prediction) throws {
    work = try student.scratch()
    sum = try student.scratch()
  }

  func differentiate(
    _ chunk: LogitChunk, _ terms: [(term: any LogitTerm, weight: Float)], _ upstream: Tensor
  ) throws {
    let device = chunk.student.device
    let count = chunk.student.count
    for (index, (term, weight)) in terms.enumerated() {
      // The first writes into the sum itself, the last may use up the student's logits.
      let isLast = index == terms.count - 1
      let place = index == 0 ? sum : isLast ? chunk.student : work
      let target = Tensor(place.region, shape: chunk.student.shape)
      if !isLast {
        try device.scale(chunk.student.region, by: 1, to: target.region, count: count)
      }
      try term.differentiate(
        LogitChunk(
          teacher: chunk.teacher, student: target, firstId: chunk.firstId,
          isFirst: chunk.isFirst),
        upstream: upstream, scale: weight)
      if isLast {
        try device.accumulate(sum.region, scale: 1, into: target.region, count: count)
      } else if index > 0 {
        try device.accumulate(target.region, scale: 1, into: sum.region, count: count)
      }
    }
  }
}
