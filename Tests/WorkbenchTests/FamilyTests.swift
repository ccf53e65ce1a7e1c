import TestTools
import Testing
import Workbench

/// Families with other names than llama's, in the language.
@Suite struct FamilyTests {
  private static let models = fixturePath("models")

  @Test func gpt2HasLayersAndWeights() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("m = load(\"\(Self.models)/gpt2\")")
    #expect(try recorded.run("len(m.layers)") == "3")
    #expect(
      try recorded.run("m.layers[1].attn.c_attn.bias.shape")
        == recorded.run("m.weights[\"transformer.h.1.attn.c_attn.bias\"].shape"))
    #expect(
      try recorded.run("(m.hidden, m.heads, m.kv_heads, m.head_dim, m.ffn)") == "(24, 4, 4, 6, 96)")
    _ = try recorded.run("before = logits(m, [5, 6])\nm.layers[2].mlp.c_fc.bias = 3.0")
    #expect(try recorded.run("(logits(m, [5, 6]) - before).abs().max().item() > 0") == "True")
    #expect(
      try recorded.error("logits(m, [5] * 49)").message
        == "gpt2 has learned 48 positions and cannot take 49: take shorter windows")
  }

  @Test(arguments: ["gpt2", "nemotron", "qwen2", "qwen3"])
  func theWholePath(_ name: String) throws {
    try withTemporaryFolder { folder in
      let recorded = try RecordingSession()
      _ = try recorded.run(
        """
        m = load("\(Self.models)/\(name)")
        d = tokens([[1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1]])
        s = importance(m, d)
        small = prune(m, s, hidden=0.75, heads=0.5 if m.kv_heads < m.heads else 0.75, ffn=0.5, layers=2)
        run = distill(small, m, d, steps=2, batch=1)
        save(small, "\(folder)/small")
        again = load("\(folder)/small")
        """)
      #expect(try recorded.run("again.parameters == small.parameters") == "True")
      #expect(try recorded.run("loss(again, d).mean == loss(small, d).mean") == "True")
      // Widths so small are no multiples of 32; nothing else is to be said.
      #expect(recorded.notices.allSatisfy { $0.contains("is no multiple of 32") })
    }
  }
}
