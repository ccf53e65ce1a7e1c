import Compression
import Corpus
import Evaluation
import Foundation
import Kernels
import Models
import Tensors

/// A measurement of one job on a model, with random ids. A step is timed as a whole; the first one
/// warms up and does not count.
public struct Benchmark: Sendable {
  /// What can be measured.
  public enum Work: String, Sendable, CaseIterable {
    /// Hidden states of a batch, without the head.
    case forward
    /// The importance pass over a batch, all axes, without the head.
    case importance
    /// A distillation step: the student is a copy of the model, KL over the whole vocabulary, clip 1,
    /// AdamW.
    case distill
    /// Greedy tokens after a prompt of 16, one stream.
    case generate
  }

  /// What is measured.
  public var work: Work
  /// Windows of a batch.
  public var batch = 4
  /// Ids of a window.
  public var length = 512
  /// Timed steps.
  public var steps = 5
  /// The seed of the ids.
  public var seed = 0
  /// Times every operation of one more step.
  public var profile = false

  /// Ids that `generate` makes in a step, and those it continues.
  static let generated = 128
  static let prompt = 16

  /// A measurement with the defaults.
  public init(_ work: Work) { self.work = work }

  /// What came out.
  public struct Result: Sendable {
    /// Seconds of each timed step.
    public let stepSeconds: [Double]
    /// Tokens of one step.
    public let tokensPerStep: Int
    /// Seconds that loading the model took.
    public let loadSeconds: Double
    /// The process's largest resident set.
    public let peakBytes: Int
    /// What all timed steps copied, launched and multiplied on the device.
    public let traffic: Traffic

    /// The time of each operation in a step of its own, where that was asked for.
    public let profile: [String: Timing]?

    /// The mean of one of the traffic's counts over the timed steps.
    public func perStep(_ count: KeyPath<Traffic, Int>) -> Double {
      Double(traffic[keyPath: count]) / Double(stepSeconds.count)
    }

    /// The throughput of the median step.
    public var tokensPerSecond: Double {
      let sorted = stepSeconds.sorted()
      let middle = sorted.count / 2
      let median =
        sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
      return Double(tokensPerStep) / median
    }
  }

  /// Loads the model and measures.
  /// - Throws: as loading and the work do; `ModelError` for settings that mean nothing.
  public func run(model path: String, on device: any Device) throws -> Result {
    guard batch >= 1, length >= 2, steps >= 1 else {
      throw ModelError.invalid("bench needs a batch and steps of at least 1, and a length of 2")
    }
    let clock = ContinuousClock()
    let start = clock.now
    let model = try Model.load(path, on: device)
    let loadSeconds = (clock.now - start).inSeconds
    var generator = RandomGenerator(seed: seed)
    let ids = (0..<batch * length).map { _ in
      Int.random(in: 0..<model.architecture.vocab, using: &generator)
    }
    let windows = try TokenWindows(ids, length: length)
    // The end of the step that warms up, and of each timed one.
    var ends: [(time: ContinuousClock.Instant, traffic: Traffic)] = []
    func lap() { ends.append((clock.now, device.traffic)) }
    if work == .distill {
      try distill(model, windows, lap)
    } else {
      let step = try self.step(model, windows)
      for _ in 0...steps {
        try step()
        try device.synchronize()
        lap()
      }
      if profile {
        device.startTiming()
        try step()
      }
    }
    return Result(
      stepSeconds: zip(ends, ends.dropFirst()).prefix(steps).map {
        ($1.time - $0.time).inSeconds
      },
      tokensPerStep: work == .generate ? Self.generated : batch * length,
      loadSeconds: loadSeconds, peakBytes: peakResidentBytes(),
      traffic: ends[steps].traffic - ends[0].traffic,
      profile: profile ? device.stopTiming() : nil)
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
    case .distill: preconditionFailure("distill is timed by its trainer's steps")
    }
  }

  private func distill(_ model: Model, _ windows: TokenWindows, _ lap: @escaping () -> Void) throws
  {
    var settings = TrainingSettings(steps: steps + (profile ? 2 : 1))
    settings.batch = batch
    let trainer = try Trainer(
      try model.copy(), .distillation(teacher: model, temperature: 1), windows, settings: settings)
    try trainer.train { step in
      lap()
      if profile, step == steps + 1 { model.device.startTiming() }
    }
  }
}

/// The largest resident set that this process has had, in bytes.
private func peakResidentBytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}
