import Tensors

/// A family of decoder-only transformers: how its `config.json` reads, which weights it has, and what
/// a layer computes. One file a family, in Families/.
package protocol Family: Sendable {
  /// The `model_type` of its configurations.
  var modelType: String { get }

  /// The architecture that a configuration describes.
  func architecture(_ config: ConfigReader) throws -> Architecture

  /// The weights of such a model, in the order of the checkpoint; without the head where it is tied.
  func weights(of architecture: Architecture) -> [WeightShape]

  /// The residual stream after a layer, from the one before it [batch, time, hidden].
  func layer(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor
}

/// All families.
let families: [any Family] = [Llama(), Mistral()]
