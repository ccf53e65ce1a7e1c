import Corpus
import Evaluation
import JSONFormat
import Kernels
import Models
import Tensors

/// Trains a model in place, step by step.
public final class Trainer {
  /// The record, complete up to the last step made.
  public let run: Run
  let model: Model
  let objective: any TrainingLoss
  let tokens: TokenWindows
  /// The model that is learned from, nil where there is none.
  let teacher: Model?
  private let heldOut: TokenWindows?
  let optimizer: Optimizer
  /// What a step records, on the device until its end: the loss, the gradient's squared norm, and
  /// the loss's terms where there are several.
  private let record: Tensor
  private var order: WindowOrder
  private var store: RunStore?
  /// Updates that the model saw after its last cut and before this run.
  private var earlierUpdates = 0

  /// Prepares a run; nothing of the model changes yet, unless the run goes on: then model, record
  /// and optimizer are as its last checkpoint left them.
  /// - Parameter saving: where the run is kept, nil for a run that is not.
  /// - Throws: `CompressionError` for settings or models that do not fit, or that are not those of
  ///   the run that is to go on; `FileError` for a folder that cannot hold the run;
  ///   `KernelError.outOfMemory`.
  public init(
    _ model: Model, _ objective: Objective, _ tokens: TokenWindows, heldOut: TokenWindows? = nil,
    settings: TrainingSettings, saving: RunSaving? = nil
  ) throws {
    try model.requireUnmasked(for: "training")
    try settings.check(windows: tokens.count)
    self.model = model
    self.objective = try objective.loss(for: model, tokens, seed: settings.seed)
    self.tokens = tokens
    self.heldOut = heldOut
    teacher = objective.teacher
    run = Run(
      settings: settings, objective: objective.name, temperature: objective.temperature,
      termNames: self.objective.termNames)
    if let heldOut { try requireTargets(heldOut) }
    run.configuration = JSONObject(objective.record + settings.json.members)
    order = WindowOrder(
      count: tokens.count, shuffleSeed: settings.shuffle ? settings.seed : nil)
    record = try Tensor.full([2 + self.objective.termNames.count], 0, on: model.device)
    optimizer = try Optimizer(
      model.weights.all + self.objective.learned.map(\.tensor),
      settings: Optimizer.Settings(
        betas: (Float(settings.betas.0), Float(settings.betas.1)),
        weightDecay: Float(settings.weightDecay), clip: settings.clip.map(Float.init)),
      decays: { settings.decayNorms || $0.rank > 1 }, on: model.device)
    if let saving {
      if teacher?.mask != nil {
        throw CompressionError.invalid(
          "a run that is kept takes no masked teacher: what is masked is not kept with it; "
            + "prune(teacher) cuts it")
      }
      // Its checkpoints hold the student: what they cannot hold is said before the first step.
      if let obstacle = model.configuration.obstacleToSaving {
        throw CompressionError.invalid("the run cannot be saved: \(obstacle)")
      }
      let configuration = try RunConfiguration(
        settings: run.configuration, student: model, teacher: teacher, tokens: tokens,
        heldOut: heldOut)
      store = try RunStore(saving, configuration, run, state)
    }
    // The provenance of a run that goes on is its checkpoint's, which counts this run's steps.
    earlierUpdates = (model.provenance?.cuts.last?.updates ?? 0) - run.loss.count
  }

  /// Parameters that are trained beside the model's, by name.
  package var learned: [(name: String, tensor: Tensor)] { objective.learned }

  /// Everything that the optimizer moves.
  private var trained: [Tensor] { model.weights.all + objective.learned.map(\.tensor) }

  /// Makes all steps that are left; a finished run stays as it is.
  /// - Parameter observe: called after each step with the number of updates made.
  /// - Throws: `ModelError` for a loss or gradient that is not finite, before it reaches the
  ///   weights; `Interrupted` between two updates; `FileError` where the run cannot be kept; what
  ///   the device throws. The run and the model are then as the last whole step left them.
  public func train(observe: (_ step: Int) throws -> Void = { _ in }) throws {
    setTraining(true)
    defer { setTraining(false) }
    // What was made of the teacher, a copy or a cut, read its elements; of most weights bf16
    // products need packed copies alone, which they make from where the elements are stored.
    if let teacher, teacher.device.precision == .bf16 { teacher.unload() }
    if run.loss.isEmpty {
      try measureHeldOut(after: 0)
      try store?.logLastStep(of: run)
    }
    // The student changes in place: what it began as is kept, so that a run that stops before its
    // next checkpoint goes on too.
    if let store, store.stepSaved == nil { try store.save(state, of: run, position: position) }
    let clock = ContinuousClock()
    while run.loss.count < run.settings.steps {
      let start = clock.now
      try makeStep()
      run.seconds += (clock.now - start).inSeconds
      let done = run.loss.count
      let isDue = done % run.settings.interval == 0 || done == run.settings.steps
      // Whatever stops the run here, the step is made and has its line.
      do {
        try observe(done)
        if isDue { try measureHeldOut(after: done) }
      } catch {
        try store?.logLastStep(of: run)
        throw error
      }
      try store?.logLastStep(of: run)
      if isDue { try store?.save(state, of: run, position: position) }
    }
    // The last checkpoint may have failed, and the run been taken up again.
    if let store, store.stepSaved != run.loss.count {
      try store.save(state, of: run, position: position)
    }
  }

  private func setTraining(_ isOn: Bool) {
    for weight in trained { weight.isTracked = isOn }
    model.recomputesLayers = isOn && run.settings.gradientCheckpointing
  }

  /// One update. Each pass copies its ids to the device, and the step copies its record back; all
  /// else stays there. The weights change after everything that can fail.
  private func makeStep() throws {
    let step = run.loss.count
    let rate = run.settings.schedule.rate(at: step)
    let gradients = try differentiate(step)
    let squaredNorm = record.region.advanced(by: 1)
    try optimizer.measure(gradients, to: squaredNorm)
    let recorded = try record.floats().map(Double.init)
    guard recorded[0].isFinite else { throw try nonFiniteLoss(recorded[0], at: step) }
    guard recorded[1].isFinite else { throw try nonFiniteGradient(gradients, at: step) }
    // Half an update is no update: a stop waits until it is whole.
    try Interrupt.holdingOff {
      try optimizer.update(gradients, learningRate: Float(rate), squaredNorm: squaredNorm)
      // What was queued may fail as late as here.
      try model.device.synchronize()
      optimizer.commit()
    }
    run.loss.append(recorded[0])
    run.append(terms: Array(recorded[2...]))
    run.learningRate.append(rate)
    run.tokens += run.settings.accumulate * run.settings.batch * tokens.length
    run.gradientNorm.append(recorded[1].squareRoot())
    model.provenance?.setUpdates(earlierUpdates + run.loss.count)
  }

  /// The windows of one pass of a step.
  func windows(ofPass pass: Int, at step: Int) -> [Int] {
    let settings = run.settings
    return order.windows(
      from: (step * settings.accumulate + pass) * settings.batch, settings.batch)
  }

  /// The gradients of a step's mean loss over all passes; the loss goes to the record.
  private func differentiate(_ step: Int) throws -> Gradients {
    let passes = run.settings.accumulate
    var gradients: Gradients?
    let all = (0..<passes).map { objective.weight(of: windows(ofPass: $0, at: step)) }
      .reduce(0, +)
    for pass in 0..<passes {
      let windows = windows(ofPass: pass, at: step)
      let loss = try objective.loss(of: windows)
      let part = Float(objective.weight(of: windows)) / Float(all)
      let share = try loss.total.scaled(by: part)
      try keep(share, scale: 1, at: 0, accumulates: pass > 0)
      if let terms = loss.terms { try keep(terms, scale: part, at: 2, accumulates: pass > 0) }
      let sum = optimizer.gradients(after: gradients)
      try sum.run(from: share)
      gradients = sum
    }
    return gradients ?? Gradients()
  }

  /// Puts values of a pass to the record, or adds them to those of the passes before.
  private func keep(_ values: Tensor, scale: Float, at place: Int, accumulates: Bool) throws {
    let target = record.region.advanced(by: place)
    if accumulates {
      try record.device.accumulate(values.region, scale: scale, into: target, count: values.count)
    } else {
      try record.device.scale(values.region, by: scale, to: target, count: values.count)
    }
  }

  private func measureHeldOut(after step: Int) throws {
    guard let heldOut, run.heldOut.last?.step != step else { return }
    setTraining(false)
    defer { setTraining(true) }
    run.heldOut.append((step, try Evaluation.loss(model, heldOut).mean))
  }

  private var state: TrainingState {
    TrainingState(model: model, learned: objective.learned, optimizer: optimizer)
  }

  /// Where the next step begins in the data. The order follows from the seed and the epoch alone.
  private var position: JSON {
    let windows = run.loss.count * run.settings.accumulate * run.settings.batch
    return [
      "windows": .int(windows), "epoch": .int(windows / tokens.count),
      "place": .int(windows % tokens.count), "seed": .int(run.settings.seed),
    ]
  }
}
