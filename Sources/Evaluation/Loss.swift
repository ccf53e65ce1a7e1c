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
  /// How many positions were scored: length − 1 of each window, or those of them whose id is learnt.
  public let tokens: Int

  /// exp of the mean.
  public var perplexity: Double { exp(mean) }
}

/// How far work has come: done and all, in the same unit.
public typealias Progress = (_ done: Int, _ all: Int) throws -> Void

/// Windows that go through a model at a time: enough tokens to keep products large, few enough to
/// keep activations small.
package func evaluationBatch(length: Int) -> Int { max(1, 2048 / max(length, 1)) }

/// The loss of a model on windows; positions 1 to length − 1 of each are scored, where the windows say
/// what is learnt those alone.
/// - Throws: `CorpusError` for windows of one id; `ModelError` for ids outside the vocabulary or a loss
///   that is not finite.
public func loss(
  _ model: Model, _ tokens: TokenWindows, progress: Progress? = nil
) throws -> LossSummary {
  try requireTargets(tokens)
  var means: [Double] = []
  let batchSize = evaluationBatch(length: tokens.length)
  for first in stride(from: 0, to: tokens.count, by: batchSize) {
    let windows = Array(first..<min(first + batchSize, tokens.count))
    let ids = try tokens.batch(windows, for: model)
    let losses = try VocabularyLoss.crossEntropies(
      hidden: model.hidden(ids), head: model.head, targets: tokens.targets(windows, of: ids))
    let values = try losses.floats()
    for (row, window) in windows.enumerated() {
      // A position whose target does not count has a loss of 0.
      let row = values[row * tokens.length..<(row + 1) * tokens.length - 1]
      means.append(row.reduce(0) { $0 + Double($1) } / Double(tokens.counted(window)))
    }
    if let bad = means.last(where: { !$0.isFinite }) {
      throw try model.nonFinite("the loss", bad)
    }
    try progress?(windows.count + first, tokens.count)
  }
  guard tokens.learnt != nil else {
    return LossSummary(windowMeans: means, tokens: tokens.count * (tokens.length - 1))
  }
  return LossSummary(windowMeans: means, counted: (0..<tokens.count).map { tokens.counted($0) })
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

  /// The summary of windows by their means and by how many positions of each were scored: the mean is
  /// over all positions, the error that of the windows' means.
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
