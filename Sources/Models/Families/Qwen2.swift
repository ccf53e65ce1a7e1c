// Qwen2, arXiv 2407.10671: Llama with biases on queries, keys and values, and a window in some
// layers.

import Tensors

struct Qwen2: Family {
  let modelType = "qwen2"
  private let llama = Llama()

  func architecture(_ config: ConfigReader) throws -> Architecture {
    try config.requireFunction("hidden_act", "silu")
    var result = try config.architecture(rope: config.rope())
    try config.readWindows(into: &result)
    return result
  }

  func weights(of architecture: Architecture) -> [WeightShape] {
    llama.weights(
      of: architecture,
      attention: [
        ("self_attn.q_proj.bias", .heads), ("self_attn.k_proj.bias", .kvHeads),
        ("self_attn.v_proj.bias", .kvHeads),
      ])
  }

  func layer(_ index: Int, _ input: Tensor, _ pass: ForwardPass) throws -> Tensor {
    try llama.layer(index, input, pass)
  }
}

extension ConfigReader {
  /// Qwen's windows: none without `use_sliding_window`; else in the layers that `layer_types` lists
  /// as sliding, or without that list from `max_window_layers` on.
  func readWindows(into architecture: inout Architecture) throws {
    let slides = try flag("use_sliding_window", default: false)
    if slides, object["sliding_window"]?.isNull != true {
      architecture.window = try optionalSize("sliding_window") ?? 4096
    }
    let sliding: Set<Int>
    if let types = try layerTypes(architecture.layers) {
      sliding = Set(types.indices.filter { types[$0] == "sliding_attention" })
      if architecture.window == nil, !sliding.isEmpty {
        throw fault(
          "layer_types",
          "lists sliding_attention, but there is no window: 'use_sliding_window' and "
            + "'sliding_window' say how long it is")
      }
    } else {
      let first = try count("max_window_layers", default: 28)
      sliding = Set((0..<architecture.layers).filter { $0 >= first })
    }
    if architecture.window != nil {
      architecture.wholeLayers = Set(0..<architecture.layers).subtracting(sliding)
    }
  }

  /// The kind of each layer's attention, nil where the configuration has no such list.
  private func layerTypes(_ layers: Int) throws -> [String]? {
    guard let value = object["layer_types"], !value.isNull else { return nil }
    let types = (value.array ?? []).compactMap(\.string)
    guard types.count == layers, value.array?.count == layers else {
      throw fault("layer_types", "must list the kind of each of the \(layers) layers")
    }
    if let other = types.first(where: { $0 != "full_attention" && $0 != "sliding_attention" }) {
      throw fault(
        "layer_types",
        "holds \"\(other.prefix(40))\", which is not supported; full_attention and "
          + "sliding_attention are")
    }
    return types
  }
}
