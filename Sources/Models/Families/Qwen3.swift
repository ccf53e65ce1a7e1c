// Qwen3, arXiv 2505.09388: Llama with a root-mean-square norm on each head of queries and keys, a
// head size of its own and a window in some layers.

import Tensors

struct Qwen3: Family {
  let modelType = "qwen3"
  private let llama = Llama()

  func architecture(_ config: ConfigReader) throws -> Architecture {
    try config.requireFunction("hidden_act", "silu")
    try config.refuse("attention_bias", where: "biases in the attention")
    var result = try config.architecture(headDim: 128, rope: config.rope())
    try config.readWindows(into: &result)
    return result
  }

  func weights(of architecture: Architecture) -> [WeightShape] {
    llama.weights(
      of: architecture,
      attention: [
        ("self_attn.q_norm.weight", .headDim), ("self_attn.k_norm.weight", .headDim),
      ])
  }

  func layer(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    let epsilon = Float(pass.architecture.normEpsilon)
    return try llama.layer(index, input, pass) { heads, projection in
      // Over the elements of a head, which no mask takes away.
      try heads.rmsNorm(
        weight: pass.weight(projection + "_norm.weight", layer: index), epsilon: epsilon)
    }
  }
}
