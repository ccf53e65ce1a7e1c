import Compression
import Corpus
import Kernels
import Models
import Tensors
import TestFixtures
import Testing

/// The trainer's rules beyond its numbers.
@Suite struct TrainerTests {
  private func student(on device: any Device = anyDevice) throws -> Model {
    try prune(Golden("llama-tied").model(on: device), PruningRequest(drop: [1]))
  }

  private func distilled(
    on device: any Device = anyDevice, _ change: (inout TrainingSettings) -> Void
  ) throws -> (run: Run, weights: [[Float]]) {
    let golden = try Golden("llama-tied")
    var settings = TrainingSettings(steps: 5)
    settings.batch = 2
    settings.learningRate = 1e-3
    change(&settings)
    let student = try student(on: device)
    let trainer = try Trainer(
      student, .distillation(teacher: golden.model(on: device), temperature: 1),
      golden.windows("windows"), heldOut: golden.windows("held_out"), settings: settings)
    try trainer.train()
    return (trainer.run, try student.weights.all.map { try $0.floats() })
  }

  /// Two passes of two windows make the update of one pass of four.
  @Test func accumulationIsALargerBatch() throws {
    let whole = try distilled { $0.batch = 4 }
    let halves = try distilled { $0.accumulate = 2 }
    for (a, b) in zip(whole.run.loss, halves.run.loss) { #expect(abs(a - b) < 1e-6) }
    for (a, b) in zip(whole.run.gradientNorm, halves.run.gradientNorm) {
      #expect(abs(a - b) < 1e-5 * a)
    }
    for (a, b) in zip(whole.weights, halves.weights) { #expect(maximumDifference(a, b) < 1e-5) }
    #expect(whole.run.tokens == halves.run.tokens)
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    func shuffled(_ seed: Int) throws -> (run: Run, weights: [[Float]]) {
      try distilled {
        $0.shuffle = true
        $0.seed = seed
      }
    }
    let (first, second, other) = (try shuffled(3), try shuffled(3), try shuffled(4))
    #expect(first.weights == second.weights && first.run.loss == second.run.loss)
    #expect(first.weights != other.weights)
  }

  @Test(arguments: InstructionSet.available)
  func threadsDoNotChangeABit(_ instructionSet: InstructionSet) throws {
    let runs = try [1, 2, 3].map { threads in
      try distilled(on: CPUDevice(threads: threads, instructionSet: instructionSet)) { _ in }
    }
    for run in runs.dropFirst() {
      #expect(run.weights == runs[0].weights)
      #expect(run.run.loss == runs[0].run.loss && run.run.gradientNorm == runs[0].run.gradientNorm)
      #expect(run.run.heldOut.map(\.loss) == runs[0].run.heldOut.map(\.loss))
    }
  }

  @Test func heldOutLossesComeAtTheirSteps() throws {
    let all = try distilled { $0.every = 2 }
    #expect(all.run.heldOut.map(\.step) == [0, 2, 4, 5])
    let ends = try distilled { $0.every = 100 }
    #expect(ends.run.heldOut.map(\.step) == [0, 5])
    // A tenth of the steps where nothing is said.
    #expect(
      try distilled { $0.steps = 25 }.run.heldOut.map(\.step) == Array(0...12).map { 2 * $0 } + [25]
    )
  }

  /// Without a clip the gradients are measured too, and not scaled.
  @Test func withoutAClipTheNormIsKept() throws {
    let run = try distilled { $0.clip = nil }.run
    let large = try distilled { $0.clip = 1e6 }.run
    #expect(run.gradientNorm == large.gradientNorm && run.loss == large.loss)
    #expect(run.gradientNorm.count == 5 && run.tokensPerSecond > 0)
  }

  /// More passes than there are windows: they wrap around inside a step.
  @Test func accumulationWrapsAroundInsideAStep() throws {
    let run = try distilled {
      $0.batch = 2
      $0.accumulate = 5
      $0.steps = 2
    }
    // Ten windows a step are the five there are, twice: a step of each of them once.
    let whole = try distilled {
      $0.batch = 5
      $0.steps = 2
    }
    for (a, b) in zip(run.run.loss, whole.run.loss) { #expect(abs(a - b) < 1e-6) }
    for (a, b) in zip(run.weights, whole.weights) { #expect(maximumDifference(a, b) < 1e-5) }
    #expect(run.run.tokens == 2 * 10 * 16)
  }

  @Test(arguments: testDevices)
  func aNonFiniteLossNamesItsWeightAndChangesNothing(_ test: TestDevice) throws {
    let golden = try Golden("mistral")
    let model = try golden.model(on: test.device)
    let name = "model.layers.0.self_attn.q_proj.weight"
    try #require(model.weights[name]).setItem(
      [.at(0), .at(0)], to: Tensor.full([], .nan, on: model.device))
    let before = try model.weights.all.map { try $0.floats().map(\.bitPattern) }
    var settings = TrainingSettings(steps: 3)
    settings.batch = 1
    let trainer = try Trainer(
      model, .languageModelling, golden.windows("windows"), settings: settings)
    #expect(
      message { try trainer.train() }
        == "the loss is nan at step 0: the weight '\(name)' of mistral holds a NaN or an infinity")
    #expect(try model.weights.all.map { try $0.floats().map(\.bitPattern) } == before)
    #expect(model.weights.all.allSatisfy { !$0.isTracked })
    // Mended, the run goes on as if nothing had been: the optimizer has seen none of it either.
    try #require(model.weights[name]).setItem(
      [.at(0), .at(0)], to: Tensor.full([], 0.25, on: model.device))
    try trainer.train()
    let fresh = try golden.model(on: test.device)
    try #require(fresh.weights[name]).setItem(
      [.at(0), .at(0)], to: Tensor.full([], 0.25, on: model.device))
    let other = try Trainer(
      fresh, .languageModelling, golden.windows("windows"), settings: settings)
    try other.train()
    #expect(trainer.run.loss == other.run.loss)
    #expect(
      try model.weights.all.map { try $0.floats() } == fresh.weights.all.map { try $0.floats() })
  }

  @Test func settingsThatMeanNothing() throws {
    func error(_ change: (inout TrainingSettings) -> Void) -> String? {
      message { try distilled(change) }
    }
    #expect(error { $0.steps = 0 } == "steps must be at least 1, not 0")
    #expect(error { $0.batch = 0 } == "batch must be at least 1, not 0")
    #expect(error { $0.batch = 6 } == "batch=6 is larger than the 5 windows there are")
    #expect(error { $0.accumulate = 0 } == "accumulate must be between 1 and 1048576, not 0")
    #expect(error { $0.learningRate = 0 } == "lr must be a positive number, not 0.0")
    #expect(
      error { $0.minimumRate = 1 } == "min_lr must be between 0 and lr=0.001, not 1.0")
    #expect(error { $0.warmup = 6 } == "warmup must be between 0 and steps=5, not 6")
    #expect(error { $0.weightDecay = -1 } == "weight_decay must be at least 0, not -1.0")
    #expect(error { $0.betas = (0.9, 1) } == "betas must be in [0, 1), not 1.0")
    #expect(error { $0.clip = 0 } == "clip must be positive or None, not 0.0")
    #expect(error { $0.every = 0 } == "every must be at least 1, not 0")
  }

  @Test func modelsThatDoNotGoTogether() throws {
    let golden = try Golden("llama-tied")
    let model = try golden.model()
    func error(_ student: Model, _ teacher: Model, _ temperature: Double = 1) -> String? {
      var settings = TrainingSettings(steps: 1)
      settings.batch = 1
      return message {
        try Trainer(
          student, .distillation(teacher: teacher, temperature: temperature),
          golden.windows("windows"), settings: settings)
      }
    }
    #expect(
      error(model, model)
        == "student and teacher share their weights: the teacher would change with the student")
    #expect(
      error(try student(), try golden.model(on: CPUDevice(threads: 1)))
        == "the student is on cpu and the teacher on cpu: move one with .to(\"cpu\")")
    #expect(error(try student(), model, -1) == "temperature must be positive, not -1.0")
    // A teacher with a mask is a teacher like any other.
    #expect(error(try student(), try mask(model, layers: [0])) == nil)
  }
}
