import Corpus
import Foundation
import Models
import Tensors

/// One model beside the first one of a comparison.
public struct ComparisonRow: Sendable, Equatable {
  /// The model's name.
  public let name: String
  /// Its parameters.
  public let parameters: Int
  /// The bytes of its weights in the type that `save` writes.
  public let bytes: Int
  /// Its mean loss, in nats a token.
  public let loss: Double
  /// exp of the loss.
  public let perplexity: Double
  /// The share of positions whose most likely id is the first model's.
  public let agreement: Double
  /// KL(first ‖ this), the mean over all positions in nats.
  public let kl: Double
}

/// Compares models by size, loss (as `loss` counts it), and how closely they follow the first one
/// at all positions.
/// - Throws: `ModelError` where vocabularies differ; as `loss`.
public func compare(
  _ models: [Model], _ tokens: TokenWindows, progress: Progress? = nil
) throws -> [ComparisonRow] {
  try requireTargets(tokens)
  guard let first = models.first else { return [] }
  for model in models where model.architecture.vocab != first.architecture.vocab {
    throw ModelError.invalid(
      "compare needs one vocabulary: \(first.name) has \(first.architecture.vocab) ids, "
        + "\(model.name) \(model.architecture.vocab)")
  }
  for model in models where model.device !== first.device {
    throw ModelError.invalid(
      "compare needs one device: \(first.name) is on \(first.device.name), \(model.name) on "
        + "\(model.device.name): move one with .to(\"\(first.device.name)\")")
  }
  var sums = models.map { _ in Sums() }
  let batchSize = evaluationBatch(length: tokens.length)
  for start in stride(from: 0, to: tokens.count, by: batchSize) {
    let windows = Array(start..<min(start + batchSize, tokens.count))
    let ids = try tokens.batch(windows, for: first)
    let targets = try tokens.targets(windows, of: ids)
    let reference = VocabularyLoss.Prediction(hidden: try first.hidden(ids), head: try first.head)
    let referenceTop = try VocabularyLoss.topIds(reference).integers()
    for (index, model) in models.enumerated() {
      let prediction =
        index == 0
        ? reference
        : VocabularyLoss.Prediction(hidden: try model.hidden(ids), head: try model.head)
      let losses = try VocabularyLoss.crossEntropies(
        hidden: prediction.hidden, head: prediction.head, targets: targets)
      sums[index].loss += try losses.floats().reduce(0) { $0 + Double($1) }
      guard sums[index].loss.isFinite else {
        throw try model.nonFinite("the loss", sums[index].loss)
      }
      let top = index == 0 ? referenceTop : try VocabularyLoss.topIds(prediction).integers()
      sums[index].agreeing += zip(top, referenceTop).count { $0 == $1 }
      if index > 0 {
        let divergences = try VocabularyLoss.divergences(teacher: reference, student: prediction)
        sums[index].divergence += try divergences.floats().reduce(0) { $0 + Double($1) }
      }
    }
    try progress?(start + windows.count, tokens.count)
  }
  let positions = Double(tokens.count * tokens.length)
  let scored = Double(tokens.counted(0..<tokens.count))
  return zip(models, sums).map { model, sum in
    ComparisonRow(
      name: model.name, parameters: model.parameters, bytes: model.savedBytes,
      loss: sum.loss / scored, perplexity: exp(sum.loss / scored),
      agreement: Double(sum.agreeing) / positions, kl: sum.divergence / positions)
  }
}

private struct Sums {
  var loss = 0.0
  var agreeing = 0
  var divergence = 0.0
}
