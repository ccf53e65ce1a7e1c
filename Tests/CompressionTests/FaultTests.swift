import Compression
import Corpus
import Kernels
import Models
import Tensors
import TestFixtures
import Testing

/// A step that is not finite: the run stops before the weights are touched and says where it began.
@Suite struct FaultTests {
  /// A model of finite weights whose neurons overflow in layer 1, and windows.
  private func exploding(on device: any Device) throws -> (model: Model, windows: TokenWindows) {
    let golden = try Golden("llama-tied")
    let model = try golden.model(on: device)
    let role = "model.layers.1.mlp."
    for name in [role + "gate_proj.weight", role + "up_proj.weight"] {
      let weight = try #require(model.weights[name])
      try weight.assign(weight.scaled(by: 1e20))
    }
    return (model, try golden.windows("windows"))
  }

  private func settings(accumulate: Int = 1) -> TrainingSettings {
    var settings = TrainingSettings(steps: 3)
    settings.batch = 2
    settings.accumulate = accumulate
    return settings
  }

  private func bits(_ model: Model) throws -> [[UInt32]] {
    try model.weights.all.map { try $0.floats().map(\.bitPattern) }
  }

  @Test(arguments: testDevices)
  func theStudentsFirstActivationIsNamed(_ test: TestDevice) throws {
    let (model, windows) = try exploding(on: test.device)
    let before = try bits(model)
    let trainer = try Trainer(model, .languageModelling, windows, settings: settings())
    #expect(
      message { try trainer.train() }
        == "the loss is nan at step 0: layers.1.neurons of the student llama-tied is the first to "
        + "hold a NaN or an infinity, in windows 0, 1; a smaller lr or a longer warmup may keep it "
        + "finite")
    #expect(try bits(model) == before)
    #expect(model.weights.all.allSatisfy { !$0.isTracked })
    #expect(trainer.run.loss.isEmpty)
  }

  @Test(arguments: testDevices)
  func theTeachersFirstActivationIsNamed(_ test: TestDevice) throws {
    let (teacher, windows) = try exploding(on: test.device)
    let student = try Golden("llama-tied").model(on: test.device)
    let before = try bits(student)
    let trainer = try Trainer(
      student, .distillation(teacher: teacher, temperature: 1), windows, settings: settings())
    #expect(
      message { try trainer.train() }
        == "the loss is nan at step 0: layers.1.neurons of the teacher llama-tied is the first to "
        + "hold a NaN or an infinity, in windows 0, 1; this teacher cannot teach these windows")
    #expect(try bits(student) == before)
  }

  @Test func aTeachersWeightIsNamed() throws {
    let golden = try Golden("llama-tied")
    let teacher = try golden.model()
    let name = "model.layers.2.mlp.down_proj.weight"
    try #require(teacher.weights[name]).setItem(
      [.at(0), .at(0)], to: Tensor.full([], .infinity, on: teacher.device))
    teacher.name = "broken"
    let trainer = try Trainer(
      golden.model(), .distillation(teacher: teacher, temperature: 1), golden.windows("windows"),
      settings: settings())
    #expect(
      message { try trainer.train() }
        == "the loss is nan at step 0: the weight '\(name)' of broken holds a NaN or an infinity")
  }

  /// Only the window with the bad id is named, in whatever pass it comes.
  @Test(arguments: testDeviceKinds)
  func theWindowOfALaterPassIsNamed(_ test: TestDevice) throws {
    let golden = try Golden("llama-untied-rope3")
    let model = try golden.model(on: test.device)
    // Channel 0 is the id's own, and the values of layer 0 overflow by it.
    let whole = AxisIndex.slice(start: nil, end: nil, step: nil)
    let table = try #require(model.weights["model.embed_tokens.weight"])
    try table.setItem([whole, .at(0)], to: Tensor.full([], 0, on: test.device))
    try table.setItem([.at(90), .at(0)], to: Tensor.full([], 100, on: test.device))
    try #require(model.weights["model.layers.0.self_attn.v_proj.weight"]).setItem(
      [whole, .at(0)], to: Tensor.full([], 3e38, on: test.device))
    let before = try bits(model)
    var ids = try golden.windows("windows").ids.map { Int($0) % 90 }
    ids[3 * 16 + 5] = 90
    let windows = try TokenWindows(ids, length: 16)
    let trainer = try Trainer(
      model, .languageModelling, windows, settings: settings(accumulate: 2))
    #expect(
      message { try trainer.train() }
        == "the loss is nan at step 0: layers.0.values of the student llama-untied-rope3 is the "
        + "first to hold a NaN or an infinity, in window 3; a smaller lr or a longer warmup may "
        + "keep it finite")
    #expect(try bits(model) == before)
  }

  /// A loss that is finite with a gradient that is not.
  @Test(arguments: testDeviceKinds)
  func aGradientThatIsNotFiniteStopsTheRun(_ test: TestDevice) throws {
    let golden = try Golden("llama-untied-rope3")
    let model = try golden.model(on: test.device)
    let head = try #require(model.weights["lm_head.weight"])
    try head.assign(head.scaled(by: 1e22))
    let before = try bits(model)
    var settings = settings()
    settings.clip = nil
    let trainer = try Trainer(
      model, .languageModelling, golden.windows("windows"), settings: settings)
    let said = try #require(message { try trainer.train() })
    #expect(
      said
        == "the gradient's norm at step 0 passes the range of f32: the loss is too steep here; a "
        + "smaller lr may keep it finite")
    #expect(try bits(model) == before)
  }

  /// The gradient passes the range of f32 where the residual stream is far smaller than the head.
  @Test(arguments: testDeviceKinds)
  func theWeightWhoseGradientIsNotFiniteIsNamed(_ test: TestDevice) throws {
    let golden = try Golden("llama-untied-rope3")
    let model = try golden.model(on: test.device)
    for (name, factor) in zip(model.weights.names, model.weights.names.map(factor)) {
      let weight = try #require(model.weights[name])
      try weight.assign(weight.scaled(by: factor))
    }
    let before = try bits(model)
    let trainer = try Trainer(
      model, .languageModelling, golden.windows("windows"), settings: settings())
    let said = try #require(message { try trainer.train() })
    #expect(said.hasPrefix("the gradient of 'model.layers.2."), "\(said)")
    #expect(
      said.hasSuffix(
        "' at step 0 holds a NaN or an infinity, though the loss is finite; a smaller lr may keep it "
          + "finite"), "\(said)")
    #expect(try bits(model) == before)
  }

  private func factor(of name: String) -> Float {
    switch name {
    case "lm_head.weight": 1e37
    case "model.embed_tokens.weight": 1e-12
    case "model.norm.weight": 1e4
    default: name.hasSuffix("o_proj.weight") || name.hasSuffix("down_proj.weight") ? 0 : 1
    }
  }
}
