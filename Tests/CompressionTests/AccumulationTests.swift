import Compression
import Corpus
import Models
import TestFixtures
import Testing

/// Passes of one update are one larger batch, also where a loss does not reach every weight.
@Suite struct AccumulationTests {
  private func run(
    _ loss: DistillationLoss, batch: Int, accumulate: Int, _ tokens: TokenWindows? = nil
  ) throws -> (run: Run, student: Model) {
    let golden = try Golden("llama-untied-rope3")
    let teacher = try golden.model()
    let student = try student(of: teacher)
    var settings = TrainingSettings(steps: 3)
    settings.batch = batch
    settings.accumulate = accumulate
    settings.learningRate = 1e-2
    let trainer = try Trainer(
      student, .distillation(teacher: teacher, loss: loss), tokens ?? golden.windows("windows"),
      settings: settings)
    try trainer.train()
    return (trainer.run, student)
  }

  /// Narrower than its teacher, so that states differ from the first step on.
  private func student(of teacher: Model) throws -> Model {
    let scores = try importance(teacher, Golden("llama-untied-rope3").windows("windows"))
    return try prune(teacher, PruningRequest(hidden: .count(24)), by: scores)
  }

  @Test(arguments: [
    DistillationLoss([.init(.embedding)]),
    DistillationLoss([.init(.hidden)], pairs: [.init(teacher: 0, student: 0)]),
    DistillationLoss(.kl), DistillationLoss(.crossEntropy),
  ])
  func passesAreOneBatch(_ loss: DistillationLoss) throws {
    let whole = try run(loss, batch: 4, accumulate: 1)
    let parts = try run(loss, batch: 2, accumulate: 2)
    for (a, b) in zip(whole.run.loss, parts.run.loss) { #expect(abs(a - b) < 1e-5 * abs(a)) }
    for (a, b) in zip(whole.run.gradientNorm, parts.run.gradientNorm) {
      #expect(abs(a - b) < 1e-4 * a)
    }
  }

  /// The embeddings' distance says nothing of layers: they stay as they are, bit for bit.
  @Test func whatIsNotReachedStays() throws {
    let before = try student(of: Golden("llama-untied-rope3").model())
    let after = try run(DistillationLoss([.init(.embedding)]), batch: 2, accumulate: 2).student
    for name in before.weights.names {
      let (old, new) = (
        try #require(before.weights[name]).floats(), try #require(after.weights[name]).floats()
      )
      let isSame = old == new
      #expect(isSame == (name != "model.embed_tokens.weight"), "\(name)")
    }
  }

  /// Prompts that are masked unevenly: every counted target weighs the same.
  @Test func unevenPromptsAreOneBatch() throws {
    let ids = try Golden("llama-untied-rope3").windows("windows").ids.map { Int($0) }
    let learnt = ids.indices.map { $0 % 16 > ($0 / 16 % 2 == 0 ? 12 : 2) }
    let tokens = try TokenWindows(ids, length: 16, learnt: learnt)
    let loss = DistillationLoss(.crossEntropy)
    let whole = try run(loss, batch: 4, accumulate: 1, tokens)
    let parts = try run(loss, batch: 1, accumulate: 4, tokens)
    for (a, b) in zip(whole.run.loss, parts.run.loss) { #expect(abs(a - b) < 1e-5 * a) }
    #expect(tokens.identity != (try TokenWindows(ids, length: 16)).identity)
  }
}
