import Kernels
import Tensors

/// Units of a model that are switched off; the weights stay whole.
public struct Mask: Sendable, Equatable {
  /// Heads switched off, a set for each layer.
  public var heads: [Set<Int>]
  /// Neurons switched off, a set for each layer.
  public var neurons: [Set<Int>]
  /// Channels of the residual stream switched off everywhere.
  public var channels: Set<Int> = []
  /// Layers that are skipped.
  public var layers: Set<Int> = []

  /// A mask that switches nothing off.
  public init(layers count: Int) {
    heads = Array(repeating: [], count: count)
    neurons = Array(repeating: [], count: count)
  }

  /// Everything that this mask or the other switches off.
  public func union(_ other: Mask) -> Mask {
    var result = self
    for layer in heads.indices {
      result.heads[layer].formUnion(other.heads[layer])
      result.neurons[layer].formUnion(other.neurons[layer])
    }
    result.channels.formUnion(other.channels)
    result.layers.formUnion(other.layers)
    return result
  }
}

/// What a mask acts on.
enum MaskedUnits {
  case heads, neurons, channels
}

/// A mask as factors of 0 and 1 on a device.
final class MaskFactors {
  /// Factors [heads · headDim] of each layer, nil where all its heads are on.
  let heads: [Tensor?]
  /// Factors [ffn] of each layer, nil where all its neurons are on.
  let neurons: [Tensor?]
  /// Factors [hidden], nil where all channels are on.
  let channels: Tensor?

  init(_ mask: Mask, _ sizes: Architecture, on device: any Device) throws {
    func factors(_ off: Set<Int>, count: Int, width: Int = 1) throws -> Tensor? {
      if off.isEmpty { return nil }
      let values = (0..<count * width).map { off.contains($0 / width) ? Float(0) : 1 }
      return try Tensor(values, shape: [count * width], on: device)
    }
    heads = try mask.heads.map { try factors($0, count: sizes.heads, width: sizes.headDim) }
    neurons = try mask.neurons.map { try factors($0, count: sizes.ffn) }
    channels = try factors(mask.channels, count: sizes.hidden)
  }
}
