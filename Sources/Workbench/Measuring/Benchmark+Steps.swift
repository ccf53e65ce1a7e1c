import Compression
import Corpus
import Models
import Tensors

extension Benchmark {
  /// Runs steps, and after each of them `after` with its number from 1.
  /// - Throws: what the work and `after` throw.
  func runSteps(of model: Model, count: Int, after: (Int) throws -> Void) throws {
    let windows = try randomWindows(batch, of: model)
    if work == .distill {
      return try distill(model, windows, count: count, after: after)
    }
    let step = try self.step(model, windows)
    for number in 1...count {
      try step()
      try model.device.synchronize()
      try after(number)
    }
  }

  /// Windows of random ids.
  func randomWindows(_ count: Int, of model: Model) throws -> TokenWindows {
    var generator = RandomGenerator(seed: seed)
    let length = work == .generate ? Self.prompt : length
    let ids = (0..<count * length).map { _ in
      Int.random(in: 0..<model.architecture.vocab, using: &generator)
    }
    return try TokenWindows(ids, length: length)
  }

  private func step(_ model: Model, _ windows: TokenWindows) throws -> () throws -> Void {
    switch work {
    case .forward:
      let ids = try windows.batch(Array(0..<batch), for: model)
      return { _ = try model.hidden(ids) }
    case .importance:
      // The model stays what it is from step to step: its weights are sampled once.
      let identity = try ModelIdentity(of: model)
      return { _ = try importance(model, windows, identity: identity) }
    case .generate:
      let prompt = windows[0].prefix(Self.prompt).map { Int($0) }
      return {
        var generator = RandomGenerator(seed: seed)
        _ = try model.generate(prompt, count: Self.generated, using: &generator)
      }
    case .distill, .load: preconditionFailure("\(work) has no steps of its own")
    }
  }

  private func distill(
    _ model: Model, _ windows: TokenWindows, count: Int, after: (Int) throws -> Void
  ) throws {
    var settings = TrainingSettings(steps: count)
    settings.batch = batch
    let trainer = try Trainer(
      try model.copy(), .distillation(teacher: model, temperature: 1), windows, settings: settings)
    try trainer.train { step in
      try model.device.synchronize()
      try after(step)
    }
  }
}
