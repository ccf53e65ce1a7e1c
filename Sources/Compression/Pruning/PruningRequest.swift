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
  /// their layer, one ranking of the channels, layers as a block.
  /// - Throws: `CompressionError` for sizes that are not possible, or scores that are missing or of
  ///   another model.
  func selection(in sizes: Architecture, by importance: Importance?) throws -> Selection {
    var selection = Selection(all: sizes)
    func scores(_ axis: ImportanceAxis, for name: String) throws -> Scores {
      guard let importance else {
        throw CompressionError.invalid(
          "\(name)= chooses by rank and needs scores: give importance(model, tokens)")
      }
      return try importance.scores(axis, for: sizes)
    }
    if let hidden {
      let count = try hidden.resolved(of: sizes.hidden, name: "hidden")
      selection.channels = highest(count, of: try scores(.channels, for: "hidden").values)
    }
    if let ffn {
      let count = try ffn.resolved(of: sizes.ffn, name: "ffn")
      let found = try scores(.neurons, for: "ffn")
      selection.neurons = (0..<sizes.layers).map { highest(count, of: found.row($0)) }
    }
    if let heads {
      let groups = sizes.isMultiHead ? 1 : sizes.kvHeads
      let count = try heads.resolvedHeads(of: sizes.heads, groups: groups)
      let found = try scores(.heads, for: "heads")
      selection.heads = (0..<sizes.layers).map { layer in
        Self.heads(count / groups, inEachOf: groups, by: Array(found.row(layer)))
      }
    }
    try selectLayers(&selection, sizes) { try scores(.layers, for: "layers").values }
    return selection
  }

  private static func heads(_ count: Int, inEachOf groups: Int, by scores: [Double]) -> [Int] {
    let size = scores.count / groups
    return (0..<groups).flatMap { group in
      highest(count, of: scores[group * size..<(group + 1) * size]).map { group * size + $0 }
    }
  }

  private func selectLayers(
    _ selection: inout Selection, _ sizes: Architecture, _ scores: () throws -> [Double]
  ) throws {
    var dropped = Set<Int>()
    if let drop {
      guard layers == nil else {
        throw CompressionError.invalid("give layers= or drop=, not both")
      }
      for layer in drop where layer < 0 || layer >= sizes.layers {
        throw CompressionError.invalid(
          "drop: layer \(layer) is outside the model's \(sizes.layers) layers")
      }
      dropped = Set(drop)
      guard dropped.count < sizes.layers else {
        throw CompressionError.invalid("drop: at least one of the \(sizes.layers) layers must stay")
      }
    } else if let layers {
      let length = sizes.layers - (try layers.resolved(of: sizes.layers, name: "layers"))
      if length > 0 {
        let start = cheapestBlock(of: length, in: try scores())
        dropped = Set(start..<start + length)
      }
    }
    selection.layers.removeAll { dropped.contains($0) }
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
}
