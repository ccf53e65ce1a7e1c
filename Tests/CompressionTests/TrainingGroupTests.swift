import Compression
import Files
import JSONFormat
import Tensors
import TestFixtures
import TestTools
import Testing

/// Schedules and parameter groups against PyTorch, from Tests/Fixtures/training.py.
@Suite struct TrainingGroupTests {
  private static func golden(_ key: String) throws -> JSON {
    let bytes = try MappedFile(path: fixturePath("training/golden.json")).withBytes(Array.init)
    return try #require(JSON(reading: bytes)[key])
  }

  @Test(arguments: ["cosine", "linear", "constant", "linear-bare"])
  func everySchedule(name: String) throws {
    let record = try #require(Self.golden("schedules")[name])
    func number(_ key: String) throws -> Double { try #require(record[key]?.double) }
    let schedule = Schedule(
      peak: try number("peak"), floor: try number("floor"), warmup: Int(try number("warmup")),
      steps: Int(try number("steps")),
      decay: try #require(record["decay"]?.string.flatMap(RateDecay.init)))
    let wanted = try #require(record["rates"]?.array).compactMap(\.double)
    #expect(wanted.count == schedule.steps)
    for (step, rate) in wanted.enumerated() {
      #expect(abs(schedule.rate(at: step) - rate) < 1e-15, "step \(step)")
    }
  }

  /// Decay of 3 a step: whether norms decay shows in every loss but the first.
  @Test(arguments: ["decay-all", "decay-matrices"], testDevices)
  func everyGroup(name: String, on test: TestDevice) throws {
    let record = try #require(Self.golden("runs")[name])
    let options = try #require(record["options"])
    let golden = try Golden(try #require(record["model"]?.string))
    var settings = try TrainingSettings(options)
    settings.decay = try #require(options["schedule"]?.string.flatMap(RateDecay.init))
    settings.decayNorms = options["decay_norms"] == true
    let trainer = try Trainer(
      golden.model(on: test.device), .languageModelling, golden.windows("windows"),
      settings: settings)
    try trainer.train()
    let losses = try #require(record["loss"]?.array).compactMap(\.double)
    let norms = try #require(record["gradient_norm"]?.array).compactMap(\.double)
    #expect(trainer.run.loss.count == losses.count)
    for (step, loss) in losses.enumerated() {
      // Large rates magnify rounding; the two groupings differ by 2e-2 and more.
      #expect(abs(trainer.run.loss[step] - loss) < 1e-4, "loss of step \(step)")
      #expect(abs(trainer.run.gradientNorm[step] - norms[step]) < 1e-3, "norm of step \(step)")
    }
  }
}
