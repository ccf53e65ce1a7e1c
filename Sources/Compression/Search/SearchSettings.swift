import Models

/// What an architecture search is asked to do.
public struct SearchSettings: Sendable, Equatable {
  /// All parameters that the student may have, as a count or a fraction of the teacher's.
  public var parameters: Size
  /// How far from that a shape may be, as a share of it.
  public var tolerance = 0.05
  /// The shapes to try.
  public var grid = SearchGrid()
  /// Updates of the short distillation, 0 for none.
  public var steps = 0
  /// How many of the best shapes are distilled.
  public var top = 8
  /// Windows of one update.
  public var batch = 8
  /// The peak learning rate of the distillation.
  public var learningRate = 1e-4
  /// The seed of the distillation.
  public var seed = 0

  /// Settings with the defaults of the catalogue.
  public init(parameters: Size) {
    self.parameters = parameters
  }

  /// What each distillation is asked to do: a cosine to a tenth of the peak, measured five times.
  var training: TrainingSettings {
    var training = TrainingSettings(steps: steps)
    training.batch = batch
    training.learningRate = learningRate
    training.minimumRate = learningRate / 10
    training.every = max(1, steps / 4)
    training.seed = seed
    return training
  }

  /// Refuses settings that mean nothing, before any work.
  /// - Throws: `CompressionError` naming the setting.
  func check(windows: Int) throws {
    func require(_ holds: Bool, _ text: String) throws {
      if !holds { throw CompressionError.invalid(text) }
    }
    try require(
      tolerance >= 0 && tolerance <= 1, "tolerance must be between 0 and 1, not \(tolerance)")
    try require(steps >= 0, "steps must be at least 0, not \(steps)")
    try require(top >= 1, "top must be at least 1, not \(top)")
    if steps > 0 { try training.check(windows: windows) }
  }
}
