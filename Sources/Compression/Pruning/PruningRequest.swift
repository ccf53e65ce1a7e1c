import Models

/// What a user asks to keep or drop; nil leaves an axis whole.
public struct PruningRequest: Sendable, Equatable {
  /// Channels of the residual stream that stay.
  public var hidden: Size?
  /// Neurons of a layer that stay.
  public var ffn: Size?
  /// Heads of a layer that stay.
  public var heads: Size?
  /// Layers that stay: a contiguous block is dropped.
  public var layers: Size?
  /// The layers to drop, in place of `layers`.
  public var drop: [Int]?

  /// A request; what is left out stays whole.
  public init(
    hidden: Size? = nil, ffn: Size? = nil, heads: Size? = nil, layers: Size? = nil,
    drop: [Int]? = nil
  ) {
    self.hidden = hidden
    self.ffn = ffn
    self.heads = heads
    self.layers = layers
    self.drop = drop
  }

  /// Whether nothing is asked for.
  public var isEmpty: Bool { self == PruningRequest() }

  /// The units that stay in a model, by rank: heads inside their key-value group, neurons inside
  /// their layer, one ranking of the channels, layers as a block, chosen by `depth` where it is
  /// given.
  /// - Throws: `CompressionError` for sizes that are not possible, or scores that are missing or of
  ///   another model.
  func selection(
    in sizes: Architecture, by importance: Importance?, depth: DepthImportance? = nil
  ) throws -> Selection {
    var selection = Selection(all: sizes)
    func scores(_ axis: ImportanceAxis, for name: String) throws -> Scores {
      guard let importance else {
        throw CompressionError.invalid(
          "\(name)= chooses by rank and needs scores: give importance(model, tokens)")
      }
      return try importance.scores(axis, for: sizes)
    }
    let wanted = try architecture(from: sizes)
    if hidden != nil {
      let found = try scores(.channels, for: "hidden")
      selection.channels = highest(wanted.hidden, of: found.values)
    }
    if ffn != nil {
      let found = try scores(.neurons, for: "ffn")
      selection.neurons = (0..<sizes.layers).map { highest(wanted.ffn, of: found.row($0)) }
    }
    if heads != nil {
      let groups = sizes.rankedGroups
      let found = try scores(.heads, for: "heads")
      selection.heads = (0..<sizes.layers).map { layer in
        Self.heads(wanted.heads / groups, inEachOf: groups, by: Array(found.row(layer)))
      }
    }
    try selectLayers(&selection, sizes, depth) { try scores(.layers, for: "layers").values }
    return selection
  }

  private static func heads(_ count: Int, inEachOf groups: Int, by scores: [Double]) -> [Int] {
    let size = scores.count / groups
    return (0..<groups).flatMap { group in
      highest(count, of: scores[group * size..<(group + 1) * size]).map { group * size + $0 }
    }
  }

  private func selectLayers(
    _ selection: inout Selection, _ sizes: Architecture, _ depth: DepthImportance?,
    _ scores: () throws -> [Double]
  ) throws {
    if depth != nil, layers == nil {
      throw CompressionError.invalid("depth= chooses which block goes and needs layers=, a size")
    }
    let length = try droppedLayers(of: sizes.layers)
    guard length > 0 else { return }
    func start() throws -> Int {
      try depth?.dropStart(length: length) ?? cheapestBlock(of: length, in: try scores())
    }
    let block = try drop == nil ? start() : 0
    let dropped = Set(drop ?? Array(block..<block + length))
    selection.layers.removeAll { dropped.contains($0) }
  }

  /// How many layers go.
  private func droppedLayers(of all: Int) throws -> Int {
    guard let drop else { return all - (try layers?.resolved(of: all, name: "layers") ?? all) }
    guard layers == nil else {
      throw CompressionError.invalid("give layers= or drop=, not both")
    }
    for layer in drop where layer < 0 || layer >= all {
      throw CompressionError.invalid(
        "drop: layer \(layer) is outside the model's \(all) layers")
    }
    let dropped = Set(drop).count
    guard dropped < all else {
      throw CompressionError.invalid("drop: at least one of the \(all) layers must stay")
    }
    return dropped
  }
}

extension PruningRequest {
  /// The sizes of what stays, by counting alone.
  /// - Throws: `CompressionError` for sizes that are not possible.
  func architecture(from sizes: Architecture) throws -> Architecture {
    var result = sizes
    result.hidden = try hidden?.resolved(of: sizes.hidden, name: "hidden") ?? sizes.hidden
    result.ffn = try ffn?.resolved(of: sizes.ffn, name: "ffn") ?? sizes.ffn
    result.heads =
      try heads?.resolvedHeads(of: sizes.heads, groups: sizes.rankedGroups) ?? sizes.heads
    if sizes.isMultiHead { result.kvHeads = result.heads }
    result.layers -= try droppedLayers(of: sizes.layers)
    return result
  }
}

extension Importance {
  /// The scores of an axis, for ranking the units of a model.
  /// - Throws: `CompressionError` where they are of a model of other sizes.
  func scores(_ axis: ImportanceAxis, for sizes: Architecture) throws -> Scores {
    try requireShape(of: axis, for: sizes)
    return scores(axis)
  }

  /// Refuses a model whose scores have another shape.
  func requireShape(of axis: ImportanceAxis, for sizes: Architecture) throws {
    let (found, wanted) = (Scores.shape(axis, in: architecture), Scores.shape(axis, in: sizes))
    guard found == wanted else {
      throw CompressionError.invalid(
        "the scores are of \(modelName), whose \(axis.rawValue) have shape \(found), not "
          + "\(wanted): score this model")
    }
  }
}

extension Scores {
  /// The shape that an axis's scores have in a model.
  static func shape(_ axis: ImportanceAxis, in sizes: Architecture) -> [Int] {
    switch axis {
    case .heads: [sizes.layers, sizes.heads]
    case .neurons: [sizes.layers, sizes.ffn]
    case .channels: [sizes.hidden]
    case .layers: [sizes.layers]
    }
  }
}

extension Architecture {
  /// Whether every query head has keys and values of its own, so that it goes with them.
  package var isMultiHead: Bool { kvHeads == heads }

  /// The groups inside which heads are ranked: those that share keys and values, or all heads.
  var rankedGroups: Int { isMultiHead ? 1 : kvHeads }
}
