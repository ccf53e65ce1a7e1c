// Llama, arXiv 2302.13971 and 2407.21783: RMSNorm before each block, rotary positions, grouped-query
// attention, SwiGLU. B = batch, T = time, H = heads, G = key-value heads, D = head size.

import Tensors

struct Llama: Family {
  let modelType = "llama"

  func architecture(_ config: ConfigReader) throws -> Architecture {
    if try config.flag("mlp_bias", default: false) {
      throw config.fault("mlp_bias", "is true: biases in the MLP are not supported")
    }
    return try architecture(config, window: nil)
  }

  /// The keys that Mistral shares.
  func architecture(_ config: ConfigReader, window: Int?) throws -> Architecture {
    let activation = try config.string("hidden_act") ?? "silu"
    guard activation == "silu" else {
      throw config.fault("hidden_act", "is \"\(activation)\", which is not supported; silu is")
    }
    if try config.flag("attention_bias", default: false) {
      throw config.fault("attention_bias", "is true: biases in the attention are not supported")
    }
    let hidden = try config.size("hidden_size")
    let heads = try config.size("num_attention_heads")
    let kvHeads = try config.optionalSize("num_key_value_heads") ?? heads
    guard heads % kvHeads == 0 else {
      throw config.fault(
        "num_attention_heads",
        "is \(heads), which is no multiple of the \(kvHeads) of 'num_key_value_heads'")
    }
    let headDim = try config.optionalSize("head_dim") ?? hidden / heads
    guard headDim > 0, headDim % 2 == 0 else {
      throw config.fault("head_dim", "is \(headDim): rotary positions need an even size")
    }
    guard heads * headDim <= ConfigReader.largestSize else {
      throw config.fault(
        "head_dim",
        "is \(headDim): \(heads) heads of it pass \(ConfigReader.largestSize) elements")
    }
    return Architecture(
      layers: try config.size("num_hidden_layers", atMost: ConfigReader.mostLayers),
      hidden: hidden, heads: heads, kvHeads: kvHeads, headDim: headDim,
      ffn: try config.size("intermediate_size"), vocab: try config.size("vocab_size"),
      isTied: try config.flag("tie_word_embeddings", default: false),
      normEpsilon: try config.positive("rms_norm_eps", default: 1e-6), rope: try config.rope(),
      window: window)
  }

  func weights(of architecture: Architecture) -> [WeightShape] {
    let layers = (0..<architecture.layers).flatMap { layer in
      [
        WeightShape("input_layernorm.weight", [.hidden], layer: layer),
        WeightShape("self_attn.q_proj.weight", [.heads, .hidden], layer: layer),
        WeightShape("self_attn.k_proj.weight", [.kvHeads, .hidden], layer: layer),
        WeightShape("self_attn.v_proj.weight", [.kvHeads, .hidden], layer: layer),
        WeightShape("self_attn.o_proj.weight", [.hidden, .heads], layer: layer),
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
    let attended = try pass.observe(
      .attended, input.plus(try attention(index, input, pass)), layer: index)
    return try attended.plus(try mlp(index, attended, pass))
  }

  private func attention(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    let sizes = pass.architecture
    let x = try pass.observe(
      .attentionNorm, pass.norm(input, "input_layernorm.weight", layer: index), layer: index)
    func heads(_ role: String, _ count: Int) throws -> Tensor {
      try x.linear(pass.weight(role, layer: index))
        .reshaped([pass.batch, pass.time, count, sizes.headDim])
    }
    let q = try pass.rotate(heads("self_attn.q_proj.weight", sizes.heads))
    let k = try pass.rotate(heads("self_attn.k_proj.weight", sizes.kvHeads))
    let v = try heads("self_attn.v_proj.weight", sizes.kvHeads)
    let mixed = try pass.attend(q: q, k: k, v: v, layer: index)
    let width = sizes.heads * sizes.headDim
    let joined = try pass.masked(
      mixed.reshaped([pass.batch, pass.time, width]), by: .heads, layer: index)
    let out = try joined.linear(pass.weight("self_attn.o_proj.weight", layer: index))
    return try pass.masked(out, by: .channels, layer: index)
  }

  private func mlp(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    let x = try pass.observe(
      .mlpNorm, pass.norm(input, "post_attention_layernorm.weight", layer: index), layer: index)
    let gate = try pass.observe(
      .gate, x.linear(pass.weight("mlp.gate_proj.weight", layer: index)), layer: index)
    let up = try x.linear(pass.weight("mlp.up_proj.weight", layer: index))
    let neurons = try pass.observe(
      .neurons, pass.masked(gate.swiglu(up: up), by: .neurons, layer: index), layer: index)
    let out = try neurons.linear(pass.weight("mlp.down_proj.weight", layer: index))
    return try pass.masked(out, by: .channels, layer: index)
  }
}
