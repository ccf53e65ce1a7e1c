import Compression
import Corpus
import Kernels
import Language
import Models

extension Session {
  /// distill, finetune.
  var trainingFunctions: [BuiltinFunction] {
    [
      function(
        "distill",
        """
        student, teacher, tokens, steps=, batch=8, accumulate=1, lr=1e-4, min_lr=1e-5, warmup=0, \
        schedule="cosine", loss="kl", temperature=1.0, k=100, weight_decay=0.0, \
        betas=(0.9, 0.95), clip=1.0, shuffle=False, held_out=None, every=None, cache=None, \
        seed=None
        """,
        "Trains the student in place to predict as the teacher does; returns the run.",
        text: "Minimizes a distance from the teacher, averaged over all positions, with AdamW, "
          + "linear warm-up and cosine decay from lr to min_lr. " + Self.lossText + "Of the run: "
          + ".loss [steps], .lr, .held_out [n, 2] (step, loss on held_out), .tokens, .seconds, "
          + ".tokens_per_second, .config.",
        example: "run = distill(student, model, train, steps=100, held_out=test)"
      ) { [unowned self] arguments in
        try distill(
          arguments, train: { try train(arguments, "student", $0) },
          settings: { try settings(arguments) })
      },
      function(
        "finetune",
        """
        model, tokens, steps=, batch=8, accumulate=1, lr=1e-4, min_lr=1e-5, warmup=0, \
        schedule="cosine", weight_decay=0.0, betas=(0.9, 0.95), clip=1.0, shuffle=False, \
        held_out=None, every=None, seed=None
        """,
        "Trains a model in place on the next token; returns the run.",
        text: "As distill, with the cross-entropy of the next token as the loss.",
        example: "run = finetune(model, train, steps=100)"
      ) { [unowned self] in try train($0, "model", .languageModelling) },
    ]
  }

  private func train(
    _ arguments: BoundArguments, _ name: String, _ objective: Objective
  ) throws -> Value {
    let schedule = try arguments.string("schedule")
    guard schedule == "cosine" else {
      throw LanguageError("schedule must be 'cosine', not '\(schedule)'")
    }
    let model = try arguments.model(name)
    let trainer = try Trainer(
      model, objective, try arguments.tokens("tokens"),
      heldOut: try arguments.optionalTokens("held_out"), settings: try settings(arguments))
    let run = RunObject(trainer.run, on: device)
    do {
      try reporting(arguments.function, total: trainer.run.settings.steps) { report in
        try trainer.train { step in
          report.update(step, note: "loss " + (trainer.run.loss.last ?? 0).digits(4))
        }
      }
    } catch let stop as Kernels.Interrupted {
      keepAsLastValue(.object(run))
      throw stop
    }
    return .object(run)
  }

  private func settings(_ arguments: BoundArguments) throws -> TrainingSettings {
    var settings = TrainingSettings(steps: try arguments.int("steps"))
    settings.batch = try arguments.int("batch")
    settings.accumulate = try arguments.int("accumulate")
    settings.learningRate = try arguments.double("lr")
    let floor = try arguments.double("min_lr")
    settings.minimumRate = arguments.isGiven("min_lr") ? floor : min(floor, settings.learningRate)
    settings.warmup = try arguments.int("warmup")
    settings.weightDecay = try arguments.double("weight_decay")
    let betas = try arguments.list("betas").compactMap(\.asDouble)
    guard betas.count == 2 else { throw arguments.mismatch("betas", "a pair of numbers") }
    settings.betas = (betas[0], betas[1])
    settings.clip = try arguments.optionalDouble("clip")
    settings.shuffle = try arguments.bool("shuffle")
    settings.every = try arguments.optionalInt("every")
    settings.seed = try arguments.seed("seed", self)
    return settings
  }
}
