import Corpus
import Evaluation
import Foundation
import Kernels
import Models
import Tensors

/// Measures what contiguous blocks of layers contribute, by skipping each (arXiv 2407.14679,
/// section 2.2, and 2408.11796) or by the cosine across it.
///
/// No layer is computed twice for the same input: the residual stream before every layer is kept
/// for a batch, and each block's skipping goes on from there. For blocks of n out of L layers a
/// batch takes L + Σ (L − n − start) layers; for the influence L.
/// - Throws: `CompressionError` for a model with skipped layers or a block length that is not
///   possible; as `loss`; `Interrupted`.
public func layerImportance(
  _ model: Model, _ tokens: TokenWindows, metric: DepthMetric = .loss,
  blocks: DepthBlocks = .length(1), progress: Evaluation.Progress? = nil
) throws -> DepthImportance {
  let layers = model.architecture.layers
  try requireEveryLayer(of: model)
  let lengths = try lengths(blocks, of: layers)
  if metric != .influence { try requireTargets(tokens) }
  let identity = try ModelIdentity(of: model)
  let pass = DepthPass(model, tokens, metric, lengths)
  let all = tokens.count
  var done = 0
  for batches in pass.schedule {
    let windows = batches.reduce(0) { $0 + $1.count }
    try pass.add(batches) { share in
      try progress?(min(done + Int(Double(windows) * share), done + windows - 1), all)
    }
    done += windows
    try progress?(done, all)
  }
  return DepthImportance(
    metric: metric, blocks: blocks, layers: layers, identity: identity,
    scored: ScoredWeights(model.weights), values: try pass.values(layout: blocks))
}

private func requireEveryLayer(of model: Model) throws {
  guard let skipped = model.mask?.layers.min() else { return }
  throw CompressionError.invalid(
    "layer_importance skips layers by itself, and layer \(skipped) of \(model.name) is switched off "
      + "already: prune(model) makes a model without it, unmask(model) is the one with it")
}

private func lengths(_ blocks: DepthBlocks, of layers: Int) throws -> ClosedRange<Int> {
  guard case .length(let length) = blocks else { return 1...layers }
  guard (1...layers).contains(length) else {
    throw CompressionError.invalid(
      "block=\(length) is not possible: the model has \(layers) layers")
  }
  return length...length
}

/// A contiguous block of layers.
private struct Block: Hashable {
  let start: Int
  let length: Int
  var end: Int { start + length }
}

/// The sums of a measurement over windows.
private final class DepthPass {
  private let model: Model
  private let tokens: TokenWindows
  private let metric: DepthMetric
  private let longest: Int
  /// The blocks by the layer after their end.
  private let blocksByEnd: [Int: [Block]]
  /// The windows' mean losses summed up, whole and without each block.
  private var wholeLoss = 0.0
  private var losses: [Block: Double] = [:]
  /// 1 − cosine across each block, summed over positions.
  private var distances: [Block: Double] = [:]

  init(
    _ model: Model, _ tokens: TokenWindows, _ metric: DepthMetric, _ lengths: ClosedRange<Int>
  ) {
    self.model = model
    self.tokens = tokens
    self.metric = metric
    longest = lengths.upperBound
    let layers = model.architecture.layers
    let blocks = lengths.flatMap { length in
      (0...layers - length).map { Block(start: $0, length: length) }
    }
    blocksByEnd = Dictionary(grouping: blocks, by: \.end)
  }

  /// Residual streams that a batch holds at most may take this much, whatever the machine has: the
  /// same batches on every machine give the same sums.
  private static let budget = 1 << 30

  /// The windows in batches, and the batches that go through the model together.
  var schedule: [[Range<Int>]] {
    let kept = longest + 1 + (metric == .influence ? 0 : blocksByEnd.values.joined().count)
    let bytes = (kept + 4) * tokens.length * model.architecture.hidden * ElementType.f32.size
    let size = min(evaluationBatch(length: tokens.length), max(1, Self.budget / max(1, bytes)))
    return model.schedule(0..<tokens.count, batch: size, bytes: bytes)
  }

  private var layerEvaluations: Int {
    let layers = model.architecture.layers
    let skipping = metric == .influence ? [] : Array(blocksByEnd.values.joined())
    return skipping.reduce(layers) { $0 + layers - $1.end }
  }

  /// Takes batches through the model together, layer by layer, and with them what goes on from each
  /// block's start after its end.
  func add(_ batches: [Range<Int>], afterLayer: (Double) throws -> Void) throws {
    let ids = try batches.map { try tokens.batch(Array($0), for: model) }
    let passes = try ids.map { try ForwardPass(model, batch: $0.batch, time: $0.time) }
    var states = try zip(passes, ids).map { try $0.embed($1) }
    var inputs: [Int: [Tensor]] = [:]
    var skipping: [(block: Block, states: [Tensor])] = []
    var evaluations = 0
    for layer in 0..<model.architecture.layers {
      inputs[layer] = states
      states = try zip(passes, states).map { try $0.layer(layer, $1) }
      for index in skipping.indices {
        skipping[index].states = try zip(passes, skipping[index].states).map {
          try $0.layer(layer, $1)
        }
      }
      model.weights.releaseLayers()
      evaluations += 1 + skipping.count
      for block in blocksByEnd[layer + 1] ?? [] {
        guard let before = inputs[block.start] else { continue }
        if metric == .influence {
          distances[block, default: 0] += try distance(before, states)
        } else {
          skipping.append((block, before))
        }
      }
      inputs[layer + 1 - longest] = nil
      try afterLayer(Double(evaluations) / Double(layerEvaluations))
    }
    guard metric != .influence else { return }
    func summedLoss(_ states: [Tensor]) throws -> Double {
      try zip(batches, ids).enumerated().reduce(0) { sum, batch in
        let hidden = try passes[batch.offset].finish(states[batch.offset])
        return sum + (try loss(hidden, batch.element.1, Array(batch.element.0)))
      }
    }
    wholeLoss += try summedLoss(states)
    for (block, states) in skipping { losses[block, default: 0] += try summedLoss(states) }
  }

  /// The sum of the losses of all counted positions of some windows.
  private func loss(_ hidden: Tensor, _ ids: TokenIDs, _ windows: [Int]) throws -> Double {
    let means = try windowLosses(hidden, model.head, ids, tokens, windows)
    return zip(means, windows).reduce(0) { $0 + $1.0 * Double(tokens.counted($1.1)) }
  }

  /// The sum of 1 − cosine over all positions.
  private func distance(_ before: [Tensor], _ after: [Tensor]) throws -> Double {
    var sum = 0.0
    for (x, y) in zip(before, after) {
      let cosines = try Tensor(uninitialized: Array(x.shape.dropLast()), on: x.device)
      try x.device.rowCosines(
        x.region, y.region, rows: cosines.count, width: x.shape[2], to: cosines.region)
      sum += try cosines.floats().reduce(0) { $0 + (1 - Double($1)) }
    }
    return sum
  }

  /// The measured values, laid out as `DepthImportance` says.
  /// - Throws: `ModelError` for one that is not finite.
  func values(layout: DepthBlocks) throws -> [Double] {
    let layers = model.architecture.layers
    let count = Double(tokens.counted(0..<tokens.count))
    let positions = Double(tokens.count * tokens.length)
    func value(_ block: Block) throws -> Double {
      let found: Double
      switch metric {
      case .loss: found = ((losses[block] ?? .nan) - wholeLoss) / count
      case .perplexity: found = exp((losses[block] ?? .nan) / count) - exp(wholeLoss / count)
      case .influence: found = (distances[block] ?? .nan) / positions
      }
      guard found.isFinite else {
        throw try model.nonFinite(
          "the \(metric.rawValue) of layers \(block.start) to \(block.end - 1)", found)
      }
      return found
    }
    if case .length(let length) = layout {
      return try (0...layers - length).map { try value(Block(start: $0, length: length)) }
    }
    return try (0..<layers).flatMap { start in
      try (1...layers).map { length in
        start + length > layers ? .nan : try value(Block(start: start, length: length))
      }
    }
  }
}
