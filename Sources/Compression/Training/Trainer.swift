import Corpus
import Evaluation
import Kernels
import Models
import Tensors

/// Trains a model in place, step by step.
public final class Trainer {
  /// The record, complete up to the last step made.
  public let run: Run
  private let model: Model
  private let objective: any TrainingLoss
  private let tokens: TokenWindows
  private let heldOut: TokenWindows?
  private let optimizer: Optimizer
  /// What a step records, on the device until its end: the loss, the gradient's squared norm, and
  /// the loss's terms where there are several.
  private let record: Tensor
  private var order: WindowOrder

  /// Prepares a run; nothing of the model changes yet.
  /// - Throws: `CompressionError` for settings or models that do not fit; `KernelError.outOfMemory`.
  public init(
    _ model: Model, _ objective: Objective, _ tokens: TokenWindows, heldOut: TokenWindows? = nil,
    settings: TrainingSettings
  ) throws {
    try model.requireUnmasked(for: "training")
    try settings.check(windows: tokens.count)
    self.model = model
    self.objective = try objective.loss(for: model, tokens, seed: settings.seed)
    self.tokens = tokens
    self.heldOut = heldOut
    run = Run(
      settings: settings, objective: objective.name, temperature: objective.temperature,
      termNames: self.objective.termNames)
    if let heldOut { try requireTargets(heldOut) }
    order = WindowOrder(
      count: tokens.count, shuffleSeed: settings.shuffle ? settings.seed : nil)
    record = try Tensor.full([2 + self.objective.termNames.count], 0, on: model.device)
    optimizer = try Optimizer(
      model.weights.all + self.objective.learned.map(\.tensor),
      settings: Optimizer.Settings(
        betas: (Float(settings.betas.0), Float(settings.betas.1)),
        weightDecay: Float(settings.weightDecay), clip: settings.clip.map(Float.init)),
      on: model.device)
  }

  /// Parameters that are trained beside the model's, by name.
  package var learned: [(name: String, tensor: Tensor)] { objective.learned }

  /// Everything that the optimizer moves.
  private var trained: [Tensor] { model.weights.all + objective.learned.map(\.tensor) }

  /// Makes all steps.
  /// - Parameter observe: called after each step with the number of updates made.
  /// - Throws: `ModelError` for a loss that is not finite, before it reaches the weights;
  ///   `Interrupted` between two updates; what the device throws. The run and the model are then as
  ///   the last whole step left them.
  public func train(observe: (_ step: Int) throws -> Void = { _ in }) throws {
    for weight in trained { weight.isTracked = true }
    defer { for weight in trained { weight.isTracked = false } }
    if run.loss.isEmpty { try measureHeldOut(after: 0) }
    let clock = ContinuousClock()
    while run.loss.count < run.settings.steps {
      let start = clock.now
      try makeStep()
      run.seconds += (clock.now - start).inSeconds
      let done = run.loss.count
      try observe(done)
      if done % run.settings.interval == 0 || done == run.settings.steps {
        try measureHeldOut(after: done)
      }
    }
  }

  /// One update. Each pass copies its ids to the device, and the step copies its record back; all
  /// else stays there. The weights change after everything that can fail.
  private func makeStep() throws {
    let settings = run.settings
    let step = run.loss.count
    let rate = settings.schedule.rate(at: step)
    let gradients = try differentiate(step)
    let squaredNorm = record.region.advanced(by: 1)
    if settings.clip != nil { try optimizer.measure(gradients, to: squaredNorm) }
    let recorded = try record.floats().map(Double.init)
    guard recorded[0].isFinite else {
      throw try model.nonFinite("the loss", recorded[0], " at step \(step)")
    }
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
    run.tokens += settings.accumulate * settings.batch * tokens.length
    if settings.clip != nil { run.gradientNorm.append(recorded[1].squareRoot()) }
  }

  /// The gradients of a step's mean loss over all passes; the loss goes to the record.
  private func differentiate(_ step: Int) throws -> Gradients {
    let settings = run.settings
    var gradients = Gradients()
    for pass in 0..<settings.accumulate {
      let first = (step * settings.accumulate + pass) * settings.batch
      let loss = try objective.loss(of: order.windows(from: first, settings.batch))
      let part = 1 / Float(settings.accumulate)
      let share = try loss.total.scaled(by: part)
      try keep(share, scale: 1, at: 0, accumulates: pass > 0)
      if let terms = loss.terms { try keep(terms, scale: part, at: 2, accumulates: pass > 0) }
      gradients = optimizer.gradients(accumulates: pass > 0)
      try gradients.run(from: share)
    }
    return gradients
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
    for weight in trained { weight.isTracked = false }
    defer { for weight in trained { weight.isTracked = true } }
    run.heldOut.append((step, try Evaluation.loss(model, heldOut).mean))
  }
}
