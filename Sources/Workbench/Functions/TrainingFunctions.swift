import Compression
import Corpus
import Kernels
import Language
import Models
import Tensors

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
        save=None, resume=None, seed=None, decay_norms=True, gradient_checkpointing=False
        """,
        "Trains the student in place to predict as the teacher does; returns the run.",
        text: "Minimizes a distance from the teacher, averaged over all positions, with AdamW and "
          + "linear warm-up; schedule: 'cosine' or 'linear' from lr to min_lr, or 'constant'. "
          + Self.lossText + "Of the run: .loss [steps], .lr, .gradient_norm, .held_out [n, 2] "
          + "(step, loss on held_out), .tokens, .seconds, .tokens_per_second, .config, .model. "
          + Self.savingText,
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
        held_out=None, every=None, save=None, resume=None, seed=None, decay_norms=True, \
        gradient_checkpointing=False
        """,
        "Trains a model in place on the next token; returns the run.",
        text: "As distill, with the cross-entropy of the next token as the loss. "
          + Self.savingText,
        example: "run = finetune(model, train, steps=100)"
      ) { [unowned self] in try train($0, "model", .languageModelling) },
    ]
  }

  private func train(
    _ arguments: BoundArguments, _ name: String, _ objective: Objective
  ) throws -> Value {
    let model = try arguments.model(name)
    let trainer = try Trainer(
      model, objective, try arguments.tokens("tokens"),
      heldOut: try arguments.optionalTokens("held_out"), settings: try settings(arguments),
      saving: try saving(arguments))
    let record = RunObject(trainer.run, on: device) { model }
    do {
      try run(trainer, title: arguments.function)
    } catch {
      // The student keeps the steps that were made, and so does the record.
      let steps = "\(trainer.run.loss.count) of \(counted(trainer.run.settings.steps, "step"))"
      keepAsLastValue(.object(record), "the run of \(steps)")
      throw error
    }
    return .object(record)
  }

  /// Makes a trainer's steps with a progress report.
  func run(_ trainer: Trainer, title: String) throws {
    // Steps that a resumed run made before take no time now.
    let made = trainer.run.loss.count
    try reporting(title, total: trainer.run.settings.steps, before: made) { report in
      try trainer.train { step in
        report.update(step, note: "loss " + (trainer.run.loss.last ?? 0).digits(4))
      }
    }
  }

  private static let savingText =
    "An update takes accumulate passes of batch windows, in order and around again, or with shuffle "
    + "in a new order each epoch; AdamW with betas and weight_decay, the gradient's global norm bounded "
    + "by clip (None: not at all). every (a tenth of the steps): updates between held-out losses and "
    + "checkpoints. "
    + "gradient_checkpointing: computes each layer's activations again for the gradients, which saves "
    + "memory and costs a forward pass. decay_norms=False: no weight decay on norms and biases. "
    + "save: a new folder for the run: log.jsonl and log.csv, a line a step, and a checkpoint at "
    + "the beginning and every `every` steps. resume: the folder of a run that goes on from its checkpoint, bit for bit, "
    + "with the same arguments; save and resume of one folder begin the run or go on with it."

  /// Where the run is kept; nil where it is not.
  private func saving(_ arguments: BoundArguments) throws -> RunSaving? {
    let save = try arguments.optionalString("save").map(path)
    let resume = try arguments.optionalString("resume").map(path)
    switch (save, resume) {
    case (nil, nil): return nil
    case (let save?, nil): return RunSaving(save)
    case (nil, let resume?): return RunSaving(resume, .resumed)
    case (let save?, let resume?):
      guard save == resume else {
        throw LanguageError(
          "a run goes on in its own folder: save=\"\(save)\" and resume=\"\(resume)\" are two")
      }
      return RunSaving(save, .newOrResumed)
    }
  }

  private func settings(_ arguments: BoundArguments) throws -> TrainingSettings {
    var settings = TrainingSettings(steps: try arguments.int("steps"))
    settings.batch = try arguments.int("batch")
    settings.accumulate = try arguments.int("accumulate")
    settings.learningRate = try arguments.double("lr")
    let floor = try arguments.double("min_lr")
    settings.minimumRate = arguments.isGiven("min_lr") ? floor : min(floor, settings.learningRate)
    settings.warmup = try arguments.int("warmup")
    settings.decay = try arguments.choice("schedule")
    settings.weightDecay = try arguments.double("weight_decay")
    settings.decayNorms = try arguments.bool("decay_norms")
    settings.gradientCheckpointing = try arguments.bool("gradient_checkpointing")
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
