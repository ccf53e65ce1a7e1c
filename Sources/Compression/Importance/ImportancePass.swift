import Corpus
import Evaluation
import Kernels
import Models
import Tensors

/// Scores a model on calibration windows in one forward pass, without gradients and without the
/// head.
/// - Parameter identity: the model's, where it is known; else its weights are sampled for it.
/// - Throws: `ModelError` for ids outside the vocabulary or scores that are not finite;
///   `Interrupted`.
public func importance(
  _ model: Model, _ tokens: TokenWindows, identity: ModelIdentity? = nil,
  progress: Progress? = nil
) throws -> Importance {
  let identity = try identity ?? ModelIdentity(of: model)
  let pass = ImportancePass(model, tokens)
  let schedule = model.schedule(
    0..<tokens.count, batch: evaluationBatch(length: tokens.length),
    bytes: tokens.length * model.architecture.hidden * 8
      + Readings.bytes(of: model.architecture, length: tokens.length))
  var done = 0
  for batches in schedule {
    let windows = batches.reduce(0) { $0 + $1.count }
    try pass.add(batches) { share in
      let part = done + Int(Double(windows) * share)
      if model.weights.isStreamed, part < done + windows { try progress?(part, tokens.count) }
    }
    done += windows
    try progress?(done, tokens.count)
  }
  let result = pass.result(identity)
  for axis in ImportanceAxis.allCases {
    if let bad = result.scores(axis).values.first(where: { !$0.isFinite }) {
      throw try model.nonFinite("a score of the \(axis.rawValue)", bad)
    }
  }
  return result
}

/// The sums of one forward pass over calibration windows.
private final class ImportancePass {
  private let model: Model
  private let tokens: TokenWindows
  private let groupCount: Int
  private var heads: WindowSums
  private var pre: WindowSums
  private var post: WindowSums
  private var channels: WindowSums
  private var distances: [[Double]]

  init(_ model: Model, _ tokens: TokenWindows) {
    self.model = model
    self.tokens = tokens
    let sizes = model.architecture
    let groups = min(Importance.maximumGroups, tokens.count)
    groupCount = groups
    heads = WindowSums(units: sizes.layers * sizes.heads, groups: groups)
    pre = WindowSums(units: sizes.layers * sizes.ffn, groups: groups)
    post = pre
    channels = WindowSums(units: 2 * sizes.layers * sizes.hidden, groups: groups)
    distances = Array(repeating: Array(repeating: 0, count: sizes.layers), count: groups)
  }

  func result(_ identity: ModelIdentity) -> Importance {
    var sizes = Array(repeating: 0, count: groupCount)
    for window in 0..<tokens.count { sizes[group(of: window)] += 1 }
    return Importance(
      modelName: model.name, configuration: model.configuration, identity: identity,
      scored: ScoredWeights(model.weights), tokens: tokens.identity,
      precision: model.device.precision.rawValue, groupSizes: sizes, headSums: heads, preSums: pre,
      postSums: post, channelSums: channels, distanceSums: distances.map { $0.map { Float($0) } })
  }

  /// Neighbouring windows share a group: what is close in a text is alike.
  private func group(of window: Int) -> Int { window * groupCount / tokens.count }

  /// The group of a window, and which of the group's windows it is.
  private func place(of window: Int) -> (group: Int, rank: Int) {
    let group = group(of: window)
    let first = (group * tokens.count + groupCount - 1) / groupCount
    return (group, window - first)
  }

  /// Runs batches of windows through the model together: their ids are copied to the device, and
  /// what was read of a batch is copied back at the end, at once.
  func add(_ batches: [Range<Int>], afterLayer: (Double) throws -> Void) throws {
    let readings = try batches.map {
      try Readings(of: model, windows: $0.count, length: tokens.length)
    }
    let observers = zip(batches, readings).map { observer($0.map(place), $1) }
    _ = try model.hidden(
      layerByLayer: batches.map { try tokens.batch(Array($0), for: model) }, observers: observers,
      afterLayer: afterLayer)
    for reading in readings { try reading.handOver() }
  }

  /// What reads the activations of one batch.
  private func observer(
    _ places: [(group: Int, rank: Int)], _ readings: Readings
  ) -> ActivationObserver {
    let sizes = model.architecture
    var layerInput: Tensor?
    return { activation, layer, value in
      guard let layer else { return }
      let neurons = layer * sizes.ffn
      let channels = 2 * layer * sizes.hidden
      switch activation {
      case .input: layerInput = value
      case .heads:
        let norms = try self.headNorms(value)
        try readings.takeMoments(of: norms) { self.heads.add($0, $1, layer * sizes.heads, places) }
      case .gate: try readings.takeMoments(of: value) { self.pre.add($0, $1, neurons, places) }
      case .neurons: try readings.takeMoments(of: value) { self.post.add($0, $1, neurons, places) }
      case .attentionNorm:
        try readings.takeMoments(of: value) { self.channels.add($0, $1, channels, places) }
      case .mlpNorm:
        try readings.takeMoments(of: value) {
          self.channels.add($0, $1, channels + sizes.hidden, places)
        }
      case .output:
        if let input = layerInput {
          try readings.takeCosines(of: input, value) { self.addDistances($0, layer, places) }
        }
        layerInput = nil
      case .embedding, .queries, .keys, .values, .attended, .norm: break
      }
    }
  }

  /// The norm of each head's output: [batch, time, heads, headDim] to [batch, time, heads].
  private func headNorms(_ value: Tensor) throws -> Tensor {
    let norms = try Tensor(uninitialized: Array(value.shape.dropLast()), on: value.device)
    try value.device.rowNorms(
      value.region, rows: norms.count, width: value.shape[3], to: norms.region)
    return norms
  }

  /// Adds each window's 1 − cosine of every position; cosines [batch, time].
  private func addDistances(
    _ cosines: ArraySlice<Float>, _ layer: Int, _ places: [(group: Int, rank: Int)]
  ) {
    for (window, place) in places.enumerated() {
      let row = cosines.dropFirst(window * tokens.length).prefix(tokens.length)
      distances[place.group][layer] += row.reduce(0) { $0 + (1 - Double($1)) }
    }
  }
}

extension WindowSums {
  fileprivate mutating func add(
    _ aggregation: Aggregation, _ values: ArraySlice<Float>, _ offset: Int,
    _ places: [(group: Int, rank: Int)]
  ) {
    add(
      values, over: aggregation, width: values.count / places.count, offset: offset,
      places: places)
  }
}
