import Models

/// The weights that scores were measured on, for as long as anybody holds them.
///
/// Sendable, for they are compared and never used.
struct ScoredWeights: @unchecked Sendable {
  private final class Box {
    weak var weights: Weights?
    init(_ weights: Weights?) { self.weights = weights }
  }

  private let box: Box

  init(_ weights: Weights?) { box = Box(weights) }

  /// Whether these are the very weights, edited since or not.
  func are(_ other: Weights) -> Bool { box.weights === other }
}

/// Refuses scores of another model. The very weights that were scored in this session pass, though
/// they were edited or trained since; others must be equal to those that were scored.
/// - Throws: `CompressionError` with both names; what the device throws.
package func requireScores(of importance: Importance, for model: Model) throws {
  if importance.scored.are(model.weights) { return }
  try requireScores(of: importance, for: model.architecture) { try ModelIdentity(of: model) }
}

extension Importance {
  /// What to say of scores that are of a model's very weights, which were edited or trained since:
  /// a sentence; nil where there is nothing to say.
  /// - Throws: what the device throws.
  public func staleness(for model: Model) throws -> String? {
    guard scored.are(model.weights), let identity, try ModelIdentity(of: model) != identity else {
      return nil
    }
    return
      "the weights of \(model.name) changed since they were scored; importance(...) scores them "
      + "anew"
  }
}

/// Refuses scores of another model than one whose weights stay on disk.
/// - Throws: as for a model; `CheckpointError`.
func requireScores(of importance: Importance, for model: StoredModel) throws {
  try requireScores(of: importance, for: model.configuration.architecture) {
    try ModelIdentity(of: model)
  }
}

private func requireScores(
  of importance: Importance, for sizes: Architecture, _ identify: () throws -> ModelIdentity
) throws {
  for axis in ImportanceAxis.allCases { try importance.requireShape(of: axis, for: sizes) }
  guard let identity = importance.identity else { return }
  let own = try identify()
  guard own != identity else { return }
  guard identity.name != own.name else {
    throw CompressionError.invalid(
      "the scores are of another \(identity.name), whose weights are not those of this one "
        + "(fingerprints \(identity.fingerprint) and \(own.fingerprint)): score this model")
  }
  throw CompressionError.invalid(
    "the scores are of \(identity.name), not of \(own.name): score this model")
}
