import Evaluation
import Foundation
import Kernels
import Models

/// A measurement of one job on a model, with random ids. A step is timed as a whole; the first one
/// warms up and does not count.
public struct Benchmark: Sendable {
  /// What can be measured.
  public enum Work: String, Sendable, CaseIterable {
    /// Hidden states of a batch, without the head.
    case forward
    /// The importance pass over a batch, all axes, without the head.
    case importance
    /// A distillation step: the student is a copy of the model, KL over the whole vocabulary, clip
    /// 1, AdamW.
    case distill
    /// Greedy tokens after a prompt of 16, one stream.
    case generate
    /// Loading the model, once, and a first pass over one window of it: weights are read when they
    /// are first used.
    case load
  }

  /// What is measured.
  public var work: Work
  /// Windows of a batch.
  public var batch = 4
  /// Ids of a window.
  public var length = 512
  /// Timed steps.
  public var steps = 5
  /// The seed of the ids, and of the weights of a model that has none.
  public var seed = 0
  /// Times every operation of one more step.
  public var profile = false
  /// Times, after every step, what no program can leave out of it.
  public var limit = false

  /// Ids that `generate` makes in a step.
  static let generated = 128
  /// Ids that `generate` continues.
  public static let prompt = 16

  /// A measurement with the defaults.
  public init(_ work: Work) { self.work = work }

  /// Loads the model and measures.
  /// - Parameter path: a Hugging Face folder, a `.gguf`, or a `config.json`, whose model gets
  ///   random weights.
  /// - Throws: as loading and the work do; `ModelError` for settings that mean nothing.
  public func run(model path: String, on device: any Device) throws -> Result {
    guard batch >= 1, length >= 2, steps >= 1 else {
      throw ModelError.invalid("bench needs a batch and steps of at least 1, and a length of 2")
    }
    if work == .load, limit || profile {
      throw ModelError.invalid("bench load is one reading of a file: it has no limit or profile")
    }
    let clock = ContinuousClock()
    let start = clock.now
    let model = try self.model(at: path, on: device)
    try device.synchronize()
    let loadSeconds = (clock.now - start).inSeconds
    if work == .load {
      let loadedBytes = peakResidentBytes()
      let ids = try randomWindows(1, of: model).batch([0], for: model)
      _ = try model.hidden(ids)
      try device.synchronize()
      return Result(
        stepSeconds: [loadSeconds], tokensPerStep: nil, loadSeconds: loadSeconds,
        firstPassSeconds: (clock.now - start).inSeconds, peakBytes: loadedBytes,
        traffic: device.traffic, profile: nil, limit: nil)
    }
    let recorder = StepRecorder(self, device)
    try runSteps(of: model, count: recorder.allSteps, after: recorder.finish)
    return Result(
      stepSeconds: recorder.seconds,
      tokensPerStep: work == .generate ? Self.generated : batch * length,
      loadSeconds: loadSeconds, firstPassSeconds: nil, peakBytes: recorder.peakBytes,
      traffic: recorder.traffic, profile: profile ? device.stopTiming() : nil,
      limit: recorder.limit)
  }

  private func model(at path: String, on device: any Device) throws -> Model {
    guard path.hasSuffix(".json") else { return try Model.load(path, on: device) }
    if work == .load {
      throw ModelError.invalid("bench load reads weights, and \(path) has none: give a model")
    }
    return try Model.random(
      Model.configuration(at: path), name: "random", seed: seed, on: device)
  }
}

/// The largest resident set that this process has had, in bytes.
func peakResidentBytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}
