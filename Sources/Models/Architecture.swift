/// The sizes and constants of a decoder-only transformer.
public struct Architecture: Sendable, Equatable {
  /// Layers.
  public var layers: Int
  /// Channels of the residual stream.
  public var hidden: Int
  /// Query heads of a layer.
  public var heads: Int
  /// Key-value heads of a layer; `heads` is a multiple of it.
  public var kvHeads: Int
  /// Elements of a head; heads · headDim need not be `hidden`.
  public var headDim: Int
  /// Neurons of a layer's MLP.
  public var ffn: Int
  /// Ids of the vocabulary.
  public var vocab: Int
  /// Whether the head is the embedding.
  public var isTied: Bool
  /// What norms add to the mean square.
  public var normEpsilon: Double
  /// The rotary position embedding.
  public var rope: Rope
  /// How many of the latest positions attention sees, nil for all.
  public var window: Int?

  /// The size of one axis of a weight.
  package func size(of axis: WeightAxis) -> Int {
    switch axis {
    case .vocab: vocab
    case .hidden: hidden
    case .ffn: ffn
    case .heads: heads * headDim
    case .kvHeads: kvHeads * headDim
    }
  }

  /// Query heads that share a key-value head.
  package var headsPerGroup: Int { heads / kvHeads }
}

/// What an axis of a weight runs over: it says how the weight shrinks when a model is pruned.
package enum WeightAxis: Sendable, Equatable {
  /// Ids of the vocabulary.
  case vocab
  /// Channels of the residual stream.
  case hidden
  /// Neurons.
  case ffn
  /// Query heads, headDim elements each.
  case heads
  /// Key-value heads, headDim elements each.
  case kvHeads
}

/// A weight that a model of some architecture has: its name in the checkpoint and its axes, outermost
/// first.
package struct WeightShape: Sendable, Equatable {
  package let name: String
  package let axes: [WeightAxis]
  /// The layer it belongs to, nil for the embedding, the final norm and the head.
  package let layer: Int?
  /// The name inside the layer, or the whole name.
  package let role: String

  init(_ role: String, _ axes: [WeightAxis], layer: Int? = nil) {
    self.role = role
    self.axes = axes
    self.layer = layer
    name = layer.map { "model.layers.\($0).\(role)" } ?? role
  }

  /// The sizes in a model of this architecture.
  package func sizes(in architecture: Architecture) -> [Int] {
    axes.map(architecture.size)
  }
}
