// Nemotron, arXiv 2402.16819, as transformers' NemotronForCausalLM has it: layer norms that
// multiply by weight + 1, rotary positions on a part of each head, an MLP of squared ReLU without a
// gate.

import JSONFormat
import Tensors

struct Nemotron: Family {
  let modelType = "nemotron"
  private let llama = Llama()
  /// The part of a head that turns where nothing is said of it.
  private static let fraction = 0.5

  func architecture(_ config: ConfigReader) throws -> Architecture {
    try config.requireFunction("hidden_act", "relu2")
    try config.refuse("mlp_bias", where: "biases in the MLP")
    try config.refuse("attention_bias", where: "biases in the attention")
    return try config.architecture(
      headDimKeys: ["head_dim", "kv_channels"], epsilon: ("norm_eps", 1e-5),
      rope: config.partialRope(fraction: Self.fraction))
  }

  func weights(of architecture: Architecture) -> [WeightShape] {
    let layers = (0..<architecture.layers).flatMap { layer in
      [
        WeightShape("input_layernorm.weight", [.hidden], layer: layer),
        WeightShape("input_layernorm.bias", [.hidden], layer: layer),
        WeightShape("self_attn.q_proj.weight", [.heads, .hidden], layer: layer),
        WeightShape("self_attn.k_proj.weight", [.kvHeads, .hidden], layer: layer),
        WeightShape("self_attn.v_proj.weight", [.kvHeads, .hidden], layer: layer),
        WeightShape("self_attn.o_proj.weight", [.hidden, .headOutputs], layer: layer),
        WeightShape("post_attention_layernorm.weight", [.hidden], layer: layer),
        WeightShape("post_attention_layernorm.bias", [.hidden], layer: layer),
        WeightShape("mlp.up_proj.weight", [.ffn, .hidden], layer: layer),
        WeightShape("mlp.down_proj.weight", [.hidden, .ffn], layer: layer),
      ]
    }
    return [WeightShape("model.embed_tokens.weight", [.vocab, .hidden])] + layers
      + [WeightShape("model.norm.weight", [.hidden]), WeightShape("model.norm.bias", [.hidden])]
      + (architecture.isTied ? [] : [WeightShape("lm_head.weight", [.vocab, .hidden])])
  }

  /// transformers does not read `rope_percent`: the part of a head that turns is written under the
  /// name that it reads, where that is missing and its default is another.
  func complete(_ config: inout JSONObject, _ architecture: Architecture) {
    config["head_dim"] = .int(architecture.headDim)
    let key = "partial_rotary_factor"
    let places = [.object(config), config["rope_parameters"], config["rope_scaling"]]
    let isSaid = places.contains { place in place?[key].map { !$0.isNull } ?? false }
    if let rope = architecture.rope, !isSaid, rope.fraction != Self.fraction {
      config[key] = .double(rope.fraction)
    }
  }

  func layer(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    func norm(_ x: Tensor, _ role: String) throws -> Tensor {
      try self.norm(
        x, pass.weight(role + ".weight", layer: index), pass.weight(role + ".bias", layer: index),
        pass)
    }
    let x = try norm(input, "input_layernorm")
    let attended = try llama.attention(index, x, addedTo: input, pass) { heads, _ in heads }
    return try mlp(index, norm(attended, "post_attention_layernorm"), addedTo: attended, pass)
  }

  func finalNorm(_ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    try norm(input, pass.weight("model.norm.weight"), pass.weight("model.norm.bias"), pass)
  }

  private func norm(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ pass: ForwardPass
  ) throws -> Tensor {
    let one = try Tensor.full([], 1, on: weight.device)
    return try pass.layerNorm(x, weight: weight.plus(one), bias: bias)
  }

  private func mlp(
    _ index: Int, _ x: Tensor, addedTo stream: Tensor, _ pass: ForwardPass
  ) throws -> Tensor {
    let x = try pass.observe(.mlpNorm, x, layer: index)
    let up = try pass.observe(
      .gate, x.linear(pass.weight("mlp.up_proj.weight", layer: index)), layer: index)
    let neurons = try pass.observe(
      .neurons, pass.masked(up.activated(by: .squaredReLU), by: .neurons, layer: index),
      layer: index)
    return try pass.add(
      neurons, projectedBy: pass.weight("mlp.down_proj.weight", layer: index), to: stream)
  }
}
