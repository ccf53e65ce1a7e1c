import Checkpoints
import Compression
import Files
import JSONFormat
import Kernels
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

/// Every loss of a distillation against PyTorch in double precision; `Tests/Fixtures/losses.py`.
@Suite struct LossGoldenTests {
  static let losses = [
    "reverse_kl", "reverse_kl-temperature-2", "mse", "cosine", "topk_kl", "topk_kl-temperature-2",
    "kl-cross_entropy", "every-logit-loss", "hidden", "kl-hidden-auto", "kl-hidden-embedding",
    "kl-states-auto",
  ]
  static let withGradients = [
    "reverse_kl", "mse", "cosine", "topk_kl", "every-logit-loss", "hidden", "kl-hidden-embedding",
    "kl-states-auto",
  ]

  /// What a fixture says of one loss.
  private struct Wanted {
    let record: JSON
    let loss: DistillationLoss
    let settings: TrainingSettings
    let tensors: SafetensorsFile

    init(_ model: String, _ name: String) throws {
      let path = fixturePath("losses/" + model)
      let json = try JSON(reading: MappedFile(path: path + ".json").withBytes(Array.init))
      record = try #require(json["runs"]?[name])
      loss = try #require(DistillationLoss(record))
      settings = try TrainingSettings(try #require(json["options"]))
      tensors = try SafetensorsFile(path: path + ".safetensors")
    }

    func floats(_ name: String) throws -> [Float] {
      try #require(tensors.tensor(named: name)).floats()
    }

    func series(_ json: JSON?) throws -> [Double] {
      try #require(json?.array).compactMap(\.double)
    }

    /// Gives the projection the values that PyTorch began with.
    func begin(_ learned: [(name: String, tensor: Tensor)]) throws {
      for (_, tensor) in learned {
        try tensor.assign(
          Tensor(floats("projection"), shape: tensor.shape, on: tensor.device))
      }
    }
  }

  private static func student(_ golden: Golden, of teacher: Model) throws -> Model {
    try Student(golden, try #require(golden.json["runs"]?["distill"]), from: teacher).model
  }

  @Test(arguments: ["llama-tied", "mistral"], losses)
  func everyRun(name: String, loss: String) throws {
    try Self.expectRun(name, loss, on: anyDevice)
  }

  @Test(arguments: testDevices, ["every-logit-loss", "kl-hidden-embedding"])
  func everyDevice(_ test: TestDevice, loss: String) throws {
    try Self.expectRun("llama-tied", loss, on: test.device)
  }

  private static func expectRun(_ name: String, _ loss: String, on device: any Device) throws {
    let wanted = try Wanted(name, loss)
    let golden = try Golden(name)
    let teacher = try golden.model(on: device)
    let trainer = try Trainer(
      student(golden, of: teacher), .distillation(teacher: teacher, loss: wanted.loss),
      golden.windows("windows"), settings: wanted.settings)
    try wanted.begin(trainer.learned)
    try trainer.train()
    let run = trainer.run
    for (step, value) in try wanted.series(wanted.record["loss"]).enumerated() {
      #expect(abs(run.loss[step] - value) < 1e-5 * max(1, value), "loss of step \(step)")
    }
    for (step, norm) in try wanted.series(wanted.record["gradient_norm"]).enumerated() {
      #expect(abs(run.gradientNorm[step] - norm) < 2e-5 * max(1, norm), "gradient of step \(step)")
    }
    let names = wanted.loss.parts.map(\.term.rawValue)
    #expect(run.termNames == (names.count > 1 ? names : []))
    for term in run.termNames {
      for (step, value) in try wanted.series(wanted.record["terms"]?[term]).enumerated() {
        let found = try #require(run.terms[term])[step]
        #expect(abs(found - value) < 1e-5 * max(1, value), "\(term) of step \(step)")
      }
    }
    #expect(run.objective == wanted.loss.name)
  }

  /// The gradient of every weight and of the projection, within 2e-5 of the largest element.
  @Test(arguments: testDevices, withGradients)
  func everyGradient(_ test: TestDevice, loss: String) throws {
    let wanted = try Wanted("llama-tied", loss)
    let golden = try Golden("llama-tied")
    let teacher = try golden.model(on: test.device)
    let student = try Self.student(golden, of: teacher)
    let objective = try Objective.distillation(teacher: teacher, loss: wanted.loss)
      .loss(for: student, golden.windows("windows"), seed: 0)
    try wanted.begin(objective.learned)
    let names = student.weights.names + objective.learned.map { _ in "projection" }
    let leaves = student.weights.all + objective.learned.map(\.tensor)
    for leaf in leaves { leaf.isTracked = true }
    let found = try gradients(of: objective.loss(of: [0, 1]).total, for: leaves)
    for (name, gradient) in zip(names, found) {
      guard wanted.tensors.tensor(named: "gradients.\(loss).\(name)") != nil else {
        // PyTorch has no gradient where the loss does not depend on the weight.
        #expect(try gradient.floats().allSatisfy { $0 == 0 }, "\(name)")
        continue
      }
      let values = try wanted.floats("gradients.\(loss).\(name)")
      let largest = values.map(abs).max() ?? 0
      #expect(maximumDifference(try gradient.floats(), values) <= 2e-5 * largest, "\(name)")
    }
  }
}
