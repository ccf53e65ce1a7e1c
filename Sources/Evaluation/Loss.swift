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
  /// How many positions were scored: length − 1 of each window, or those of them whose id is
  /// learnt.
  public let tokens: Int

  /// A loss that was measured before.
  package init(mean: Double, stderr: Double, tokens: Int) {
    self.mean = mean
    self.stderr = stderr
    self.tokens = tokens
  }

  /// exp of the mean.
  public var perplexity: Double { exp(mean) }
}

/// How far work has come: done and all, in the same unit.
public typealias Progress = (_ done: Int, _ all: Int) throws -> Void

/// Windows that go through a model at a time: enough tokens to keep products large, few enough to
/// keep activations small.
package func evaluationBatch(length: Int) -> Int { max(1, 2048 / max(length, 1)) }

/// The loss of a model on windows; positions 1 to length − 1 of each are scored, where the windows
/// say what is learnt those alone.
/// - Throws: `CorpusError` for windows of one id; `ModelError` for ids outside the vocabulary or a
///   loss that is not finite.
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
    for ((windows, ids), hidden) in zip(zip(part, batches), states) {
      means += try windowLosses(hidden, model.head, ids, tokens, Array(windows))
    }
    if let bad = means.last(where: { !$0.isFinite }) {
      throw try model.nonFinite("the loss", bad)
    }
    try progress?(means.count, all)
  }
  guard tokens.learnt != nil else {
    return LossSummary(windowMeans: means, tokens: tokens.count * (tokens.length - 1))
  }
  return LossSummary(windowMeans: means, counted: (0..<tokens.count).map { tokens.counted($0) })
}

/// The mean loss of each window of a batch over its counted targets, in nats a token, of its hidden
/// states after the final norm.
/// - Throws: what the device throws.
package func windowLosses(
  _ hidden: Tensor, _ head: Tensor, _ ids: TokenIDs, _ tokens: TokenWindows, _ windows: [Int]
) throws -> [Double] {
  let losses = try VocabularyLoss.crossEntropies(
    hidden: hidden, head: head, targets: tokens.targets(windows, of: ids)
  ).floats()
  return windows.enumerated().map { place, window in
    // A position whose target does not count has a loss of 0.
    let row = losses[place * ids.time..<(place + 1) * ids.time - 1]
    return row.reduce(0) { $0 + Double($1) } / Double(tokens.counted(window))
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

  /// The summary of windows by their means and by how many positions of each were scored: the mean
  /// is over all positions, the error that of the windows' means.
  package init(windowMeans means: [Double], counted: [Int]) {
    let tokens = counted.reduce(0, +)
    let total = zip(means, counted).reduce(0) { $0 + $1.0 * Double($1.1) }
    self.init(
      mean: total / Double(tokens), stderr: LossSummary(windowMeans: means, tokens: tokens).stderr,
      tokens: tokens)
  }
}

/// Refuses windows that leave nothing to predict.
package func requireTargets(_ tokens: TokenWindows) throws {
  guard tokens.length >= 2 else {
    throw CorpusError.invalid("a loss needs windows of at least 2 tokens, not \(tokens.length)")
  }
}
