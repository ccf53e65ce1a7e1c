import Compression
import Corpus
import Foundation
import Kernels
import Language
import Models

extension Session {
  /// What help says of distill's losses.
  static let lossText =
    "loss: 'kl' (teacher ‖ student), 'reverse_kl', 'topk_kl' (over the ids of the teacher's k "
    + "largest logits, both renormalized), 'mse' and 'cosine' on logits, 'cross_entropy' (the next "
    + "token); or a dict of weights, also with 'hidden' and 'embedding', squared distances of "
    + "states: {\"kl\": 1.0, \"hidden\": {\"pairs\": [(teacher layer, student layer)], "
    + "\"weight\": \"auto\"}, \"embedding\": 1.0}. Hidden states are taken after the layer and "
    + "through the final norm, the embedding without a norm; one learned projection maps the "
    + "student's to the teacher's width. \"auto\" weighs them as L_logits / L_states at each step. "
    + "temperature divides the logits of kl, reverse_kl and topk_kl. Of a run with several terms, "
    + ".terms has each one's values. A list of losses is a sweep: each trains a copy of the student, "
    + "which itself stays as it is; the result is a table. "
    + "cache: a file for the teacher's logits on tokens, made at first use, so that the teacher runs "
    + "once: \"teacher.cache\" keeps all logits in f32, {\"path\": \"teacher.cache\", \"type\": "
    + "\"bf16\"} half as many bytes, {\"path\": \"teacher.cache\", \"top\": 50} the 50 largest of "
    + "each position, for 'topk_kl' and 'kl' (where all other ids count as one). "

  /// A distillation, or a sweep of them.
  func distill(
    _ arguments: BoundArguments, train: (Objective) throws -> Value,
    settings: () throws -> TrainingSettings
  ) throws -> Value {
    let teacher = try arguments.model("teacher")
    let requested = try arguments.requestedLoss()
    let cached = try arguments.requestedCache()
    let losses: [DistillationLoss]
    switch requested {
    case .one(let loss): losses = [loss]
    case .sweep(let several):
      losses = several
      for name in ["save", "resume"] where !arguments.value(name).isNone {
        throw LanguageError("\(name)= keeps one run, and a list of losses is a sweep of several")
      }
    }
    // Everything that can be refused is, before the teacher runs over all windows.
    let student = try arguments.model("student")
    let tokens = try arguments.tokens("tokens")
    let heldOut = try arguments.optionalTokens("held_out")
    try settings().check(windows: tokens.count)
    for loss in losses {
      try Objective.distillation(teacher: teacher, loss: loss)
        .check(for: student, tokens, cacheContent: cached?.content)
    }
    let cache = try cached.map { try openCache($0, teacher, tokens) }
    let objectives = losses.map {
      Objective.distillation(teacher: teacher, loss: $0, cache: cache)
    }
    if case .one = requested { return try train(objectives[0]) }
    return try sweep(
      objectives, student, tokens, heldOut: heldOut, settings: try settings())
  }

  private func openCache(
    _ request: (path: String, content: TeacherCacheContent), _ teacher: Model,
    _ tokens: TokenWindows
  ) throws -> TeacherCache {
    let cache = try reporting("teacher", total: tokens.count) { report in
      try TeacherCache.open(
        path(request.path), request.content, teacher: teacher, tokens: tokens
      ) { done, _ in report.update(done) }
    }
    if let remaining = cache.remaining {
      output(
        .notice(
          "\(request.path) keeps \(cache.content.name) of each position: the other ids have a "
            + "probability of \(remaining.mean.digits(4)) on average, "
            + "\(remaining.largest.digits(4)) at most"))
    }
    return cache
  }

  /// Trains a copy of the student for each objective; what there is by then is kept as `_` where
  /// the user stops it.
  private func sweep(
    _ objectives: [Objective], _ student: Model, _ tokens: TokenWindows, heldOut: TokenWindows?,
    settings: TrainingSettings
  ) throws -> Value {
    var rows: [[Value]] = []
    func table() -> Value { .object(TableObject(columns: Self.sweepColumns, rows: rows)) }
    for (index, objective) in objectives.enumerated() {
      do {
        let trainer = try Trainer(
          try student.copy(), objective, tokens, heldOut: heldOut, settings: settings)
        try run(trainer, title: "distill \(index + 1)/\(objectives.count) \(objective.name)")
        rows.append(Self.sweepRow(trainer.run))
      } catch {
        keepAsLastValue(table(), "the table so far")
        throw error
      }
    }
    return table()
  }

  private static let sweepColumns = [
    "loss", "steps", "lm_loss_before", "perplexity_before", "lm_loss", "perplexity",
    "distillation_loss",
  ]

  private static func sweepRow(_ run: Run) -> [Value] {
    func pair(_ loss: Double?) -> [Value] {
      [loss.map { .float($0) } ?? .none, loss.map { .float(exp($0)) } ?? .none]
    }
    return [.string(run.objective), .int(run.loss.count)] + pair(run.heldOut.first?.loss)
      + pair(run.heldOut.last?.loss) + [run.loss.last.map { .float($0) } ?? .none]
  }
}
