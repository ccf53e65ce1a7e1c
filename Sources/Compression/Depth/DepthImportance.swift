import Models

/// How the importance of layers is measured.
public enum DepthMetric: String, Sendable, CaseIterable {
  /// The rise of the loss when they are skipped, in nats a token.
  case loss
  /// The rise of the perplexity when they are skipped.
  case perplexity
  /// 1 − the mean cosine between the residual stream before and after them (block influence).
  case influence
}

/// Which contiguous blocks of layers are measured.
public enum DepthBlocks: Sendable, Equatable {
  /// All blocks of so many layers.
  case length(Int)
  /// All blocks of every length.
  case all
}

/// The importance of contiguous blocks of a model's layers.
public struct DepthImportance: Sendable {
  /// How it was measured, nil where that is not known any more.
  public let metric: DepthMetric?
  /// Which blocks were measured.
  public let blocks: DepthBlocks
  /// The layers of the model.
  public let layers: Int
  /// The measured model, nil where that is not known any more.
  public let identity: ModelIdentity?
  /// The weights that were measured in this session.
  let scored: ScoredWeights
  /// [layers − n + 1] by start for blocks of n layers; for all of them [layers, layers], row start,
  /// column length − 1, NaN past the end.
  public let values: [Double]

  /// The shape of `values`.
  public var shape: [Int] { blocks == .all ? [layers, layers] : [values.count] }

  /// A measurement of which the numbers alone were kept, of a model of so many layers.
  /// - Throws: `CompressionError` for numbers of a shape that no measurement has.
  public init(values: [Double], shape: [Int], layers: Int) throws {
    let isOfOneLength = shape.count == 1 && (1...layers).contains(values.count)
    guard isOfOneLength || shape == [layers, layers] else {
      throw CompressionError.invalid(
        "a depth importance of \(layers) layers has the shape [layers − block + 1] or [\(layers), "
          + "\(layers)], not \(shape)")
    }
    metric = nil
    blocks = isOfOneLength ? .length(layers - values.count + 1) : .all
    self.layers = layers
    identity = nil
    scored = ScoredWeights(nil)
    self.values = values
  }

  init(
    metric: DepthMetric?, blocks: DepthBlocks, layers: Int, identity: ModelIdentity?,
    scored: ScoredWeights, values: [Double]
  ) {
    self.metric = metric
    self.blocks = blocks
    self.layers = layers
    self.identity = identity
    self.scored = scored
    self.values = values
  }

  /// The same measurement with other numbers of the same shape, as a user may edit them.
  /// - Throws: `CompressionError` for another number of values.
  public func with(values: [Double]) throws -> DepthImportance {
    guard values.count == self.values.count else {
      throw CompressionError.invalid(
        "a depth importance of shape \(shape) takes as many values, not \(values.count)")
    }
    return DepthImportance(
      metric: metric, blocks: blocks, layers: layers, identity: identity, scored: scored,
      values: values)
  }

  /// The start of the block of `length` layers that costs least; ties go to the lower start.
  /// - Throws: `CompressionError` where blocks of that length were not measured.
  public func dropStart(length: Int) throws -> Int {
    guard (1...layers).contains(length) else {
      throw CompressionError.invalid(
        "a block of \(length) layers cannot be dropped of \(layers) layers")
    }
    let starts = 0...(layers - length)
    let costs: [Double]
    switch blocks {
    case .length(length): costs = values
    case .all: costs = starts.map { values[$0 * layers + length - 1] }
    case .length(let measured):
      throw CompressionError.invalid(
        "the depth importance is of blocks of \(measured) layers, and \(length) are to be dropped: "
          + "layer_importance(model, tokens, block=\(length)) measures those")
    }
    return cheapestBlock(of: 1, in: costs)
  }

  /// Refuses another model than the one that was measured; the very weights that were pass, though
  /// they were edited or trained since.
  /// - Throws: `CompressionError` with both names; what the device throws.
  package func require(measured model: Model) throws {
    guard identity != nil, !scored.are(model.weights) else { return try require(layers: model) }
    try require(ModelIdentity(of: model))
  }

  /// Refuses another model than the one that was measured.
  /// - Throws: `CompressionError` with both names.
  func require(_ own: ModelIdentity) throws {
    guard let identity, own != identity else { return }
    throw CompressionError.invalid(
      "the layer importance is of \(identity.name) (fingerprint \(identity.fingerprint)), not of "
        + "\(own.name) (\(own.fingerprint)): measure this model")
  }

  private func require(layers model: Model) throws {
    guard model.architecture.layers == layers else {
      throw CompressionError.invalid(
        "the layer importance is of \(layers) layers, and \(model.name) has "
          + "\(model.architecture.layers): measure this model")
    }
  }
}
