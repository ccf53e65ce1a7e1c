import JSONFormat

/// The record of a training run, filled as it goes.
public final class Run {
  /// What the run was asked to do.
  public let settings: TrainingSettings
  /// What was minimized: `"kl"`, `"cross_entropy"`, or another loss's name.
  public let objective: String
  /// The divisor of logits in a distillation.
  public let temperature: Double
  /// The settings of the loss and of the trainer, under the names of the catalogue.
  package internal(set) var configuration = JSONObject()
  /// The loss of each step, measured before its update, in nats a token.
  public internal(set) var loss: [Double] = []
  /// The names of the loss's terms; empty where it is one alone.
  public let termNames: [String]
  /// Each step's value of every term before its weight, by name; empty where the loss is one alone.
  public internal(set) var terms: [String: [Double]] = [:]
  /// The learning rate of each step.
  public internal(set) var learningRate: [Double] = []
  /// The global norm of each step's gradient before clipping.
  public internal(set) var gradientNorm: [Double] = []
  /// Held-out language-modelling losses with the number of updates before each.
  public internal(set) var heldOut: [(step: Int, loss: Double)] = []
  /// Token positions trained on.
  public internal(set) var tokens = 0
  /// Wall-clock time of the steps, held-out losses left out.
  public internal(set) var seconds = 0.0

  init(
    settings: TrainingSettings, objective: String, temperature: Double, termNames: [String] = []
  ) {
    self.settings = settings
    self.objective = objective
    self.temperature = temperature
    self.termNames = termNames
  }

  /// Adds a step's terms, in the order of their names.
  func append(terms values: [Double]) {
    for (name, value) in zip(termNames, values) { terms[name, default: []].append(value) }
  }

  /// Throughput over all steps.
  public var tokensPerSecond: Double { seconds > 0 ? Double(tokens) / seconds : 0 }
}
