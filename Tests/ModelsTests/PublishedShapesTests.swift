import JSONFormat
import Models
import Testing

/// The published Minitron models and their teachers, counted to the last parameter from
/// configurations alone: arXiv 2407.14679, 2408.11796.
@Suite struct PublishedShapesTests {
  struct Published: Sendable, CustomStringConvertible {
    let description: String
    let family: String
    let layers, hidden, heads, ffn, vocab: Int
    let parameters, nonEmbedding: Int

    var config: JSON {
      var config = JSONObject([
        ("model_type", .string(family)), ("num_hidden_layers", .int(layers)),
        ("hidden_size", .int(hidden)), ("num_attention_heads", .int(heads)),
        ("num_key_value_heads", 8), ("head_dim", 128), ("intermediate_size", .int(ffn)),
        ("vocab_size", .int(vocab)), ("tie_word_embeddings", false), ("rope_theta", 10000.0),
      ])
      if family == "nemotron" {
        config["hidden_act"] = "relu2"
        config["norm_eps"] = 1e-5
        config["partial_rotary_factor"] = 0.5
      }
      return .object(config)
    }
  }

  static let models = [
    Published(
      description: "Nemotron-4 15B", family: "nemotron", layers: 32, hidden: 6144, heads: 48,
      ffn: 24576, vocab: 256_000, parameters: 15_628_775_424, nonEmbedding: 12_483_047_424),
    Published(
      description: "Minitron-8B", family: "nemotron", layers: 32, hidden: 4096, heads: 48,
      ffn: 16384, vocab: 256_000, parameters: 8_271_699_968, nonEmbedding: 6_174_547_968),
    Published(
      description: "Minitron-4B", family: "nemotron", layers: 32, hidden: 3072, heads: 24,
      ffn: 9216, vocab: 256_000, parameters: 4_190_509_056, nonEmbedding: 2_617_645_056),
    Published(
      description: "Llama-3.1-8B", family: "llama", layers: 32, hidden: 4096, heads: 32,
      ffn: 14336, vocab: 128_256, parameters: 8_030_261_248, nonEmbedding: 6_979_588_096),
    Published(
      description: "Llama-3.1-Minitron-4B-Width", family: "llama", layers: 32, hidden: 3072,
      heads: 32, ffn: 9216, vocab: 128_256, parameters: 4_512_746_496,
      nonEmbedding: 3_724_741_632),
    Published(
      description: "Llama-3.1-Minitron-4B-Depth", family: "llama", layers: 16, hidden: 4096,
      heads: 32, ffn: 14336, vocab: 128_256, parameters: 4_540_469_248,
      nonEmbedding: 3_489_796_096),
    Published(
      description: "Mistral-NeMo-12B", family: "mistral", layers: 40, hidden: 5120, heads: 32,
      ffn: 14336, vocab: 131_072, parameters: 12_247_782_400, nonEmbedding: 10_905_605_120),
    Published(
      description: "Mistral-NeMo-Minitron-8B", family: "mistral", layers: 40, hidden: 4096,
      heads: 32, ffn: 11520, vocab: 131_072, parameters: 8_414_105_600,
      nonEmbedding: 7_340_363_776),
  ]

  @Test(arguments: models)
  func countsEveryParameter(_ model: Published) throws {
    let configuration = try Configuration(model.config, file: "config.json")
    #expect(configuration.parameters == model.parameters)
    #expect(configuration.nonEmbeddingParameters == model.nonEmbedding)
  }

  /// GPT-2, of openai-community/gpt2: 124,439,808 parameters, of which the tied embedding has 50257
  /// · 768 and the positions 1024 · 768.
  @Test func positionsAreEmbeddings() throws {
    let config: JSON = [
      "model_type": "gpt2", "n_layer": 12, "n_embd": 768, "n_head": 12, "n_positions": 1024,
      "vocab_size": 50257,
    ]
    let configuration = try Configuration(config, file: "config.json")
    #expect(configuration.parameters == 124_439_808)
    #expect(configuration.nonEmbeddingParameters == 124_439_808 - (50257 + 1024) * 768)
  }
}
