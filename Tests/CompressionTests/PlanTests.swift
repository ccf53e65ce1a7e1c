import Compression
import JSONFormat
import Models
import TestFixtures
import Testing

/// Counts from configurations alone.
@Suite struct PlanTests {
  /// Shapes of arXiv 2407.14679 and 2408.11796, by what was cut to reach them.
  private static let llama8B: JSON = [
    "model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "head_dim": 128, "vocab_size": 128_256, "tie_word_embeddings": false,
  ]
  private static let nemo12B: JSON = [
    "model_type": "mistral", "hidden_size": 5120, "intermediate_size": 14336,
    "num_hidden_layers": 40, "num_attention_heads": 32, "num_key_value_heads": 8,
    "head_dim": 128, "vocab_size": 131_072, "tie_word_embeddings": false,
  ]

  private func plan(_ config: JSON, _ request: PruningRequest = PruningRequest()) throws -> Plan {
    try Plan(Configuration(config, file: "config.json"), request)
  }

  @Test func publishedCuts() throws {
    let width = PruningRequest(hidden: .count(3072), ffn: .count(9216))
    let found = try plan(Self.llama8B, width)
    #expect(found.before.parameters == 8_030_261_248)
    #expect(found.before.nonEmbeddingParameters == 6_979_588_096)
    #expect(found.after.parameters == 4_512_746_496)
    #expect(found.after.nonEmbeddingParameters == 3_724_741_632)
    #expect(
      try plan(Self.llama8B, PruningRequest(layers: .count(16))).after.parameters == 4_540_469_248)
    #expect(
      try plan(Self.llama8B, PruningRequest(drop: Array(15..<31))).after.parameters
        == 4_540_469_248)
    let nemo = try plan(Self.nemo12B, PruningRequest(hidden: .count(4096), ffn: .count(11520)))
    #expect(nemo.before.parameters == 12_247_782_400)
    #expect(nemo.after.parameters == 8_414_105_600)
    #expect(nemo.after.nonEmbeddingParameters == 7_340_363_776)
  }

  /// By hand, for Llama-3.1-8B: a layer multiplies by q, o of 4096 × 4096, k, v of 4096 × 1024, and
  /// three matrices of 4096 × 14336; the head is 4096 × 128256.
  @Test func costs() throws {
    let model = try plan(Self.llama8B).after
    let layer = 2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 14336
    let products = 2 * (32 * layer + 4096 * 128_256)
    #expect(model.operationsPerToken() == products)
    #expect(model.operationsPerToken(length: 1000) == products + 4 * 32 * 32 * 128 * 1000)
    #expect(model.cacheBytesPerToken(as: .bf16) == 2 * 32 * 8 * 128 * 2)
    #expect(try model.bytes(as: .bf16) == 2 * 8_030_261_248)
    #expect(try model.bytes(as: .f32) == 4 * 8_030_261_248)
    // Matrices in blocks of 32 values in 34 bytes, the 65 norms of 4096 in f32.
    let norms = 65 * 4096
    #expect(try model.bytes(as: .q8_0) == (8_030_261_248 - norms) / 32 * 34 + norms * 4)
    let odd = try plan(Self.llama8B, PruningRequest(ffn: .count(14_330))).after
    #expect(
      message { try odd.bytes(as: .q8_0) }
        == "model.layers.0.mlp.down_proj.weight [4096, 14330] has no form in q8_0: its rows are no "
        + "multiple of 32")
  }

  @Test(arguments: Golden.names)
  func countsOfCutModels(name: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let scores = try importance(model, golden.windows("windows"))
    for request in [
      PruningRequest(hidden: .fraction(0.6), ffn: .count(17), layers: .count(2)),
      PruningRequest(heads: .fraction(0.5)), PruningRequest(drop: [1]),
    ] {
      let student = try prune(model, request, by: scores)
      let plan = try Plan(model.configuration, request)
      #expect(plan.after.parameters == student.parameters)
      let (planned, found) = (plan.after.architecture, student.architecture)
      #expect(planned.layers == found.layers && planned.hidden == found.hidden)
      #expect(planned.heads == found.heads && planned.kvHeads == found.kvHeads)
      #expect(planned.ffn == found.ffn)
      #expect(try plan.after.bytes(as: student.storedType) == student.savedBytes)
    }
    #expect(
      message { try Plan(model.configuration, PruningRequest(ffn: .count(0))) }
        == message { try prune(model, PruningRequest(ffn: .count(0)), by: scores) })
  }

  @Test func unkindWidths() throws {
    let kind = PruningRequest(hidden: .count(3072), ffn: .count(9216))
    #expect(try plan(Self.llama8B, kind).warnings == [])
    #expect(
      try plan(Self.llama8B, PruningRequest(ffn: .count(9216 + 32))).warnings == [
        "ffn 9248 is no multiple of 256: K-quants of GGUF cannot hold it"
      ])
    #expect(
      try plan(Self.llama8B, PruningRequest(hidden: .count(3001))).warnings == [
        "hidden 3001 is no multiple of 32: a Q8_0 GGUF cannot hold it, and matrix units work by 16 "
          + "or 32",
        "transformers 5 refuses a llama whose hidden size (3001) is no multiple of its heads (32); "
          + "Pare opens it",
      ])
    // The same width in a mistral opens in transformers.
    #expect(try plan(Self.nemo12B, PruningRequest(hidden: .count(3001))).warnings.count == 1)
  }
}
