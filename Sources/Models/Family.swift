import JSONFormat
import Tensors

/// A family of decoder-only transformers: how its `config.json` reads, which weights it has, and
/// what a layer computes. One file a family, in Families/.
package protocol Family: Sendable {
  /// The `model_type` of its configurations.
  var modelType: String { get }

  /// Its names for what stands outside the layers, and for the layers.
  var names: WeightNames { get }

  /// What checkpoints of the bare model leave off the beginning of names; nil where such are not
  /// read.
  var optionalPrefix: String? { get }

  /// Whether a checkpoint's tensor of this name can be had of the configuration, and is left out.
  func isDerived(_ name: String) -> Bool

  /// The architecture that a configuration describes.
  func architecture(_ config: ConfigReader) throws -> Architecture

  /// The weights of such a model, in the order of the checkpoint; without the head where it is
  /// tied.
  func weights(of architecture: Architecture) -> [WeightShape]

  /// Writes sizes into a configuration, under the keys that it reads.
  func write(_ sizes: Architecture, into config: inout JSONObject)

  /// Makes sure that a configuration about to be saved says all that other readers of it do not
  /// infer.
  func complete(_ config: inout JSONObject, _ architecture: Architecture)

  /// Why a checkpoint of this family cannot hold such a model, a sentence; nil where it can.
  func obstacle(toSaving architecture: Architecture) -> String?

  /// The residual stream before the first layer, [batch, time, hidden], of ids i64 [batch, time].
  func embedding(of ids: Tensor, _ pass: ForwardPass) throws -> Tensor

  /// The residual stream after a layer, from the one before it [batch, time, hidden].
  func layer(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor

  /// The residual stream after the last layer, normed.
  func finalNorm(_ input: Tensor, _ pass: ForwardPass) throws -> Tensor
}

/// All families.
let families: [any Family] = [Llama(), Mistral(), Nemotron(), Qwen2(), Qwen3(), GPT2()]

/// What most families share with Llama.
extension Family {
  package var names: WeightNames { .llama }

  package var optionalPrefix: String? { nil }

  package func isDerived(_ name: String) -> Bool { name.hasSuffix(".rotary_emb.inv_freq") }

  package func write(_ sizes: Architecture, into config: inout JSONObject) {
    config["hidden_size"] = .int(sizes.hidden)
    config["intermediate_size"] = .int(sizes.ffn)
    config["num_hidden_layers"] = .int(sizes.layers)
    config["num_attention_heads"] = .int(sizes.heads)
    config["num_key_value_heads"] = .int(sizes.kvHeads)
    config["head_dim"] = .int(sizes.headDim)
  }

  package func complete(_ config: inout JSONObject, _ architecture: Architecture) {
    config["head_dim"] = .int(architecture.headDim)
  }

  package func obstacle(toSaving architecture: Architecture) -> String? { nil }

  package func embedding(of ids: Tensor, _ pass: ForwardPass) throws -> Tensor {
    try pass.tokenRows(ids)
  }

  package func finalNorm(_ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    try pass.norm(input, pass.weight("model.norm.weight"))
  }
}
