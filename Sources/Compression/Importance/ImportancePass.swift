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

  /// Runs some windows through the model.
  func add(_ windows: [Int]) throws {
    let places = windows.map(place)
    let sizes = model.architecture
    var layerInput: Tensor?
    _ = try model.hidden(tokens.batch(windows, on: model.device)) { activation, layer, value in
      guard let layer else { return }
      switch activation {
      case .input: layerInput = value
      case .heads:
        try self.add(try self.headNorms(value), to: &self.heads, at: layer * sizes.heads, places)
      case .gate: try self.add(value, to: &self.pre, at: layer * sizes.ffn, places)
      case .neurons: try self.add(value, to: &self.post, at: layer * sizes.ffn, places)
      case .attentionNorm:
        try self.add(value, to: &self.channels, at: 2 * layer * sizes.hidden, places)
      case .mlpNorm:
        try self.add(value, to: &self.channels, at: (2 * layer + 1) * sizes.hidden, places)
      case .output:
        if let input = layerInput { try self.addDistances(input, value, layer, places) }
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

  /// Adds every window's aggregations over its positions; value [batch, time, width].
  private func add(
    _ value: Tensor, to sums: inout WindowSums, at offset: Int,
    _ places: [(group: Int, rank: Int)]
  ) throws {
    let (batch, time, width) = (value.shape[0], value.shape[1], value.shape[2])
    let moments = try (0..<3).map { _ in
      try Tensor(uninitialized: [batch, width], on: value.device)
    }
    try value.device.timeMoments(
      value.region, batch: batch, time: time, width: width, absoluteMean: moments[0].region,
      norm: moments[1].region, variance: moments[2].region)
    for (aggregation, moment) in zip([Aggregation.mean, .l2, .var], moments) {
      sums.add(
        try moment.floats(), over: aggregation, width: width, offset: offset, places: places)
    }
  }

  private func addDistances(
    _ input: Tensor, _ output: Tensor, _ layer: Int, _ places: [(group: Int, rank: Int)]
  ) throws {
    let rows = places.count * tokens.length
    let result = try Tensor(uninitialized: [rows], on: input.device)
    try input.device.rowCosines(
      input.region, output.region, rows: rows, width: model.architecture.hidden, to: result.region)
    let values = try result.floats()
    for (window, place) in places.enumerated() {
      let row = values[window * tokens.length..<(window + 1) * tokens.length]
      distances[place.group][layer] += row.reduce(0) { $0 + (1 - Double($1)) }
    }
  }
}
