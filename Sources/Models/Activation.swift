import Tensors

/// A place in a model whose values can be looked at during a forward pass.
/// B = batch, T = time.
public enum Activation: String, Sendable, CaseIterable {
  /// The embedded ids, [B, T, hidden].
  case embedding
  /// The residual stream before a layer, [B, T, hidden].
  case input
  /// The norm before attention, [B, T, hidden].
  case attentionNorm = "attention_norm"
  /// Queries after rotation (where positions are rotary), [B, T, heads, headDim].
  case queries
  /// Keys after rotation (where positions are rotary), [B, T, kvHeads, headDim].
  case keys
  /// Values, [B, T, kvHeads, headDim].
  case values
  /// What each head gives, before the output projection, [B, T, heads, headDim].
  case heads
  /// The residual stream after attention, [B, T, hidden].
  case attended
  /// The norm before the MLP, [B, T, hidden].
  case mlpNorm = "mlp_norm"
  /// What the activation function is given, [B, T, ffn]: the gate's projection, in an MLP without a
  /// gate the up projection.
  case gate
  /// What enters the down projection, [B, T, ffn].
  case neurons
  /// The residual stream after a layer, [B, T, hidden].
  case output
  /// The final norm, [B, T, hidden].
  case norm

  /// Whether there is one in every layer.
  public var isPerLayer: Bool { self != .embedding && self != .norm }

  /// The full name, `layers.3.heads` or `embedding`.
  public func name(layer: Int?) -> String {
    layer.map { "layers.\($0).\(rawValue)" } ?? rawValue
  }

  /// All names of a model with so many layers, in the order of the pass.
  public static func names(layers: Int) -> [String] {
    let perLayer = allCases.filter(\.isPerLayer)
    return [embedding.rawValue]
      + (0..<layers).flatMap { layer in perLayer.map { $0.name(layer: layer) } }
      + [norm.rawValue]
  }
}

/// Receives activations as a forward pass comes to them: which, its layer, its value.
package typealias ActivationObserver = (Activation, Int?, Tensor) throws -> Void
