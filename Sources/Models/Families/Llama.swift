// Llama, arXiv 2302.13971 and 2407.21783: RMSNorm before each block, rotary positions,
// grouped-query attention, SwiGLU. B = batch, T = time, H = heads, G = key-value heads, D = head
// size.

import Tensors

struct Llama: Family {
  let modelType = "llama"

  func architecture(_ config: ConfigReader) throws -> Architecture {
    try config.refuse("mlp_bias", where: "biases in the MLP")
    try config.requireFunction("hidden_act", "silu")
    try config.refuse("attention_bias", where: "biases in the attention")
    return try config.architecture(rope: config.rope())
  }

  func weights(of architecture: Architecture) -> [WeightShape] {
    weights(of: architecture, attention: [])
  }

  /// The weights, with more in each layer's attention.
  func weights(
    of architecture: Architecture, attention more: [(role: String, axis: WeightAxis)]
  ) -> [WeightShape] {
    let layers = (0..<architecture.layers).flatMap { layer in
      [
        WeightShape("input_layernorm.weight", [.hidden], layer: layer),
        WeightShape("self_attn.q_proj.weight", [.heads, .hidden], layer: layer),
        WeightShape("self_attn.k_proj.weight", [.kvHeads, .hidden], layer: layer),
        WeightShape("self_attn.v_proj.weight", [.kvHeads, .hidden], layer: layer),
        WeightShape("self_attn.o_proj.weight", [.hidden, .headOutputs], layer: layer),
      ] + more.map { WeightShape($0.role, [$0.axis], layer: layer) } + [
        WeightShape("post_attention_layernorm.weight", [.hidden], layer: layer),
        WeightShape("mlp.gate_proj.weight", [.ffn, .hidden], layer: layer),
        WeightShape("mlp.up_proj.weight", [.ffn, .hidden], layer: layer),
        WeightShape("mlp.down_proj.weight", [.hidden, .ffn], layer: layer),
      ]
    }
    return [WeightShape("model.embed_tokens.weight", [.vocab, .hidden])] + layers
      + [WeightShape("model.norm.weight", [.hidden])]
      + (architecture.isTied ? [] : [WeightShape("lm_head.weight", [.vocab, .hidden])])
  }

  func layer(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    try layer(index, input, pass) { heads, _ in heads }
  }

  /// What queries and keys go through before they turn: [B, T, H or G, D] of the projection named
  /// `self_attn.q` or `self_attn.k`.
  typealias HeadNorm = (_ heads: Tensor, _ projection: String) throws -> Tensor

  func layer(
    _ index: Int, _ input: Tensor, _ pass: ForwardPass, headNorm: HeadNorm
  ) throws -> Tensor {
    let x = try pass.norm(input, "input_layernorm.weight", layer: index)
    let attended = try attention(index, x, addedTo: input, pass, headNorm: headNorm)
    return try mlp(index, attended, pass)
  }

  /// The residual stream after attention, from the one before it and its norm x, [B, T, hidden].
  func attention(
    _ index: Int, _ x: Tensor, addedTo stream: Tensor, _ pass: ForwardPass, headNorm: HeadNorm
  ) throws -> Tensor {
    let sizes = pass.architecture
    let x = try pass.observe(.attentionNorm, x, layer: index)
    func heads(_ projection: String, _ count: Int) throws -> Tensor {
      try pass.project(x, projection + "_proj", layer: index)
        .reshaped([pass.batch, pass.time, count, sizes.headDim])
    }
    let q = try pass.rotate(headNorm(heads("self_attn.q", sizes.heads), "self_attn.q"))
    let k = try pass.rotate(headNorm(heads("self_attn.k", sizes.kvHeads), "self_attn.k"))
    let v = try heads("self_attn.v", sizes.kvHeads)
    let mixed = try pass.attend(q: q, k: k, v: v, layer: index)
    let width = sizes.heads * sizes.headDim
    let joined = try pass.masked(
      mixed.reshaped([pass.batch, pass.time, width]), by: .heads, layer: index)
    let attended = try pass.add(
      joined, projectedBy: pass.weight("self_attn.o_proj.weight", layer: index), to: stream)
    return try pass.observe(.attended, attended, layer: index)
  }

  /// The residual stream after the MLP, from the one before it.
  private func mlp(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    let x = try pass.observe(
      .mlpNorm, pass.norm(input, "post_attention_layernorm.weight", layer: index), layer: index)
    let made = try pass.gatedNeurons(
      x, gate: pass.weight("mlp.gate_proj.weight", layer: index),
      up: pass.weight("mlp.up_proj.weight", layer: index), layer: index)
    let neurons = try pass.observe(
      .neurons, pass.masked(made, by: .neurons, layer: index), layer: index)
    return try pass.add(
      neurons, projectedBy: pass.weight("mlp.down_proj.weight", layer: index), to: input)
  }
}
