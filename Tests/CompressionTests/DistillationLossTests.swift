import Compression
import Kernels
import Models
import Tensors
import TestFixtures
import Testing

/// What a distillation can be asked to minimize, and what it refuses.
@Suite struct DistillationLossTests {
  private static let combined = DistillationLoss(
    [
      .init(.kl), .init(.crossEntropy, .number(0.5)), .init(.hidden, .automatic),
      .init(.embedding, .number(2)), .init(.topKL, .number(1)),
    ], pairs: [.init(teacher: -1, student: 2), .init(teacher: 1, student: 0)], temperature: 1.5,
    k: 7)

  @Test func namesAreTheSameForTheSameLoss() {
    #expect(DistillationLoss(.kl).name == "kl")
    #expect(DistillationLoss(.reverseKL, temperature: 2).name == "reverse_kl")
    #expect(DistillationLoss(.topKL, k: 10).name == "topk_kl(k=10)")
    #expect(
      Self.combined.name
        == "kl + 0.5 cross_entropy + auto hidden(-1:2, 1:0) + 2 embedding + topk_kl(k=7)")
  }

  @Test func whatMeansNothing() throws {
    let golden = try Golden("llama-tied")
    let teacher = try golden.model()
    let student = try prune(teacher, PruningRequest(drop: [1]))
    func error(_ loss: DistillationLoss, teacher: Model? = nil) throws -> String? {
      var settings = TrainingSettings(steps: 1)
      settings.batch = 1
      let windows = try golden.windows("windows")
      let model = try teacher ?? golden.model()
      return message {
        try Trainer(student, .distillation(teacher: model, loss: loss), windows, settings: settings)
      }
    }
    func part(
      _ term: DistillationLoss.Term, _ weight: DistillationLoss.Weight = .number(1)
    ) -> DistillationLoss.Part { .init(term, weight) }
    #expect(try error(.init([])) == "a loss needs at least one term, such as 'kl'")
    #expect(try error(.init([part(.kl), part(.kl)])) == "the loss has 'kl' twice")
    #expect(
      try error(.init([part(.mse, .number(0))]))
        == "the weight of 'mse' must be a positive number, not 0.0; leave a term out that is not to "
        + "count")
    #expect(
      try error(.init([part(.kl, .automatic)]))
        == "'kl' takes a number as its weight: 'auto' is for 'hidden' and 'embedding'")
    #expect(
      try error(.init([part(.crossEntropy), part(.embedding, .automatic)]))
        == "the weight 'auto' of 'embedding' needs a term on the teacher's logits beside it, such "
        + "as 'kl'")
    #expect(
      try error(.init(.topKL, k: 97))
        == "k must be between 1 and 96, not 97; 'kl' compares the whole vocabulary")
    #expect(try error(.init(.topKL, k: 0))?.hasPrefix("k must be between 1 and 96, not 0") == true)
    #expect(
      try error(.init(.hidden))
        == "'hidden' needs pairs of layers: {\"hidden\": {\"pairs\": [(teacher, student)]}}")
    #expect(
      try error(.init([part(.hidden)], pairs: [.init(teacher: 0, student: 3)]))
        == "the student has layers 0 to 2 (or -3 to -1), no layer 3")
    #expect(
      try error(.init([part(.hidden)], pairs: [.init(teacher: -5, student: 0)]))
        == "the teacher has layers 0 to 3 (or -4 to -1), no layer -5")
    #expect(
      try error(
        .init([part(.hidden)], pairs: [.init(teacher: 1, student: 0)]),
        teacher: mask(teacher, layers: [1]))
        == "layer 1 of the teacher is masked: it has no state to compare with")
  }

  /// Where widths are equal the projection begins as the identity; else the seed decides.
  @Test(arguments: testDevices)
  func theProjectionBeginsAsDocumented(_ test: TestDevice) throws {
    let golden = try Golden("llama-tied")
    let teacher = try golden.model(on: test.device)
    let windows = try golden.windows("windows")
    let loss = DistillationLoss([.init(.kl), .init(.embedding, .automatic)])
    func projection(_ student: Model, seed: Int) throws -> Tensor {
      let learned = try Objective.distillation(teacher: teacher, loss: loss)
        .loss(for: student, windows, seed: seed).learned
      #expect(learned.map(\.name) == ["distillation.projection.weight"])
      return try #require(learned.first).tensor
    }
    let same = try projection(prune(teacher, PruningRequest(drop: [1])), seed: 1)
    #expect(same.shape == [36, 36])
    #expect(try same.floats() == (0..<36 * 36).map { $0 % 37 == 0 ? 1 : 0 })
    let scores = try importance(teacher, windows)
    let narrow = try prune(teacher, PruningRequest(hidden: .count(24)), by: scores)
    let first = try projection(narrow, seed: 1)
    #expect(first.shape == [36, 24])
    #expect(try first.floats() == projection(narrow, seed: 1).floats())
    #expect(try first.floats() != projection(narrow, seed: 2).floats())
    let squares = try first.floats().reduce(0) { $0 + $1 * $1 }
    #expect(abs(squares / 36 - 1) < 0.2)
  }

  /// A student that is its teacher has no distance, and no weight to find.
  @Test func aStudentThatIsItsTeacher() throws {
    let golden = try Golden("llama-tied")
    let teacher = try golden.model()
    let loss = DistillationLoss(
      [.init(.kl), .init(.hidden, .automatic)], pairs: [.init(teacher: 1, student: 1)])
    var settings = TrainingSettings(steps: 2)
    settings.batch = 2
    let trainer = try Trainer(
      golden.model(), .distillation(teacher: teacher, loss: loss), golden.windows("windows"),
      settings: settings)
    try trainer.train()
    #expect(abs(trainer.run.loss[0]) < 1e-6)
    #expect(trainer.run.terms["hidden"]?[0] == 0)
  }

  /// Terms of several passes are averaged as the loss is.
  @Test func accumulationAveragesTheTerms() throws {
    func terms(batch: Int, accumulate: Int) throws -> [Double] {
      let golden = try Golden("llama-tied")
      let teacher = try golden.model()
      var settings = TrainingSettings(steps: 1)
      settings.batch = batch
      settings.accumulate = accumulate
      let trainer = try Trainer(
        prune(teacher, PruningRequest(drop: [1])),
        .distillation(
          teacher: teacher, loss: .init([.init(.kl), .init(.embedding, .number(0.5))])),
        golden.windows("windows"), settings: settings)
      try trainer.train()
      return ["kl", "embedding"].compactMap { trainer.run.terms[$0]?.first } + trainer.run.loss
    }
    let whole = try terms(batch: 4, accumulate: 1)
    #expect(whole.count == 3)
    for (a, b) in zip(whole, try terms(batch: 2, accumulate: 2)) { #expect(abs(a - b) < 1e-6) }
  }

  /// Both precisions compute every term, near each other.
  @Test func bfloatOperands() throws {
    let test = try #require(testDevices.first { $0.precisions.contains(.bf16) })
    var losses: [Double] = []
    for precision in test.precisions {
      let device = try test.device(at: precision)
      let golden = try Golden("llama-tied")
      let teacher = try golden.model(on: device)
      let parts: [DistillationLoss.Part] = DistillationLoss.Term.allCases.map { .init($0) }
      let loss = DistillationLoss(parts, pairs: [.init(teacher: -1, student: -1)], k: 9)
      var settings = TrainingSettings(steps: 1)
      settings.batch = 2
      let trainer = try Trainer(
        prune(teacher, PruningRequest(drop: [1])), .distillation(teacher: teacher, loss: loss),
        golden.windows("windows"), settings: settings)
      try trainer.train()
      losses.append(trainer.run.loss[0])
    }
    #expect(losses.count == 2 && losses[0] != losses[1])
    #expect(abs(losses[0] - losses[1]) < 0.05 * losses[0])
  }
}
