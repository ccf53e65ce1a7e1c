import JSONFormat
import Models
import TestFixtures
import Testing

/// Configurations that are refused, each with its reason.
@Suite struct ConfigurationErrorTests {
  private func error(
    _ name: String = "llama-mha", _ change: (inout JSONObject) throws -> Void
  ) throws -> String? {
    let text = try edited(name, change)
    return message { try configuration(text) }
  }

  @Test(arguments: [
    "hidden_size", "num_attention_heads", "num_hidden_layers", "intermediate_size", "vocab_size",
    "model_type",
  ])
  func aMissingKey(_ key: String) throws {
    #expect(try error { $0[key] = .none } == "config.json: '\(key)' is missing")
    #expect(try error { $0[key] = .null } == "config.json: '\(key)' is missing")
  }

  @Test(arguments: ["0", "-4", "1.5", "\"32\"", "true", "[8]", "16777217"])
  func aSizeThatIsNone(_ value: String) throws {
    let json = try JSON(reading: value)
    #expect(
      try error { $0["hidden_size"] = json }
        == "config.json: 'hidden_size' must be an integer from 1 to 16777216, not \(value)")
  }

  @Test func moreLayersThanAnyModelHas() throws {
    #expect(
      try error { $0["num_hidden_layers"] = 16_777_216 }
        == "config.json: 'num_hidden_layers' must be an integer from 1 to 4096, not 16777216")
  }

  /// Sizes that pass one by one, and whose product would not fit.
  @Test func headsThatOverflow() throws {
    let text = try error {
      $0["num_attention_heads"] = 8_388_608
      $0["num_key_value_heads"] = 8_388_608
      $0["head_dim"] = 8_388_608
    }
    #expect(
      text == "config.json: 'head_dim' is 8388608: 8388608 heads of it pass 16777216 elements")
  }

  @Test func anUnknownModel() throws {
    #expect(
      try error { $0["model_type"] = "gpt_neox" }
        == "config.json: 'model_type' is \"gpt_neox\", which is not supported; llama, mistral, "
        + "nemotron, qwen2, qwen3, gpt2 are")
    #expect(
      message { try configuration("[1]") } == "config.json: must hold a JSON object")
  }

  @Test func headsThatAreNoMultipleOfTheGroups() throws {
    #expect(
      try error { $0["num_key_value_heads"] = 3 }
        == "config.json: 'num_attention_heads' is 4, which is no multiple of the 3 of "
        + "'num_key_value_heads'")
  }

  @Test func anOddHeadSize() throws {
    #expect(
      try error { $0["head_dim"] = 7 }
        == "config.json: 'head_dim' is 7: rotary positions need an even size")
    // Without the key it is hidden_size / num_attention_heads.
    #expect(
      try error {
        $0["head_dim"] = .none
        $0["hidden_size"] = 20
      } == "config.json: 'head_dim' is 5: rotary positions need an even size")
    #expect(
      try error {
        $0["head_dim"] = .none
        $0["hidden_size"] = 3
      } == "config.json: 'head_dim' is 0: rotary positions need an even size")
  }

  @Test func anUnknownRope() throws {
    #expect(
      try error("llama-untied-rope3") { $0["rope_scaling"] = ["rope_type": "yarn", "factor": 2.0] }
        == "config.json, rope_scaling: 'rope_type' is \"yarn\", which is not supported; default, "
        + "linear and llama3 are")
    #expect(
      try error { $0["rope_scaling"] = ["rope_type": "linear"] }
        == "config.json, rope_scaling: 'factor' is missing")
    #expect(
      try error { $0["rope_theta"] = -1 }
        == "config.json: 'rope_theta' must be a positive number, not -1")
    #expect(
      try error {
        $0["rope_scaling"] = [
          "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 4.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 64,
        ]
      } == "config.json, rope_scaling: 'high_freq_factor' must be above low_freq_factor")
  }

  @Test func whatOtherModelsHave() throws {
    #expect(
      try error { $0["hidden_act"] = "gelu" }
        == "config.json: 'hidden_act' is \"gelu\", which is not supported; silu is")
    #expect(
      try error { $0["attention_bias"] = true }
        == "config.json: 'attention_bias' is true: biases in the attention are not supported")
    #expect(
      try error { $0["mlp_bias"] = true }
        == "config.json: 'mlp_bias' is true: biases in the MLP are not supported")
    #expect(
      try error { $0["tie_word_embeddings"] = "yes" }
        == "config.json: 'tie_word_embeddings' must be true or false, not \"yes\"")
    #expect(
      try error("mistral") { $0["sliding_window"] = 0 }
        == "config.json: 'sliding_window' must be an integer from 1 to 16777216, not 0")
  }
}
