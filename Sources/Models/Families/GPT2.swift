// GPT-2, "Language Models are Unsupervised Multitask Learners", Radford et al. 2019, as
// transformers' GPT2LMHeadModel has it: learned positions, layer norms with bias, one projection
// for queries, keys and values, tanh GELU, and projections stored [in, out].

import JSONFormat
import Tensors

struct GPT2: Family {
  let modelType = "gpt2"
  let names = WeightNames(
    layers: "transformer.h", embedding: "transformer.wte.weight", head: "lm_head.weight")
  /// The original checkpoints are of the bare model.
  let optionalPrefix: String? = "transformer."
  /// The head size of a model that transformers' GPT-2 cannot hold; such a model is never saved as
  /// a checkpoint, but its configuration goes with its scores and runs.
  private static let headDimKey = "pare_head_dim"

  /// The causal mask, which older versions stored with each layer.
  func isDerived(_ name: String) -> Bool {
    name.hasSuffix(".attn.bias") || name.hasSuffix(".attn.masked_bias")
  }

  func architecture(_ config: ConfigReader) throws -> Architecture {
    try config.requireFunction("activation_function", "gelu_new", "gelu_pytorch_tanh")
    try config.refuse("add_cross_attention", where: "layers that attend to another model")
    try config.refuse("scale_attn_by_inverse_layer_idx", where: "scales of each layer's own")
    guard try config.flag("scale_attn_weights", default: true) else {
      throw config.fault(
        "scale_attn_weights", "is false: a scale of 1 is not supported")
    }
    let (hidden, heads) = (try config.size("n_embd"), try config.size("n_head"))
    let headDim = try config.optionalSize(Self.headDimKey)
    guard headDim != nil || hidden % heads == 0 else {
      throw config.fault("n_embd", "is \(hidden), which is no multiple of the \(heads) of 'n_head'")
    }
    let size = headDim ?? hidden / heads
    guard heads * size <= ConfigReader.largestSize else {
      throw config.fault(
        Self.headDimKey,
        "is \(size): \(heads) heads of it pass \(ConfigReader.largestSize) elements")
    }
    let ffn = try config.optionalSize("n_inner") ?? 4 * hidden
    guard ffn <= ConfigReader.largestSize else {
      throw config.fault(
        "n_embd", "is \(hidden): four times that, for 'n_inner', passes \(ConfigReader.largestSize)"
      )
    }
    return Architecture(
      layers: try config.size("n_layer", atMost: ConfigReader.mostLayers), hidden: hidden,
      heads: heads, kvHeads: heads, headDim: size,
      ffn: ffn, vocab: try config.size("vocab_size"),
      isTied: try config.flag("tie_word_embeddings", default: true),
      normEpsilon: try config.positive("layer_norm_epsilon", default: 1e-5), rope: nil,
      positions: try config.optionalSize("n_positions") ?? 1024)
  }

  func weights(of architecture: Architecture) -> [WeightShape] {
    let layers = (0..<architecture.layers).flatMap { layer in
      let shapes: [(String, [WeightAxis])] = [
        ("ln_1.weight", [.hidden]), ("ln_1.bias", [.hidden]),
        ("attn.c_attn.weight", [.hidden, .fusedHeads]), ("attn.c_attn.bias", [.fusedHeads]),
        ("attn.c_proj.weight", [.headOutputs, .hidden]), ("attn.c_proj.bias", [.hidden]),
        ("ln_2.weight", [.hidden]), ("ln_2.bias", [.hidden]),
        ("mlp.c_fc.weight", [.hidden, .ffn]), ("mlp.c_fc.bias", [.ffn]),
        ("mlp.c_proj.weight", [.ffn, .hidden]), ("mlp.c_proj.bias", [.hidden]),
      ]
      return shapes.map { WeightShape($0.0, $0.1, layer: layer, stem: names.layers) }
    }
    return [
      WeightShape(names.embedding, [.vocab, .hidden]),
      WeightShape("transformer.wpe.weight", [.positions, .hidden]),
    ] + layers + [
      WeightShape("transformer.ln_f.weight", [.hidden]),
      WeightShape("transformer.ln_f.bias", [.hidden]),
    ] + (architecture.isTied ? [] : [WeightShape(names.head, [.vocab, .hidden])])
  }

  func write(_ sizes: Architecture, into config: inout JSONObject) {
    config["n_embd"] = .int(sizes.hidden)
    config["n_inner"] = .int(sizes.ffn)
    config["n_layer"] = .int(sizes.layers)
    config["n_head"] = .int(sizes.heads)
    config[Self.headDimKey] = obstacle(toSaving: sizes) == nil ? .none : .int(sizes.headDim)
  }

  /// Nothing: the head size has no key there.
  func complete(_ config: inout JSONObject, _ architecture: Architecture) {}

  func obstacle(toSaving sizes: Architecture) -> String? {
    let width = sizes.heads * sizes.headDim
    if width == sizes.hidden { return nil }
    return "the head size of a gpt2 checkpoint is n_embd / n_head, and \(sizes.heads) heads of "
      + "\(sizes.headDim) elements ask for hidden \(width), not \(sizes.hidden): cut hidden and heads "
      + "by the same factor"
  }

  func embedding(of ids: Tensor, _ pass: ForwardPass) throws -> Tensor {
    let tokens = try pass.tokenRows(ids)
    return try tokens.plus(try pass.positionRows(pass.weight("transformer.wpe.weight")))
  }

  func layer(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    func norm(_ x: Tensor, _ role: String) throws -> Tensor {
      try pass.layerNorm(
        x, weight: pass.weight(role + ".weight", layer: index),
        bias: pass.weight(role + ".bias", layer: index))
    }
    let attended = try pass.observe(
      .attended, attention(index, norm(input, "ln_1"), addedTo: input, pass), layer: index)
    return try mlp(index, norm(attended, "ln_2"), addedTo: attended, pass)
  }

  func finalNorm(_ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    try pass.layerNorm(
      input, weight: pass.weight("transformer.ln_f.weight"),
      bias: pass.weight("transformer.ln_f.bias"))
  }

  /// x W + b of a projection stored [in, out].
  private func project(
    _ x: Tensor, _ role: String, _ index: Int, _ pass: ForwardPass
  ) throws -> Tensor {
    try x.linear(
      pass.weight(role + ".weight", layer: index), bias: pass.weight(role + ".bias", layer: index),
      inputFirst: true)
  }

  /// The residual stream with a projection of x added to it.
  private func add(
    _ x: Tensor, _ role: String, to stream: Tensor, _ index: Int, _ pass: ForwardPass
  ) throws -> Tensor {
    try pass.add(
      x, projectedBy: pass.weight(role + ".weight", layer: index),
      bias: pass.weight(role + ".bias", layer: index), inputFirst: true, to: stream)
  }

  private func attention(
    _ index: Int, _ x: Tensor, addedTo stream: Tensor, _ pass: ForwardPass
  ) throws -> Tensor {
    let sizes = pass.architecture
    let x = try pass.observe(.attentionNorm, x, layer: index)
    let fused = try project(x, "attn.c_attn", index, pass)
    let width = sizes.heads * sizes.headDim
    let whole = AxisIndex.slice(start: nil, end: nil, step: nil)
    func heads(_ part: Int) throws -> Tensor {
      let columns = AxisIndex.slice(start: part * width, end: (part + 1) * width, step: nil)
      return try fused.indexed([whole, whole, columns])
        .reshaped([pass.batch, pass.time, sizes.heads, sizes.headDim])
    }
    let mixed = try pass.attend(q: heads(0), k: heads(1), v: heads(2), layer: index)
    let joined = try pass.masked(
      mixed.reshaped([pass.batch, pass.time, width]), by: .heads, layer: index)
    return try add(joined, "attn.c_proj", to: stream, index, pass)
  }

  private func mlp(
    _ index: Int, _ x: Tensor, addedTo stream: Tensor, _ pass: ForwardPass
  ) throws -> Tensor {
    let x = try pass.observe(.mlpNorm, x, layer: index)
    let up = try pass.observe(
      .gate,
      x.linear(
        pass.weight("mlp.c_fc.weight", layer: index),
        bias: pass.weight("mlp.c_fc.bias", layer: index), inputFirst: true), layer: index)
    let neurons = try pass.observe(
      .neurons, pass.masked(up.activated(by: .tanhGELU), by: .neurons, layer: index), layer: index)
    return try add(neurons, "mlp.c_proj", to: stream, index, pass)
  }
}
