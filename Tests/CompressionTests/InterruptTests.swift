import Compression
import Foundation
import Kernels
import Models
import TestFixtures
import Testing

/// A stop in the middle of a run keeps whole steps. The request to stop is the process's own, so
/// each test has a process to itself.
@Suite struct InterruptTests {
  @Test(arguments: testDeviceKinds)
  func wholeStepsStayAndTheRunGoesOn(_ test: TestDevice) async {
    await #expect(processExitsWith: .success) { [name = test.description as String] in
      let device = try testDevice(named: name).device
      let (reference, states) = try recordedRun(on: device)
      let trainer = try newTrainer(on: device)
      var interrupted = false
      do {
        try trainer.trainer.train { step in if step == 3 { Interrupt.request() } }
      } catch is Interrupted {
        interrupted = true
      }
      try require(interrupted, "the run was not stopped")
      try require(trainer.trainer.run.loss == Array(reference.loss.prefix(3)), "three losses stay")
      Interrupt.clear()
      try require(try values(trainer.model) == states[3], "the weights of three steps stay")
      // Going on gives what an undisturbed run gives, bit for bit.
      try trainer.trainer.train()
      try require(trainer.trainer.run.loss == reference.loss, "the losses differ")
      try require(trainer.trainer.run.gradientNorm == reference.gradientNorm, "the norms differ")
      try require(try values(trainer.model) == states.last, "the weights differ")
    }
  }

  /// Wherever the request falls, inside a product or an update, no half step is left.
  @Test(arguments: testDeviceKinds)
  func noMomentLeavesHalfAStep(_ test: TestDevice) async {
    await #expect(processExitsWith: .success) { [name = test.description as String] in
      let device = try testDevice(named: name).device
      let (reference, states) = try recordedRun(on: device)
      let span = max(reference.seconds, 0.01)
      for attempt in 0..<12 {
        let trainer = try newTrainer(on: device)
        let delay = span * Double(attempt) / 12
        try interrupted(after: delay) { try trainer.trainer.train() }
        let steps = trainer.trainer.run.loss.count
        try require(
          try values(trainer.model) == states[steps], "half a step after \(steps) whole ones")
        try require(
          trainer.trainer.run.loss == Array(reference.loss.prefix(steps)), "other losses")
        try require(trainer.trainer.run.gradientNorm.count == steps, "a norm is missing")
      }
    }
  }

  @Test(arguments: testDeviceKinds)
  func scoringStops(_ test: TestDevice) async {
    await #expect(processExitsWith: .success) { [name = test.description as String] in
      let device = try testDevice(named: name).device
      let golden = try Golden("llama-tied")
      let (model, windows) = (try golden.model(on: device), try golden.windows("windows"))
      let ids = try golden.ids(on: device)
      let streamed = try Model.stream(Golden.folder("llama-tied"), on: device)
      let (scores, identity) = (try importance(model, windows), try ModelIdentity(of: model))
      Interrupt.request()
      let all: [() throws -> Void] = [
        { _ = try importance(model, windows, identity: identity) }, { _ = try model.logits(ids) },
        { _ = try importance(streamed, windows, identity: identity) },
        { _ = try layerImportance(model, windows) }, { _ = try scores.stability(.heads) },
      ]
      for work in all {
        do {
          try work()
          try require(false, "work went on")
        } catch is Interrupted {}
      }
    }
  }
}

private struct NotMet: Error { let reason: String }

private func require(_ holds: Bool, _ reason: String) throws {
  if !holds { throw NotMet(reason: reason) }
}

/// Runs work while another thread asks for a stop after some seconds; leaves no request behind.
private func interrupted(after delay: Double, _ work: () throws -> Void) throws {
  let asked = DispatchSemaphore(value: 0)
  let thread = Thread {
    Thread.sleep(forTimeInterval: delay)
    Interrupt.request()
    asked.signal()
  }
  thread.start()
  defer {
    asked.wait()
    Interrupt.clear()
  }
  do { try work() } catch is Interrupted {}
}

private func newTrainer(on device: any Device) throws -> (trainer: Trainer, model: Model) {
  let golden = try Golden("llama-tied")
  var settings = TrainingSettings(steps: 8)
  settings.batch = 2
  settings.learningRate = 1e-3
  settings.shuffle = true
  let student = try prune(golden.model(on: device), PruningRequest(drop: [1]))
  let trainer = try Trainer(
    student, .distillation(teacher: golden.model(on: device), temperature: 1),
    golden.windows("windows"), settings: settings)
  return (trainer, student)
}

private func values(_ model: Model) throws -> [[Float]] {
  try model.weights.all.map { try $0.floats() }
}

/// An undisturbed run and the weights after each of its steps, those before the first included.
private func recordedRun(on device: any Device) throws -> (run: Run, states: [[[Float]]]) {
  let (trainer, model) = try newTrainer(on: device)
  var states = [try values(model)]
  try trainer.train { _ in states.append(try values(model)) }
  return (trainer.run, states)
}
