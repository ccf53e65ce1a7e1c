import Corpus
import Evaluation
import Kernels
import Models
import Tensors

/// Scores a model on calibration windows in one forward pass, without gradients and without the head.
/// - Throws: `ModelError` for ids outside the vocabulary or scores that are not finite; `Interrupted`.
public func importance(
  _ model: Model, _ tokens: TokenWindows, progress: Progress? = nil
) throws -> Importance {
  let pass = ImportancePass(model, tokens)
  let batchSize = evaluationBatch(length: tokens.length)
  for first in stride(from: 0, to: tokens.count, by: batchSize) {
    let windows = Array(first..<min(first + batchSize, tokens.count))
    try pass.add(windows)
    try progress?(first + windows.count, tokens.count)
  }
  let result = pass.result
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

  var result: Importance {
    var sizes = Array(repeating: 0, count: groupCount)
    for window in 0..<tokens.count { sizes[group(of: window)] += 1 }
    return Importance(
      modelName: model.name, configuration: model.configuration, windows: tokens.count,
      length: tokens.length, groupSizes: sizes, headSums: heads, preSums: pre, postSums: post,
      channelSums: channels, distanceSums: distances.map { $0.map { Float($0) } })
  }

  /// Neighbouring windows share a group: what is close in a text is alike.
  private func group(of window: Int) -> Int { window * groupCount / tokens.count }

  /// The group of a window, and which of the group's windows it is.
  private func place(of window: Int) -> (group: Int, rank: Int) {
    let group = group(of: window)
    let first = (group * tokens.count + groupCount - 1) / groupCount
    return (group, window - first)
  }

  /// Runs some windows through the model: their ids are copied to the device, and what was read there
  /// is copied back at the end, at once.
  func add(_ windows: [Int]) throws {
    let places = windows.map(place)
    let sizes = model.architecture
    let readings = try Readings(of: model, windows: windows.count, length: tokens.length)
    var layerInput: Tensor?
    _ = try model.hidden(tokens.batch(windows, for: model)) { activation, layer, value in
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
    try readings.handOver()
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
