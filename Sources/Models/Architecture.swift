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
  /// The rotary position embedding, nil where positions are learned.
  public var rope: Rope?
  /// Positions that have a learned vector, nil where they are rotary.
  public var positions: Int?
  /// How many of the latest positions attention sees, nil for all.
  public var window: Int?
  /// Layers that see all positions in spite of the window.
  public var wholeLayers: Set<Int> = []

  /// The size of one axis of a weight.
  package func size(of axis: WeightAxis) -> Int {
    switch axis {
    case .vocab: vocab
    case .positions: positions ?? 0
    case .hidden: hidden
    case .ffn: ffn
    case .heads, .headOutputs: heads * headDim
    case .kvHeads: kvHeads * headDim
    case .fusedHeads: 3 * heads * headDim
    case .headDim: headDim
    }
  }

  /// How many of the latest positions a layer's attention sees, nil for all.
  package func window(ofLayer layer: Int) -> Int? { wholeLayers.contains(layer) ? nil : window }

  /// Query heads that share a key-value head.
  package var headsPerGroup: Int { heads / kvHeads }
}

/// What an axis of a weight runs over: it says how the weight shrinks when a model is pruned. The
/// axis of a bias is that of what it is added to.
package enum WeightAxis: Sendable, Equatable {
  /// Ids of the vocabulary.
  case vocab
  /// Positions that have a learned vector.
  case positions
  /// Channels of the residual stream.
  case hidden
  /// Neurons.
  case ffn
  /// What makes the queries of query heads, headDim elements each.
  case heads
  /// What makes the keys or values of key-value heads, headDim elements each.
  case kvHeads
  /// What makes queries, keys and values of heads that each have their own: all queries, then all
  /// keys, then all values.
  case fusedHeads
  /// What reads the outputs of query heads, headDim elements each.
  case headOutputs
  /// The elements of one head: never cut.
  case headDim
}

/// A weight that a model of some architecture has: its name in the checkpoint and its axes,
/// outermost first.
package struct WeightShape: Sendable, Equatable {
  package let name: String
  package let axes: [WeightAxis]
  /// The layer it belongs to, nil for the embeddings, the final norm and the head.
  package let layer: Int?
  /// The name inside the layer, or the whole name.
  package let role: String
  /// What the names of layers' weights begin with, before the layer's number.
  private let stem: String

  /// - Parameter stem: what the names of layers' weights begin with, before the layer's number.
  init(
    _ role: String, _ axes: [WeightAxis], layer: Int? = nil, stem: String = WeightNames.llama.layers
  ) {
    self.role = role
    self.axes = axes
    self.layer = layer
    self.stem = stem
    name = layer.map { "\(stem).\($0).\(role)" } ?? role
  }

  /// The sizes in a model of this architecture.
  package func sizes(in architecture: Architecture) -> [Int] {
    axes.map(architecture.size)
  }

  /// The name of the same weight in another layer; its own name where it belongs to none.
  package func name(inLayer other: Int) -> String {
    layer == nil ? name : "\(stem).\(other).\(role)"
  }

  /// Whether it is an embedding of tokens or positions, or the head.
  package var isEmbedding: Bool { axes.contains(.vocab) || axes.contains(.positions) }
}

/// The names that a family's checkpoints have for what stands outside the layers, and for the
/// layers.
package struct WeightNames: Sendable {
  /// What the names of layers' weights begin with, before the layer's number.
  package let layers: String
  /// The embedding of tokens, [vocab, hidden].
  package let embedding: String
  /// The head, [vocab, hidden], where it is not the embedding.
  package let head: String

  /// Llama's names, which most families share.
  static let llama = WeightNames(
    layers: "model.layers", embedding: "model.embed_tokens.weight", head: "lm_head.weight")
}
