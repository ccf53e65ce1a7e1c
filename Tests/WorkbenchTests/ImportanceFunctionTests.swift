import Foundation
import TestTools
import Testing
import Workbench

/// Importance, depth and activations as a user calls them.
@Suite struct ImportanceFunctionTests {
  private static let models = fixturePath("models")
  private static var model: String { models + "/llama-tied" }

  private func session() throws -> RecordingSession {
    let recorded = try RecordingSession()
    _ = try recorded.run(
      """
      m = load("\(Self.model)")
      d = tokens([[(i * 7 + j * 3) % 96 for j in range(16)] for i in range(4)])
      s = importance(m, d)
      """)
    return recorded
  }

  @Test func thePapersGridIsOneExpression() throws {
    let recorded = try session()
    let grid = try recorded.run(
      """
      ways = ["l2", "mean", "var"]
      grid = [[s.scores("heads", batch=b, sequence=q) for q in ways] for b in ways]
      [len(grid), len(grid[0]), grid[2][1].shape, bool((grid[0][1] == s.heads).all())]
      """)
    #expect(grid == "[3, 3, [4, 6], True]")
    // Nine different rankings of 24 heads, and eighteen of neurons.
    #expect(
      try recorded.run("len({str(x.list()): 0 for row in grid for x in row})") == "9")
    #expect(
      try recorded.run(
        """
        neurons = [s.scores("neurons", b, q, n) for b in ways for q in ways for n in ["pre", "post"]]
        len({str(x.list()): 0 for x in neurons})
        """) == "18")
  }

  @Test func stability() throws {
    let recorded = try session()
    let text = try #require(
      try recorded.run("t = s.stability(\"neurons\", k=10, resamples=50, seed=1); t"))
    #expect(text.hasPrefix("stability of neurons over 50 resamples: tau 0."))
    #expect(text.contains("overlap of the top 10 of 40 0."))
    #expect(
      try recorded.run(
        """
        mean, low, high = t.tau
        [low <= mean, mean <= high, len(t.overlap), t.tau == s.stability("neurons", 10, 50, 1).tau]
        """) == "[True, True, 3, True]")
    // Without a seed the session's is taken.
    #expect(
      try recorded.run(
        """
        seed(1)
        t.tau == s.stability("neurons", k=10, resamples=50).tau
        """) == "True")
  }

  @Test func depthIsATableToPlot() throws {
    let recorded = try session()
    #expect(
      try recorded.run(
        """
        depth = layer_importance(m, d)
        whole = layer_importance(m, d, metric="influence", block="all")
        [depth.shape, whole.shape, depth.argmin().item() in range(4), str(whole[3, 1].item())]
        """) == "[[4], [4, 4], True, 'nan']")
    #expect(
      try recorded.run(
        "abs(depth[1].item() - (loss(mask(m, layers=[1]), d).mean - loss(m, d).mean)) < 1e-5")
        == "True")
    _ = try recorded.run("line(depth); line(depth - depth.min()); heatmap(depth)")
    try withTemporaryFolder { folder in
      _ = try recorded.run("save(heatmap(whole, annotate=True), \"\(folder)/depth.png\")")
      #expect(FileManager.default.fileExists(atPath: folder + "/depth.png"))
    }
  }

  @Test func activationsAndEdits() throws {
    let recorded = try session()
    #expect(
      try recorded.run(
        """
        names = activations(m)
        ids = [1, 2, 3, 4]
        [len(names), names[0], names[-1], activations(m, ids, "layers.3.heads").shape]
        """) == "[46, 'embedding', 'norm', [1, 4, 6, 6]]")
    #expect(
      try recorded.run(
        """
        def off(x):
            x[:, :, 3] = 0
        edited = logits(m, ids, edit={"layers.1.heads": off})
        masked = logits(mask(m, heads=[(1, 3)]), ids)
        [bool(((edited - masked).abs() < 1e-5).all()), bool((edited == logits(m, ids)).all())]
        """) == "[True, False]")
    #expect(
      try recorded.run(
        """
        zero = {"layers.1.heads": lambda x: x * 0}
        all = mask(m, heads=[(1, i) for i in range(6)])
        same = generate(m, ids, max_tokens=5, edit=zero) == generate(all, ids, max_tokens=5)
        [same, abs(loss(m, d, edit=zero).mean - loss(all, d).mean) < 1e-5]
        """) == "[True, True]")
  }

  /// A path in place of a model: nothing is loaded, and the scores are for the model that is.
  @Test func aPathInPlaceOfAModel() throws {
    let recorded = try session()
    #expect(
      try recorded.run(
        """
        p = importance("\(Self.model)", d)
        [bool((p.neurons == s.neurons).all()), p.identity == s.identity,
         loss("\(Self.model)", d).mean == loss(m, d).mean, prune(m, p, ffn=20).ffn,
         bool((layer_importance("\(Self.model)", d) == layer_importance(m, d)).all())]
        """) == "[True, True, True, 20, True]")
  }

  @Test func savedScoresAreRefusedForAnotherModel() throws {
    let recorded = try session()
    try withTemporaryFolder { folder in
      _ = try recorded.run(
        """
        save(s, "\(folder)/scores.safetensors")
        kept = load("\(folder)/scores.safetensors")
        other = load("\(Self.model)")
        other.name = "other"
        other.weights["model.norm.weight"] = other.weights["model.norm.weight"] * 2
        """)
      #expect(try recorded.run("prune(m, kept, ffn=20).ffn") == "20")
      #expect(
        try recorded.error("prune(other, kept, ffn=20)").message
          == "the scores are of llama-tied, not of other: score this model")
    }
  }

  @Test(arguments: [
    ("layer_importance(m, d, block=5)", "block=5 is not possible: the model has 4 layers"),
    ("layer_importance(m, d, block='each')", "block must be an int (layers) or 'all'"),
    ("layer_importance(m, d, metric='los')", "did you mean 'loss'?"),
    ("layer_importance(mask(m, layers=[2]), d)", "layer 2 of llama-tied is switched off already"),
    ("importance('no/such', d)", "no/such: there is no such file or folder"),
    ("tokens('some text', 'no/such')", "no/such: there is no such file or folder"),
    ("importance(3, d)", "model must be a model"),
    ("activations(m, [1, 2], 'layers.1.head')", "did you mean 'layers.1.heads'?"),
    ("activations(m, [1, 2])", "activations needs both ids and a name"),
    ("activations(m, [1, 2], 'layers.4.heads')", "has no activation 'layers.4.heads'"),
    ("activations(m, [96], 'norm')", "id 96 is outside the vocabulary"),
    ("logits(m, [1], edit={'norms': abs})", "has no activation 'norms'; did you mean 'norm'?"),
    ("logits(m, [1], edit={'norm': 3})", "edit takes a dict of functions"),
    ("logits(m, [1], edit=abs)", "edit must be a dict"),
    ("logits(m, [1], edit={'norm': lambda x: 3})", "must return a tensor of its shape or None"),
    ("logits(m, [1], edit={'norm': lambda x: x[0]})", "gives f32 [1, 36], not f32 [1, 1, 36]"),
    ("logits(m, [1], edit={'norm': lambda x: x + oops})", "oops"),
    ("s.stability('neuron')", "did you mean 'neurons'?"),
    ("s.stability('heads', k=0)", "k=0 is not possible"),
    ("importance(m, d[0])", "takes windows of ids"),
  ])
  func saysWhatIsWrong(source: String, part: String) throws {
    let recorded = try session()
    let message = try recorded.error(source).message
    #expect(message.contains(part), "\(message)")
    #expect(try recorded.run("1 + 1") == "2")
  }
}
