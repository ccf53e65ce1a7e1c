import Compression
import Files
import Foundation
import JSONFormat
import Kernels
import Models
import TestFixtures
import Testing

/// A run of nine steps that tests stop, save and resume, always from models loaded anew.
struct SavedRun {
  var device: any Device = anyDevice
  var settings: TrainingSettings = {
    var settings = TrainingSettings(steps: 9)
    settings.batch = 2
    settings.accumulate = 2
    settings.learningRate = 1e-3
    settings.warmup = 2
    settings.weightDecay = 0.1
    settings.shuffle = true
    settings.every = 2
    settings.seed = 5
    return settings
  }()
  /// Whether the student learns from the model that it was cut of, or from the text.
  var distills = true

  func student() throws -> Model {
    try prune(Golden("llama-tied").model(on: device), PruningRequest(drop: [1]))
  }

  func trainer(_ saving: RunSaving?, student: Model? = nil) throws -> Trainer {
    let golden = try Golden("llama-tied")
    let objective: Objective =
      distills
      ? .distillation(teacher: try golden.model(on: device), temperature: 1) : .languageModelling
    return try Trainer(
      student ?? self.student(), objective, golden.windows("windows"),
      heldOut: golden.windows("held_out"), settings: settings, saving: saving)
  }

  /// Trains until so many updates are made; the trainer and its folder's lock are gone then.
  func train(_ saving: RunSaving?, until steps: Int = .max) throws -> Outcome {
    let student = try student()
    let trainer = try trainer(saving, student: student)
    do {
      try trainer.train { if $0 >= steps { throw Stop() } }
    } catch is Stop {}
    return Outcome(trainer.run, try student.weights.all.map { try $0.floats() })
  }
}

/// What a run came to, its times left out.
struct Outcome: Equatable {
  let loss: [Double]
  let rate: [Double]
  let norm: [Double]
  let heldOut: [Double]
  let heldOutSteps: [Int]
  let tokens: Int
  var weights: [[Float]]

  init(_ run: Run, _ weights: [[Float]] = []) {
    loss = run.loss
    rate = run.learningRate
    norm = run.gradientNorm
    heldOut = run.heldOut.map(\.loss)
    heldOutSteps = run.heldOut.map(\.step)
    tokens = run.tokens
    self.weights = weights
  }
}

private struct Stop: Error {}

/// The members of every line of a folder's `log.jsonl`.
func logLines(_ folder: String) throws -> [JSON] {
  let bytes = try MappedFile(path: folder + "/log.jsonl").withBytes(Array.init)
  return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSON(reading: Array($0)) }
}

/// The fields of every line of a folder's `log.csv`.
func logRows(_ folder: String) throws -> [[String]] {
  let text = try String(contentsOfFile: folder + "/log.csv", encoding: .utf8)
  return text.split(separator: "\n").map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}
