import Compression
import JSONFormat
import Kernels
import Models
import Tensors
import TestFixtures
import Testing

/// Runs of eight steps against PyTorch's in double precision.
@Suite struct TrainingGoldenTests {
  static let runs = ["distill", "distill-temperature-2", "distill-decay", "finetune"]

  @Test(arguments: Golden.names, runs)
  func everyRun(name: String, run: String) throws {
    try expectRun(Golden(name), run, on: anyDevice)
  }

  @Test(arguments: ["llama-tied", "nemotron", "qwen2", "gpt2"], testDevices)
  func everyDevice(name: String, on test: TestDevice) throws {
    try expectRun(Golden(name), "distill", on: test.device)
  }

  private func expectRun(_ golden: Golden, _ name: String, on device: any Device) throws {
    let record = try #require(golden.json["runs"]?[name])
    let wanted = try #require(record["f64"])
    func series(_ key: String) throws -> [Double] {
      try #require(wanted[key]?.array).compactMap(\.double)
    }
    let teacher = try golden.model(on: device)
    let student = try Student(golden, record, from: teacher).model
    let settings = try TrainingSettings(try #require(record["options"]))
    let temperature = record["options"]?["temperature"]?.double ?? 1
    let objective: Objective =
      record["objective"]?.string == "kl"
      ? .distillation(teacher: teacher, temperature: temperature) : .languageModelling
    let trainer = try Trainer(
      student, objective, golden.windows("windows"), heldOut: golden.windows("held_out"),
      settings: settings)
    try trainer.train()
    for (step, loss) in try series("loss").enumerated() {
      #expect(abs(trainer.run.loss[step] - loss) < 1e-5, "loss of step \(step)")
    }
    for (step, rate) in try series("lr").enumerated() {
      #expect(abs(trainer.run.learningRate[step] - rate) < 1e-15)
    }
    for (step, norm) in try series("gradient_norm").enumerated() {
      #expect(abs(trainer.run.gradientNorm[step] - norm) < 2e-5 * norm, "gradient of step \(step)")
    }
    // Large rates with a clip of 0.05 magnify rounding: PyTorch's own f32 run is as far.
    let tolerance = name == "distill-decay" ? 2e-5 : 1e-5
    let heldOut = try series("held_out")
    #expect(trainer.run.heldOut.map(\.step) == Array(0...8))
    #expect(abs((trainer.run.heldOut.first?.loss ?? .nan) - heldOut[0]) < 1e-5)
    #expect(abs((trainer.run.heldOut.last?.loss ?? .nan) - heldOut[1]) < tolerance)
    #expect(trainer.run.tokens == 8 * 2 * 16)
    #expect(trainer.run.objective == (record["objective"]?.string == "kl" ? "kl" : "cross_entropy"))
  }

  /// The gradient of every weight at the first step, within 2e-5 of the weight's largest.
  @Test(arguments: ["llama-tied", "mistral", "nemotron", "qwen3", "gpt2"], testDevices)
  func everyGradient(name: String, on test: TestDevice) throws {
    let golden = try Golden(name)
    let record = try #require(golden.json["runs"]?["distill"])
    let teacher = try golden.model(on: test.device)
    let student = try Student(golden, record, from: teacher).model
    let ids = try golden.windows("windows").batch([0, 1], for: teacher)
    for weight in student.weights.all { weight.isTracked = true }
    let loss = try VocabularyLoss.sum(
      of: [(DivergenceTerm(temperature: 1), 1)],
      teacher: .predicted(.init(hidden: teacher.hidden(ids), head: teacher.head)),
      student: .init(hidden: student.hidden(ids), head: student.head)
    ).total
    let found = try gradients(of: loss, for: student.weights.all)
    for (name, gradient) in zip(student.weights.names, found) {
      let wanted = try golden.floats("gradients." + name)
      let largest = wanted.map(abs).max() ?? 0
      #expect(maximumDifference(try gradient.floats(), wanted) < 2e-5 * largest, "\(name)")
    }
  }
}

/// The student that a golden run began with.
struct Student {
  let model: Model

  init(_ golden: Golden, _ run: JSON, from teacher: Model) throws {
    let name = try #require(run["student"]?.string)
    let cut = try #require(golden.json["pruned"]?[name])
    model = try prune(Kept(try #require(cut["keep"])).masked(teacher), PruningRequest())
  }
}

extension TrainingSettings {
  /// The options of a golden run.
  init(_ json: JSON) throws {
    func number(_ key: String) throws -> Double { try #require(json[key]?.double) }
    self.init(steps: Int(try number("steps")))
    batch = Int(try number("batch"))
    learningRate = try number("lr")
    minimumRate = try number("min_lr")
    warmup = Int(try number("warmup"))
    weightDecay = try number("weight_decay")
    let both = try #require(json["betas"]?.array).compactMap(\.double)
    betas = (both[0], both[1])
    clip = try number("clip")
  }
}
