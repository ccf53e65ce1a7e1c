import JSONFormat
import Models
import TestFixtures
import Testing

/// What the configurations of each family say, in all their spellings, and what of them is refused.
@Suite struct FamilyConfigurationTests {
  private func sizes(
    _ name: String, _ change: (inout JSONObject) throws -> Void
  ) throws -> Architecture {
    try configuration(edited(name, change)).architecture
  }

  private func error(_ name: String, _ change: (inout JSONObject) throws -> Void) throws -> String?
  {
    let text = try edited(name, change)
    return message { try configuration(text) }
  }

  /// Beside theta, at the top, under the older name; and half where nothing is said.
  @Test func thePartOfAHeadThatTurns() throws {
    func fraction(_ change: (inout JSONObject) throws -> Void) throws -> Double? {
      try sizes("nemotron") {
        $0["partial_rotary_factor"] = .none
        try change(&$0)
      }.rope?.fraction
    }
    #expect(try fraction { _ in } == 0.5)
    #expect(try fraction { $0["partial_rotary_factor"] = 0.25 } == 0.25)
    #expect(try fraction { $0["rope_percent"] = 0.75 } == 0.75)
    let beside: JSON = [
      "rope_type": "default", "rope_theta": 77.0, "partial_rotary_factor": 0.25,
    ]
    #expect(
      try fraction {
        $0["rope_parameters"] = beside
        $0["partial_rotary_factor"] = 0.75
      } == 0.25)
    #expect(try sizes("nemotron") { $0["rope_parameters"] = beside }.rope?.theta == 77)
    #expect(
      try fraction {
        $0["rope_scaling"] = ["type": "linear", "factor": 2.0, "partial_rotary_factor": 1.0]
      } == 1)
    #expect(
      try error("nemotron") { $0["partial_rotary_factor"] = 1e300 }
        == "config.json: 'partial_rotary_factor' is above 1: 1e+300")
    #expect(
      try error("nemotron") { $0["partial_rotary_factor"] = 0.4 }
        == "config.json: 'partial_rotary_factor' turns 3 of a head's 8 elements: that must be an even "
        + "number of them")
    #expect(try error("nemotron") { $0["partial_rotary_factor"] = 0.01 } != nil)
  }

  @Test func nemotronsHeadSize() throws {
    #expect(try sizes("nemotron") { $0["head_dim"] = 12 }.headDim == 12)
    #expect(try sizes("nemotron") { $0["head_dim"] = .none }.headDim == 8)
    #expect(
      try sizes("nemotron") {
        $0["head_dim"] = .none
        $0["kv_channels"] = .null
        $0["hidden_size"] = 16
      }.headDim == 4)
  }

  @Test func qwensWindows() throws {
    let older = try sizes("qwen2") { _ in }
    #expect((0..<4).map { older.window(ofLayer: $0) } == [nil, nil, 6, 6])
    let newer = try sizes("qwen3") { _ in }
    #expect((0..<3).map { newer.window(ofLayer: $0) } == [5, nil, 5])
    // Without the flag there is no window, whatever the rest says.
    let without = try sizes("qwen2") { $0["use_sliding_window"] = false }
    #expect(without.window == nil && without.wholeLayers == [])
    #expect(try sizes("qwen2") { $0["sliding_window"] = .none }.window == 4096)
    #expect(try sizes("qwen2") { $0["sliding_window"] = .null }.window == nil)
    #expect(try sizes("qwen2") { $0["max_window_layers"] = 0 }.wholeLayers == [])
    #expect(try sizes("qwen2") { $0["max_window_layers"] = .none }.wholeLayers == [0, 1, 2, 3])
    #expect(
      try error("qwen2") { $0["max_window_layers"] = -1 }
        == "config.json: 'max_window_layers' must be an integer from 0 on, not -1")
    #expect(
      try error("qwen3") { $0["use_sliding_window"] = false }
        == "config.json: 'layer_types' lists sliding_attention, but there is no window: "
        + "'use_sliding_window' and 'sliding_window' say how long it is")
    #expect(
      try error("qwen3") { $0["layer_types"] = ["full_attention"] }
        == "config.json: 'layer_types' must list the kind of each of the 3 layers")
    #expect(
      try error("qwen3") {
        $0["layer_types"] = ["full_attention", "linear_attention", "full_attention"]
      }
        == "config.json: 'layer_types' holds \"linear_attention\", which is not supported; "
        + "full_attention and sliding_attention are")
  }

  /// The default for where windows begin is that of the whole model: a cut one says it.
  @Test func aCutModelSaysWhereWindowsBegin() throws {
    let whole = try configuration(
      edited("qwen2") {
        $0["num_hidden_layers"] = 30
        $0["max_window_layers"] = .none
      })
    #expect(whole.architecture.wholeLayers == Set(0..<28))
    var sizes = whole.architecture
    sizes.layers = 29
    let cut = whole.resized(to: sizes, keepingLayers: Array(1..<30))
    #expect(cut.json["max_window_layers"]?.int == 27)
    #expect(try configuration(JSON.object(cut.json).text()).architecture == cut.architecture)
  }

  @Test func qwen3HasHeadsOf128() throws {
    #expect(try sizes("qwen3") { $0["head_dim"] = .none }.headDim == 128)
    #expect(
      try error("qwen3") { $0["attention_bias"] = true }
        == "config.json: 'attention_bias' is true: biases in the attention are not supported")
  }

  @Test func gpt2sKeys() throws {
    let sizes = try sizes("gpt2") { _ in }
    #expect(sizes.headDim == 6 && sizes.kvHeads == 4 && sizes.ffn == 96 && sizes.positions == 48)
    #expect(sizes.isTied && sizes.rope == nil)
    #expect(try self.sizes("gpt2") { $0["n_inner"] = 50 }.ffn == 50)
    // transformers takes no notice of it.
    #expect(try self.sizes("gpt2") { $0["head_dim"] = 10 }.headDim == 6)
    for key in ["n_embd", "n_head", "n_layer", "vocab_size"] {
      #expect(try error("gpt2") { $0[key] = .none } == "config.json: '\(key)' is missing")
    }
    #expect(
      try error("gpt2") { $0["n_head"] = 5 }
        == "config.json: 'n_embd' is 24, which is no multiple of the 5 of 'n_head'")
    #expect(
      try error("gpt2") { $0["activation_function"] = "gelu" }
        == "config.json: 'activation_function' is \"gelu\", which is not supported; gelu_new, "
        + "gelu_pytorch_tanh are")
    #expect(
      try error("gpt2") { $0["scale_attn_weights"] = false }
        == "config.json: 'scale_attn_weights' is false: a scale of 1 is not supported")
    #expect(
      try error("gpt2") {
        $0["n_embd"] = 16_777_216
        $0["n_head"] = 1
      } == "config.json: 'n_embd' is 16777216: four times that, for 'n_inner', passes 16777216")
    #expect(try error("gpt2") { $0["add_cross_attention"] = true } != nil)
    #expect(try error("gpt2") { $0["scale_attn_by_inverse_layer_idx"] = true } != nil)
  }
}
