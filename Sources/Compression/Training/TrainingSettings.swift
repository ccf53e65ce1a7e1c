import Tensors

/// What a training run is asked to do.
public struct TrainingSettings: Sendable, Equatable {
  /// Updates.
  public var steps: Int
  /// Windows of one pass.
  public var batch = 8
  /// Passes whose gradients are averaged for one update.
  public var accumulate = 1
  /// The learning rate after the warm-up.
  public var learningRate = 1e-4
  /// The floor that the rate falls to.
  public var minimumRate = 1e-5
  /// Steps of linear warm-up.
  public var warmup = 0
  /// How the rate falls after the warm-up.
  public var decay = RateDecay.cosine
  /// Decoupled weight decay.
  public var weightDecay = 0.0
  /// Whether weights of one axis (norms, biases) decay too.
  public var decayNorms = true
  /// Decays of the moments.
  public var betas = (0.9, 0.95)
  /// The largest global norm of the gradient, nil for none.
  public var clip: Double? = 1.0
  /// Whether windows come in a new random order each epoch.
  public var shuffle = false
  /// Whether each layer's activations are computed again for the gradients, not kept.
  public var gradientCheckpointing = false
  /// Updates between held-out losses and checkpoints, nil for a tenth of the steps.
  public var every: Int?
  /// The seed of the order.
  public var seed = 0

  /// Settings with the defaults of the catalogue.
  public init(steps: Int) {
    self.steps = steps
  }

  /// Updates between held-out losses and checkpoints.
  var interval: Int { every ?? max(1, steps / 10) }

  var schedule: Schedule {
    Schedule(
      peak: learningRate, floor: minimumRate, warmup: warmup, steps: steps, decay: decay)
  }

  /// The most passes of one update.
  static let mostPasses = 1 << 20

  /// Refuses settings that mean nothing, before any work.
  /// - Throws: `CompressionError` naming the setting.
  package func check(windows: Int) throws {
    func require(_ holds: Bool, _ text: String) throws {
      if !holds { throw CompressionError.invalid(text) }
    }
    try require(steps >= 1, "steps must be at least 1, not \(steps)")
    try require(batch >= 1, "batch must be at least 1, not \(batch)")
    try require(steps <= Int(Int32.max), "steps must be at most \(Int32.max), not \(steps)")
    try require(
      (1...Self.mostPasses).contains(accumulate),
      "accumulate must be between 1 and \(Self.mostPasses), not \(accumulate)")
    try require(
      batch <= windows, "batch=\(batch) is larger than the \(windows) windows there are")
    try require(
      Float(learningRate).isFinite && learningRate > 0,
      "lr must be a positive number, not \(learningRate)"
    )
    try require(
      minimumRate >= 0 && minimumRate <= learningRate,
      "min_lr must be between 0 and lr=\(learningRate), not \(minimumRate)")
    try require(
      warmup >= 0 && warmup <= steps, "warmup must be between 0 and steps=\(steps), not \(warmup)")
    try require(
      weightDecay >= 0 && Float(weightDecay).isFinite,
      "weight_decay must be at least 0, not \(weightDecay)")
    for beta in [betas.0, betas.1] {
      try require(beta >= 0 && Float(beta) < 1, "betas must be in [0, 1), not \(beta)")
    }
    try require(clip.map { $0 > 0 } ?? true, "clip must be positive or None, not \(clip ?? 0)")
    try require(interval >= 1, "every must be at least 1, not \(interval)")
  }

  /// Equality of every setting.
  public static func == (left: TrainingSettings, right: TrainingSettings) -> Bool {
    left.steps == right.steps && left.batch == right.batch && left.accumulate == right.accumulate
      && left.learningRate == right.learningRate && left.minimumRate == right.minimumRate
      && left.warmup == right.warmup && left.decay == right.decay
      && left.weightDecay == right.weightDecay && left.decayNorms == right.decayNorms
      && left.gradientCheckpointing == right.gradientCheckpointing
      && left.betas == right.betas && left.clip == right.clip && left.shuffle == right.shuffle
      && left.every == right.every && left.seed == right.seed
  }
}
