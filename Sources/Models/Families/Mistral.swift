// Mistral, arXiv 2310.06825: Llama with a sliding window and a head size of its own.

import Tensors

struct Mistral: Family {
  let modelType = "mistral"
  private let llama = Llama()

  func architecture(_ config: ConfigReader) throws -> Architecture {
    try config.requireFunction("hidden_act", "silu")
    try config.refuse("attention_bias", where: "biases in the attention")
    var result = try config.architecture(rope: config.rope())
    result.window = try config.optionalSize("sliding_window")
    return result
  }

  func weights(of architecture: Architecture) -> [WeightShape] {
    llama.weights(of: architecture)
  }

  func layer(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    try llama.layer(index, input, pass)
  }
}
