import Corpus
import Evaluation
import Models
import Tensors

/// A distillation's loss on a student, a teacher or its cached logits, and windows.
final class TeacherLoss: TrainingLoss {
  let termNames: [String]
  private let student: Model
  private let teacher: Model
  private let loss: DistillationLoss
  private let tokens: TokenWindows
  private let cache: TeacherCache?
  private let states: StateLoss?

  var learned: [(name: String, tensor: Tensor)] { states.map { [$0.learned] } ?? [] }

  init(
    student: Model, teacher: Model, _ loss: DistillationLoss, _ tokens: TokenWindows,
    cache: TeacherCache?, seed: Int
  ) throws {
    self.student = student
    self.teacher = teacher
    self.loss = loss
    self.tokens = tokens
    self.cache = cache
    termNames = loss.parts.count > 1 ? loss.parts.map(\.term.rawValue) : []
    states =
      loss.parts.contains { $0.term.isOnStates }
      ? try StateLoss(loss, student: student, teacher: teacher, seed: seed) : nil
  }

  /// Refuses models, a loss and windows that do not fit, before any work.
  /// - Throws: `CompressionError`, `CorpusError`.
  static func check(
    student: Model, teacher: Model, _ loss: DistillationLoss, _ tokens: TokenWindows
  ) throws {
    try loss.check(student: student, teacher: teacher)
    if loss.has(.crossEntropy) { try requireTargets(tokens) }
    guard student.architecture.vocab == teacher.architecture.vocab else {
      throw CompressionError.invalid(
        "the student has \(student.architecture.vocab) ids and the teacher "
          + "\(teacher.architecture.vocab): distillation needs one vocabulary")
    }
    guard student.weights !== teacher.weights else {
      throw CompressionError.invalid(
        "student and teacher share their weights: the teacher would change with the student")
    }
    guard student.device === teacher.device else {
      throw CompressionError.invalid(
        "the student is on \(student.device.name) and the teacher on \(teacher.device.name): move "
          + "one with .to(\"\(student.device.name)\")")
    }
  }

  func weight(of windows: [Int]) -> Int {
    // Of a sum of terms, those on the teacher have the most positions, and every pass as many.
    loss.parts.allSatisfy { $0.term == .crossEntropy }
      ? tokens.counted(windows) : windows.count * tokens.length
  }

  func loss(of windows: [Int]) throws -> PassLoss {
    let ids = try tokens.batch(windows, for: student)
    let teacherStates = states?.teacherStates()
    let needsLogits = loss.parts.contains { $0.term.isOnTeacherLogits }
    var teacherHidden: Tensor?
    if teacherStates != nil || (needsLogits && cache == nil) {
      teacherHidden = try teacher.hidden(ids, observer: teacherStates?.observe).detached()
    }
    let studentStates = states?.studentStates()
    let prediction = VocabularyLoss.Prediction(
      hidden: try student.hidden(ids, observer: studentStates?.observe), head: try student.head)
    var sum = WeightedSum()
    try addLogitTerms(to: &sum, windows, ids, prediction, teacherHidden)
    if let states, let studentStates, let teacherStates {
      for part in loss.parts where part.term.isOnStates {
        let value = try states.value(part.term, student: studentStates, teacher: teacherStates)
        try sum.add(value, part)
      }
    }
    return try sum.pass(of: loss.parts)
  }

  /// The terms on logits, from one pass of products.
  private func addLogitTerms(
    to sum: inout WeightedSum, _ windows: [Int], _ ids: TokenIDs,
    _ prediction: VocabularyLoss.Prediction, _ teacherHidden: Tensor?
  ) throws {
    let parts = loss.parts.filter { !$0.term.isOnStates }
    guard !parts.isEmpty else { return }
    let needsTeacher = parts.contains { $0.term.isOnTeacherLogits }
    let largest = try needsTeacher ? cache?.largest(windows, on: student.device) : nil
    let source: VocabularyLoss.TeacherLogits
    if let cache, needsTeacher, largest == nil {
      source = .stored { try cache.read(windows, firstId: $0, into: $1) }
    } else if needsTeacher, largest == nil, let teacherHidden {
      source = .predicted(.init(hidden: teacherHidden, head: try teacher.head.detached()))
    } else {
      source = .absent
    }
    let terms = try parts.map { part in
      (term: try term(part.term, largest, windows, ids), weight: part.factor)
    }
    let (total, values) = try VocabularyLoss.sum(of: terms, teacher: source, student: prediction)
    try sum.add(total, values, parts)
  }

  private func term(
    _ term: DistillationLoss.Term, _ largest: LargestPredictions?, _ windows: [Int],
    _ ids: TokenIDs
  ) throws -> any LogitTerm {
    let temperature = Float(loss.temperature)
    switch (term, largest) {
    case (.kl, let largest?): return BucketDivergenceTerm(largest)
    case (.kl, nil): return DivergenceTerm(temperature: temperature)
    case (.topKL, let largest?):
      return try LargestDivergenceTerm(kept: loss.k, of: largest, temperature: temperature)
    case (.topKL, nil): return LargestDivergenceTerm(kept: loss.k, temperature: temperature)
    case (.reverseKL, _): return ReverseDivergenceTerm(temperature: temperature)
    case (.mse, _): return SquaredErrorTerm(vocabulary: student.architecture.vocab)
    case (.cosine, _): return CosineTerm()
    case (.crossEntropy, _):
      return CrossEntropyTerm(
        targets: try tokens.targets(windows, of: ids), counted: tokens.counted(windows))
    case (.hidden, _), (.embedding, _): preconditionFailure("\(term) is no term on logits")
    }
  }
}

extension DistillationLoss.Part {
  /// The weight as a number; 1 where it is found at each pass.
  var factor: Float {
    if case .number(let number) = weight { Float(number) } else { 1 }
  }
}
