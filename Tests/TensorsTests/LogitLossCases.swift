import Kernels
import Tensors

/// Losses on logits, each term alone and several together.
let logitLossCases = [7, VocabularyLoss.chunkSize + 5].flatMap { vocabulary in
  LogitLossKind.allCases.map { kind in
    GradientCase("\(kind) over \(vocabulary) ids", [4, 3], [vocabulary, 3]) { inputs in
      try kind.loss(
        teacher: .predicted(logitTeacher(vocabulary, on: inputs[0].device)),
        student: .init(hidden: inputs[0], head: inputs[1]), vocabulary
      ).total
    }
  }
}

/// What is summed in a test.
enum LogitLossKind: String, CaseIterable, Sendable {
  case reverseDivergence, squaredError, cosine, largest, two, all

  func loss(
    teacher: VocabularyLoss.TeacherLogits, student: VocabularyLoss.Prediction, _ vocabulary: Int
  ) throws -> (total: Tensor, values: Tensor) {
    try VocabularyLoss.sum(
      of: terms(vocabulary, on: student.head.device), teacher: teacher, student: student)
  }

  func terms(
    _ vocabulary: Int, on device: any Device
  ) throws -> [(term: any LogitTerm, weight: Float)] {
    let ids = [0, -1, vocabulary - 1, vocabulary / 2].map { Int64($0) }
    let targets = try Tensor(ids, shape: [4], on: device)
    let all: [(term: any LogitTerm, weight: Float)] = [
      (ReverseDivergenceTerm(temperature: 1.5), 2), (SquaredErrorTerm(vocabulary: vocabulary), 0.5),
      (CosineTerm(), 3), (LargestDivergenceTerm(kept: 5, temperature: 1.5), 1.25),
      (DivergenceTerm(temperature: 1.5), 0.75),
      (CrossEntropyTerm(targets: targets, counted: 3), 0.6),
    ]
    return switch self {
    case .reverseDivergence: [all[0]]
    case .squaredError: [all[1]]
    case .cosine: [all[2]]
    case .largest: [all[3]]
    case .two: [all[4], all[5]]
    case .all: all
    }
  }
}

/// A teacher that is wider than the student.
func logitTeacher(_ vocabulary: Int, on device: any Device) throws -> VocabularyLoss.Prediction {
  .init(
    hidden: try tensor(normals(4 * 5, seed: 3), [4, 5], on: device),
    head: try tensor(normals(vocabulary * 5, seed: 4), [vocabulary, 5], on: device))
}
