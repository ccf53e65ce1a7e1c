import Models

/// A view of a model with units switched off by rank: what `prune` with the same sizes would cut,
/// and the given units beside.
/// - Throws: as `prune`.
public func mask(
  _ model: Model, _ request: PruningRequest, by importance: Importance? = nil,
  depth: DepthImportance? = nil, units: Mask? = nil
) throws -> Model {
  let sizes = model.architecture
  if let importance { try requireScores(of: importance, for: model) }
  try depth?.require(measured: model)
  let ranked = try request.selection(in: sizes, by: importance, depth: depth).mask(in: sizes)
  return try masked(model, with: units.map(ranked.union) ?? ranked)
}

/// A view of a model with the given units switched off.
/// - Throws: `CompressionError` for units that are not there.
public func mask(
  _ model: Model, heads: [(layer: Int, head: Int)] = [], neurons: [(layer: Int, neuron: Int)] = [],
  channels: [Int] = [], layers: [Int] = []
) throws -> Model {
  try masked(
    model,
    with: units(of: model, heads: heads, neurons: neurons, channels: channels, layers: layers))
}

/// A mask of the given units of a model.
/// - Throws: `CompressionError` for units that are not there.
public func units(
  of model: Model, heads: [(layer: Int, head: Int)] = [],
  neurons: [(layer: Int, neuron: Int)] = [], channels: [Int] = [], layers: [Int] = []
) throws -> Mask {
  let sizes = model.architecture
  var mask = Mask(layers: sizes.layers)
  for (layer, head) in heads {
    try require(layer, below: sizes.layers, "layer")
    try require(head, below: sizes.heads, "head")
    mask.heads[layer].insert(head)
  }
  for (layer, neuron) in neurons {
    try require(layer, below: sizes.layers, "layer")
    try require(neuron, below: sizes.ffn, "neuron")
    mask.neurons[layer].insert(neuron)
  }
  for channel in channels {
    try require(channel, below: sizes.hidden, "channel")
    mask.channels.insert(channel)
  }
  for layer in layers {
    try require(layer, below: sizes.layers, "layer")
    mask.layers.insert(layer)
  }
  return mask
}

/// The view under a mask that, with those before it, leaves something on.
private func masked(_ model: Model, with mask: Mask) throws -> Model {
  let all = model.mask?.union(mask) ?? mask
  let sizes = model.architecture
  guard all.channels.count < sizes.hidden, all.layers.count < sizes.layers else {
    throw CompressionError.invalid("a mask must leave at least one channel and one layer on")
  }
  return try Model(masking: model, with: mask)
}

private func require(_ index: Int, below count: Int, _ unit: String) throws {
  guard index >= 0, index < count else {
    throw CompressionError.invalid("\(unit) \(index) is outside the model's \(count) \(unit)s")
  }
}

/// The model under the last mask, or under all of them.
/// - Throws: `CompressionError` for a model that is not masked.
public func unmask(_ model: Model, all: Bool = false) throws -> Model {
  guard var under = model.unmasked else {
    throw CompressionError.invalid("\(model.name) is not masked")
  }
  while all, let next = under.unmasked { under = next }
  return under
}
