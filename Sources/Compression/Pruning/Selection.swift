import Models

/// The units of a model that stay, each list in rising order.
struct Selection: Sendable, Equatable {
  /// Heads of every layer of the whole model.
  var heads: [[Int]]
  /// Neurons of every layer of the whole model.
  var neurons: [[Int]]
  /// Channels of the residual stream.
  var channels: [Int]
  /// Layers.
  var layers: [Int]

  /// Everything.
  init(all sizes: Architecture) {
    heads = Array(repeating: Array(0..<sizes.heads), count: sizes.layers)
    neurons = Array(repeating: Array(0..<sizes.ffn), count: sizes.layers)
    channels = Array(0..<sizes.hidden)
    layers = Array(0..<sizes.layers)
  }

  /// What a mask leaves on.
  init(unmaskedBy mask: Mask, in sizes: Architecture) {
    self.init(all: sizes)
    for layer in 0..<sizes.layers {
      heads[layer].removeAll { mask.heads[layer].contains($0) }
      neurons[layer].removeAll { mask.neurons[layer].contains($0) }
    }
    channels.removeAll { mask.channels.contains($0) }
    layers.removeAll { mask.layers.contains($0) }
  }

  /// The mask that switches off what does not stay.
  func mask(in sizes: Architecture) -> Mask {
    var mask = Mask(layers: sizes.layers)
    for layer in 0..<sizes.layers {
      mask.heads[layer] = Set(0..<sizes.heads).subtracting(heads[layer])
      mask.neurons[layer] = Set(0..<sizes.ffn).subtracting(neurons[layer])
    }
    mask.channels = Set(0..<sizes.hidden).subtracting(channels)
    mask.layers = Set(0..<sizes.layers).subtracting(layers)
    return mask
  }

  /// The sizes of the model that stays.
  /// - Throws: `CompressionError` where layers would differ in their sizes, or key-value groups in
  ///   their heads, which no checkpoint can say.
  func architecture(from sizes: Architecture) throws -> Architecture {
    guard let first = layers.first, !channels.isEmpty else {
      throw CompressionError.invalid(
        layers.isEmpty ? "no layer would stay" : "no channel would stay")
    }
    var result = sizes
    result.layers = layers.count
    result.hidden = channels.count
    result.ffn = neurons[first].count
    result.heads = heads[first].count
    for layer in layers {
      try requireEqual("neurons", neurons[layer].count, layer, neurons[first].count, first)
      try requireEqual("heads", heads[layer].count, layer, heads[first].count, first)
      if !sizes.isMultiHead { try requireEqualGroups(layer, sizes) }
    }
    guard result.ffn > 0, result.heads > 0 else {
      throw CompressionError.invalid(
        "no \(result.ffn == 0 ? "neuron" : "head") would stay in layer \(first)")
    }
    if sizes.isMultiHead { result.kvHeads = result.heads }
    return result
  }

  private func requireEqual(
    _ units: String, _ count: Int, _ layer: Int, _ other: Int, _ first: Int
  ) throws {
    guard count == other else {
      throw CompressionError.invalid(
        "layer \(layer) would keep \(count) \(units), but layer \(first) keeps \(other): a pruned "
          + "model has the same number in every layer")
    }
  }

  private func requireEqualGroups(_ layer: Int, _ sizes: Architecture) throws {
    var counts = Array(repeating: 0, count: sizes.kvHeads)
    for head in heads[layer] { counts[head / sizes.headsPerGroup] += 1 }
    guard Set(counts).count == 1 else {
      throw CompressionError.invalid(
        "layer \(layer) would keep \(counts) heads in its key-value groups: every group must keep "
          + "the same number")
    }
  }
}
