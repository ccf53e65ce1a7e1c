import Checkpoints
import JSONFormat
import Kernels
import Tensors
import Tokenizers

/// A Llama-family GGUF: its metadata read as a `config.json`, its tensors under Hugging Face names.
struct GGUFModel {
  let file: GGUFFile
  let configuration: Configuration

  init(path: String) throws {
    let file = try GGUFFile(path: path)
    self.file = file
    configuration = try Configuration(
      .object(try Self.config(GGUFMetadata(file: file))), file: "\(path), as a config.json")
  }

  /// The members of a `config.json`, in the spelling that older versions of transformers read too.
  private static func config(_ metadata: GGUFMetadata) throws -> JSONObject {
    let architecture = try metadata.architecture()
    guard architecture == "llama" else {
      throw metadata.fault(
        "general.architecture", "is \"\(architecture)\", which is not supported; llama is")
    }
    if let scaling = metadata.file["llama.rope.scaling.type"]?.string, scaling != "none" {
      throw metadata.fault(
        "llama.rope.scaling.type", "is \"\(scaling)\", which is not supported in a GGUF")
    }
    if metadata.file.tensor(named: "rope_freqs.weight") != nil {
      throw CheckpointError(
        file: metadata.file.path, tensor: "rope_freqs.weight",
        reason: "scaled rotary frequencies are not supported in a GGUF; load the safetensors folder"
      )
    }
    let hidden = try metadata.size("llama.embedding_length")
    let heads = try metadata.size("llama.attention.head_count")
    let kvHeads = try metadata.optionalSize("llama.attention.head_count_kv") ?? heads
    let headDim = try metadata.optionalSize("llama.attention.key_length") ?? hidden / heads
    if let rotated = try metadata.optionalSize("llama.rope.dimension_count"), rotated != headDim {
      throw metadata.fault(
        "llama.rope.dimension_count", "is \(rotated), but heads have \(headDim) elements")
    }
    guard let embedding = metadata.file.tensor(named: "token_embd.weight"),
      let vocab = embedding.shape.first
    else {
      throw CheckpointError(
        file: metadata.file.path, tensor: "token_embd.weight", reason: "is missing")
    }
    func id(_ key: String) -> JSON { metadata.file[key]?.int.map { .int($0) } ?? .null }
    return JSONObject([
      ("architectures", ["LlamaForCausalLM"]),
      ("attention_bias", false),
      ("bos_token_id", id("tokenizer.ggml.bos_token_id")),
      ("eos_token_id", id("tokenizer.ggml.eos_token_id")),
      ("head_dim", .int(headDim)),
      ("hidden_act", "silu"),
      ("hidden_size", .int(hidden)),
      ("intermediate_size", .int(try metadata.size("llama.feed_forward_length"))),
      ("max_position_embeddings", .int(try metadata.size("llama.context_length"))),
      ("mlp_bias", false),
      ("model_type", "llama"),
      ("num_attention_heads", .int(heads)),
      ("num_hidden_layers", .int(try metadata.size("llama.block_count"))),
      ("num_key_value_heads", .int(kvHeads)),
      ("pad_token_id", id("tokenizer.ggml.padding_token_id")),
      ("rms_norm_eps", .double(try metadata.number("llama.attention.layer_norm_rms_epsilon"))),
      ("rope_scaling", .null),
      ("rope_theta", .double(try metadata.number("llama.rope.freq_base", default: 10_000))),
      ("tie_word_embeddings", .bool(metadata.file.tensor(named: "output.weight") == nil)),
      ("torch_dtype", "float32"),
      ("vocab_size", .int(vocab)),
    ])
  }

  /// The type to save in: the embedding's where all weights have it, f32 where any is quantized.
  func storedType() throws -> StoredType {
    let types = try configuration.weightShapes.filter { $0.axes.count == 2 }.map {
      try stored($0).type
    }
    guard let first = types.first, types.allSatisfy({ $0 == first }), !first.isQuantized else {
      return .f32
    }
    return first
  }

  /// Refuses a file whose tensor of this weight is missing or another.
  func check(_ shape: WeightShape) throws {
    try shape.check(stored(shape), in: configuration.architecture)
  }

  /// The heads of a weight whose rows the file keeps in llama.cpp's order; nil for any other.
  private func rotatedHeads(of shape: WeightShape) -> Int? {
    switch shape.role {
    case "self_attn.q_proj.weight": configuration.architecture.heads
    case "self_attn.k_proj.weight": configuration.architecture.kvHeads
    default: nil
    }
  }

  /// Refuses a file with tensors that the model has no place for: leaving them out would change its
  /// results silently.
  func refuseUnknown() throws {
    let known = Set(configuration.weightShapes.map(Self.name))
    for tensor in file.tensors where !known.contains(tensor.name) {
      throw CheckpointError(
        file: file.path, tensor: tensor.name, reason: "a llama model has no place for this tensor")
    }
  }

  func stored(_ shape: WeightShape) throws -> StoredTensor {
    let name = Self.name(of: shape)
    guard let stored = file.tensor(named: name) else {
      throw CheckpointError(file: file.path, tensor: name, reason: "is missing")
    }
    return stored
  }

  /// The name in the file of a weight.
  private static func name(of shape: WeightShape) -> String {
    let names = [
      "model.embed_tokens.weight": "token_embd", "model.norm.weight": "output_norm",
      "lm_head.weight": "output", "input_layernorm.weight": "attn_norm",
      "self_attn.q_proj.weight": "attn_q", "self_attn.k_proj.weight": "attn_k",
      "self_attn.v_proj.weight": "attn_v", "self_attn.o_proj.weight": "attn_output",
      "post_attention_layernorm.weight": "ffn_norm", "mlp.gate_proj.weight": "ffn_gate",
      "mlp.up_proj.weight": "ffn_up", "mlp.down_proj.weight": "ffn_down",
    ]
    let name = (names[shape.role] ?? shape.role) + ".weight"
    return shape.layer.map { "blk.\($0).\(name)" } ?? name
  }
}

extension GGUFModel: StoredWeights {
  /// Queries' and keys' rows are in transformers' order.
  func elements(of shape: WeightShape) throws -> StoredElements {
    StoredElements(tensor: try stored(shape), rotatedHeads: rotatedHeads(of: shape))
  }
}

/// Reads metadata keys of a GGUF, with errors that name the file and the key.
struct GGUFMetadata {
  let file: GGUFFile

  func fault(_ key: String, _ reason: String) -> CheckpointError {
    CheckpointError(file: file.path, tensor: key, reason: reason)
  }

  func architecture() throws -> String {
    guard let name = file["general.architecture"]?.string else {
      throw fault("general.architecture", "is missing")
    }
    return name
  }

  func size(_ key: String) throws -> Int {
    guard let size = try optionalSize(key) else { throw fault(key, "is missing") }
    return size
  }

  func optionalSize(_ key: String) throws -> Int? {
    guard let value = file[key] else { return nil }
    guard let size = value.int, size > 0, size <= ConfigReader.largestSize else {
      throw fault(key, "must be an integer from 1 to \(ConfigReader.largestSize)")
    }
    return size
  }

  /// A positive number; a float of 32 bits becomes the shortest decimal that reads back as it.
  func number(_ key: String, default fallback: Double? = nil) throws -> Double {
    guard let value = file[key]?.double else {
      guard let fallback else { throw fault(key, "is missing") }
      return fallback
    }
    guard value > 0, value.isFinite else { throw fault(key, "must be a positive number") }
    return Double("\(Float(value))") ?? value
  }
}
