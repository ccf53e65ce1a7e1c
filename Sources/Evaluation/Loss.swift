import Corpus
import Foundation
import Kernels
import Models
import Tensors

/// The language-modelling loss over windows of ids.
public struct LossSummary: Sendable, Equatable {
  /// The mean over all scored positions, in nats a token.
  public let mean: Double
  /// The standard deviation of the windows' means (n − 1) over √n; NaN for a single window.
  public let stderr: Double
  /// How many positions were scored: length − 1 of each window.
  public let tokens: Int

  /// exp of the mean.
  public var perplexity: Double { exp(mean) }
}

/// How far work has come: done and all, in the same unit.
public typealias Progress = (_ done: Int, _ all: Int) throws -> Void

/// Windows that go through a model at a time: enough tokens to keep products large, few enough to
/// keep activations small.
package func evaluationBatch(length: Int) -> Int { max(1, 2048 / max(length, 1)) }

/// The loss of a model on windows; positions 1 to length − 1 of each are scored.
/// - Throws: `CorpusError` for windows of one id; `ModelError` for ids outside the vocabulary or a loss
///   that is not finite.
public func loss(
  _ model: Model, _ tokens: TokenWindows, progress: Progress? = nil
) throws -> LossSummary {
  try requireTargets(tokens)
  var means: [Double] = []
  let all = tokens.count
  let schedule = model.schedule(
    0..<all, batch: evaluationBatch(length: tokens.length),
    bytes: tokens.length * model.architecture.hidden * 8)
  for part in schedule {
    let batches = try part.map { try tokens.batch(Array($0), for: model) }
    let windows = part.reduce(0) { $0 + $1.count }
    let first = means.count
    let states = try model.hidden(layerByLayer: batches) { share in
      let done = first + Int(Double(windows) * share)
      if model.weights.isStreamed, done < first + windows { try progress?(done, all) }
    }
    for (ids, hidden) in zip(batches, states) {
      means += try windowLosses(hidden, model.head, ids)
    }
    if let bad = means.last(where: { !$0.isFinite }) {
      throw try model.nonFinite("the loss", bad)
    }
    try progress?(means.count, all)
  }
  return LossSummary(windowMeans: means, tokens: tokens.count * (tokens.length - 1))
}

/// The mean loss of each window of a batch, in nats a token, of its hidden states after the final norm.
/// - Throws: what the device throws.
package func windowLosses(_ hidden: Tensor, _ head: Tensor, _ ids: TokenIDs) throws -> [Double] {
  let losses = try VocabularyLoss.crossEntropies(
    hidden: hidden, head: head, targets: ids.targets()
  ).floats()
  return (0..<ids.batch).map { window in
    let row = losses[window * ids.time..<(window + 1) * ids.time - 1]
    return row.reduce(0) { $0 + Double($1) } / Double(ids.time - 1)
  }
}

extension LossSummary {
  /// The summary of windows of equal length by their means.
  package init(windowMeans means: [Double], tokens: Int) {
    let count = Double(means.count)
    let mean = means.reduce(0, +) / count
    let squares = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.init(
      mean: mean, stderr: means.count < 2 ? .nan : (squares / (count - 1) / count).squareRoot(),
      tokens: tokens)
  }
}

/// Refuses windows that leave nothing to predict.
package func requireTargets(_ tokens: TokenWindows) throws {
  guard tokens.length >= 2 else {
    throw CorpusError.invalid("a loss needs windows of at least 2 tokens, not \(tokens.length)")
  }
}
