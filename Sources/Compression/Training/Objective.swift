import Corpus
import Evaluation
import Models
import Tensors

/// What training minimizes.
public struct Objective {
  enum Kind {
    case languageModelling
    case distillation(teacher: Model, DistillationLoss, cache: TeacherCache?)
  }

  let kind: Kind

  /// KL(teacher ‖ student) over the whole vocabulary at every position, logits divided by the
  /// temperature (arXiv 2407.14679).
  public static func distillation(teacher: Model, temperature: Double) -> Objective {
    distillation(teacher: teacher, loss: DistillationLoss(.kl, temperature: temperature))
  }

  /// A distance from a teacher.
  /// - Parameter cache: where the teacher's logits are read instead of computed; of these windows.
  public static func distillation(
    teacher: Model, loss: DistillationLoss, cache: TeacherCache? = nil
  ) -> Objective {
    Objective(kind: .distillation(teacher: teacher, loss, cache: cache))
  }

  /// The cross-entropy of the next token.
  public static var languageModelling: Objective { Objective(kind: .languageModelling) }

  /// The name in the record, such as `kl` or `cross_entropy`.
  public var name: String {
    switch kind {
    case .languageModelling: DistillationLoss.Term.crossEntropy.rawValue
    case .distillation(_, let loss, _): loss.name
    }
  }

  /// The divisor of logits, 1 where nothing divides them.
  public var temperature: Double {
    if case .distillation(_, let loss, _) = kind { loss.temperature } else { 1 }
  }

  /// Refuses models and settings that do not fit, before any work.
  /// - Parameter cacheContent: what a cache that is still to be made will hold.
  /// - Throws: `CompressionError`; `CorpusError` for windows without targets.
  package func check(
    for model: Model, _ tokens: TokenWindows, cacheContent: TeacherCacheContent? = nil
  ) throws {
    switch kind {
    case .languageModelling: try requireTargets(tokens)
    case .distillation(let teacher, let loss, let cache):
      try model.requireUnmasked(for: "training")
      try TeacherLoss.check(student: model, teacher: teacher, loss, tokens)
      try cache?.check(holds: loss, tokens)
      try cacheContent?.check(serves: loss)
    }
  }

  /// The loss for a model on windows, with parameters of its own where it learns any.
  /// - Throws: `CompressionError` for models and settings that do not fit, before any work;
  ///   `CorpusError` for windows without targets; what the device throws.
  package func loss(
    for model: Model, _ tokens: TokenWindows, seed: Int
  ) throws -> any TrainingLoss {
    try check(for: model, tokens)
    switch kind {
    case .languageModelling: return NextTokenLoss(model: model, tokens: tokens)
    case .distillation(let teacher, let loss, let cache):
      return try TeacherLoss(
        student: model, teacher: teacher, loss, tokens, cache: cache, seed: seed)
    }
  }
}

/// A loss bound to a model and windows, as the trainer minimizes it.
package protocol TrainingLoss {
  /// Parameters that are trained beside the model's, by name.
  var learned: [(name: String, tensor: Tensor)] { get }

  /// The names of `PassLoss.terms`; empty where the loss is one term alone.
  var termNames: [String] { get }

  /// How many positions the loss of a pass over some of the windows is a mean of: what it weighs
  /// beside the other passes of a step.
  func weight(of windows: [Int]) -> Int

  /// The loss of a pass over some of the windows; nothing is read back from the device.
  func loss(of windows: [Int]) throws -> PassLoss
}

/// What one pass gives.
package struct PassLoss {
  /// What is minimized, f32 of one element, with gradients.
  package let total: Tensor
  /// Each term before its weight, f32 [terms]; nil where there is one alone.
  package let terms: Tensor?
}

/// The cross-entropy of the next token.
private struct NextTokenLoss: TrainingLoss {
  let learned: [(name: String, tensor: Tensor)] = []
  let termNames: [String] = []
  let model: Model
  let tokens: TokenWindows

  func weight(of windows: [Int]) -> Int { tokens.counted(windows) }

  func loss(of windows: [Int]) throws -> PassLoss {
    let ids = try tokens.batch(windows, for: model)
    let term = CrossEntropyTerm(
      targets: try tokens.targets(windows, of: ids), counted: tokens.counted(windows))
    let prediction = VocabularyLoss.Prediction(hidden: try model.hidden(ids), head: try model.head)
    let loss = try VocabularyLoss.sum(of: [(term, 1)], teacher: .absent, student: prediction)
    return PassLoss(total: loss.total, terms: nil)
  }
}
