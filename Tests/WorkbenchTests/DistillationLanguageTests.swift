import Foundation
import TestTools
import Testing
import Workbench

/// The losses of distill in the language: names, dicts, sweeps, caches.
@Suite struct DistillationLanguageTests {
  private static let model = fixturePath("models/llama-tied")

  private func session() throws -> RecordingSession {
    let recorded = try RecordingSession()
    _ = try recorded.run(
      """
      m = load("\(Self.model)")
      d = tokens([[1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1]])
      s = prune(m, drop=[1])
      """)
    return recorded
  }

  @Test(arguments: [
    ("'kl'", "'kl'"), ("'reverse_kl'", "'reverse_kl'"), ("'mse'", "'mse'"),
    ("'cosine'", "'cosine'"), ("'cross_entropy'", "'cross_entropy'"),
    ("'embedding'", "'embedding'"), ("'topk_kl', k=5", "'topk_kl(k=5)'"),
    ("{'kl': 1, 'cross_entropy': 0.5}", "'kl + 0.5 cross_entropy'"),
    (
      "{'kl': 1.0, 'hidden': {'pairs': [(-1, -1), (1, 0)], 'weight': 'auto'}, 'embedding': 2}",
      "'kl + auto hidden(-1:-1, 1:0) + 2 embedding'"
    ),
    ("{'hidden': {'pairs': [(0, 0)]}}", "'hidden(0:0)'"),
  ])
  func everyFormTrains(loss: String, name: String) throws {
    let recorded = try session()
    _ = try recorded.run("r = distill(s, m, d, steps=2, batch=2, lr=1e-3, loss=\(loss))")
    #expect(try recorded.run("r.config['loss']") == name)
    #expect(try recorded.run("r.loss.shape") == "[2]")
  }

  @Test func termsAreRecorded() throws {
    let recorded = try session()
    _ = try recorded.run(
      "r = distill(s, m, d, steps=3, batch=2, loss={'kl': 2, 'cross_entropy': 0.5})")
    #expect(try recorded.run("list(r.terms)") == "['kl', 'cross_entropy']")
    #expect(
      try recorded.run(
        """
        all([abs(2 * r.terms['kl'][i].item() + 0.5 * r.terms['cross_entropy'][i].item()
                 - r.loss[i].item()) < 1e-5 for i in range(3)])
        """) == "True")
    _ = try recorded.run("r = distill(s, m, d, steps=1, batch=2)")
    #expect(try recorded.run("len(r.terms)") == "0")
  }

  @Test func aListIsASweepOverCopies() throws {
    let recorded = try session()
    _ = try recorded.run(
      """
      before = s.weights["model.embed_tokens.weight"].sum().item()
      t = distill(s, m, d, steps=2, batch=2, lr=1e-2, held_out=d,
                  loss=['kl', 'mse', {'kl': 1, 'embedding': 'auto'}])
      """)
    #expect(try recorded.run("t['loss']") == "['kl', 'mse', 'kl + auto embedding']")
    #expect(try recorded.run("t['steps']") == "[2, 2, 2]")
    #expect(
      try recorded.run("t.columns")
        == "['loss', 'steps', 'lm_loss_before', 'perplexity_before', 'lm_loss', 'perplexity', "
        + "'distillation_loss']")
    // The same student each time, left as it was; the one loss alone gives the same row.
    #expect(
      try recorded.run("before == s.weights['model.embed_tokens.weight'].sum().item()") == "True")
    #expect(
      try recorded.run("[x == t['lm_loss_before'][0] for x in t['lm_loss_before']]")
        == "[True, True, True]")
    #expect(try recorded.run("t['lm_loss'][0] != t['lm_loss'][1]") == "True")
    #expect(
      try recorded.run(
        """
        r = distill(s, m, d, steps=2, batch=2, lr=1e-2, held_out=d)
        [r.loss[1].item() == t['distillation_loss'][0],
         abs(r.held_out[-1, 1].item() - t['lm_loss'][0]) < 1e-6]
        """) == "[True, True]")
    _ = try recorded.run("t = distill(s, m, d, steps=1, batch=1, loss=['cosine'])")
    #expect(try recorded.run("t['lm_loss']") == "[None]")
  }

  @Test func aCacheServesASweep() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/cache-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let recorded = try session()
    recorded.session.folder = folder
    let live = try recorded.run(
      "distill(s, m, d, steps=2, batch=2, loss=['kl', 'mse'])['distillation_loss']")
    let command =
      "distill(s, m, d, steps=2, batch=2, loss=['kl', 'mse'], cache='t.cache')['distillation_loss']"
    let cached = try recorded.run(command)
    #expect(FileManager.default.fileExists(atPath: folder + "/t.cache"))
    #expect(try recorded.run(command) == cached)
    func numbers(_ text: String?) -> [Double] {
      (text ?? "").split { "[], ".contains($0) }.compactMap { Double($0) }
    }
    #expect(numbers(live).count == 2)
    for (a, b) in zip(numbers(live), numbers(cached)) { #expect(abs(a - b) < 1e-6) }
    _ = try recorded.run(
      "distill(s, m, d, steps=1, batch=2, cache={'path': 'top.cache', 'top': 5})")
    #expect(
      recorded.notices.last?.hasPrefix(
        "top.cache keeps the 5 largest log-probabilities of each position: the other ids have a "
          + "probability of 0.") == true)
    _ = try recorded.run(
      "distill(s, m, d, steps=1, batch=2, cache={'path': 'b.cache', 'type': 'bf16'})")
    #expect(
      try recorded.error("distill(s, m, d, steps=1, batch=2, cache='top.cache')").message.contains(
        "is of the 5 largest log-probabilities, not of whole logits in f32"))
    // What cannot be served is refused before the teacher runs.
    #expect(
      try recorded.error(
        "distill(s, m, d, steps=1, batch=2, loss='mse', cache={'path': 'new.cache', 'top': 5})"
      ).message.contains("'mse' compares every logit"))
    #expect(!FileManager.default.fileExists(atPath: folder + "/new.cache"))
  }

  @Test(arguments: [
    ("loss='kll'", "not 'kll'; did you mean 'kl'?"),
    ("loss='revers_kl'", "did you mean 'reverse_kl'?"),
    ("loss={'cross_entrpy': 1}", "did you mean 'cross_entropy'?"),
    ("loss={1: 1}", "the keys of loss are names of terms, not an int"),
    ("loss={'kl': 'much'}", "the weight of 'kl' is a number or 'auto', not a string"),
    ("loss={'kl': 0}", "the weight of 'kl' must be a positive number"),
    ("loss={'kl': 'auto'}", "'kl' takes a number as its weight"),
    ("loss={}", "a loss needs at least one term"),
    ("loss=3", "loss is a name such as 'kl', a dict of weights, or a list of such, not an int"),
    ("loss=[]", "loss is an empty list"),
    ("loss='hidden'", "'hidden' needs pairs of layers"),
    ("loss={'hidden': 1}", "'hidden' takes {\"pairs\": [(teacher, student)]"),
    ("loss={'hidden': {'pair': [(0, 0)]}}", "not 'pair'; did you mean 'pairs'?"),
    ("loss={'hidden': {'weight': 1}}", "'hidden' needs \"pairs\""),
    ("loss={'hidden': {'pairs': [(0, 1, 2)]}}", "two ints, not (0, 1, 2)"),
    ("loss={'hidden': {'pairs': [3]}}", "two ints, not 3"),
    ("loss={'hidden': {'pairs': [(9, 0)]}}", "the teacher has layers 0 to 3"),
    ("loss='topk_kl'", "k must be between 1 and 96, not 100"),
    ("cache=3", "cache must be a path"),
    ("cache={'top': 3}", "cache needs a \"path\""),
    ("cache={'path': 'x', 'tops': 3}", "not 'tops'; did you mean 'top'?"),
    ("cache={'path': 'x', 'top': 'a'}", "\"top\" of cache is an int, not a string"),
    ("cache={'path': 'x', 'top': 3, 'type': 'f32'}", "not both"),
    ("cache={'path': 'x', 'type': 'f16'}", "\"type\" of cache is \"f32\" or \"bf16\""),
    ("cache={'path': 'x', 'top': 97}", "top must be between 1 and 96, not 97"),
  ])
  func saysWhatIsWrong(argument: String, part: String) throws {
    let recorded = try session()
    let message = try recorded.error("distill(s, m, d, steps=1, batch=1, \(argument))").message
    #expect(message.contains(part), "\(message)")
    #expect(try recorded.run("1 + 1") == "2")
  }
}
