import Compression
import Files
import JSONFormat
import Kernels
import Models
import TestFixtures
import TestTools
import Testing

/// A run that was stopped goes on as if it had not been, bit for bit.
@Suite struct ResumedRunTests {
  @Test(arguments: testDevices)
  func goesOnBitForBit(_ test: TestDevice) throws {
    let run = SavedRun(device: try test.device)
    let whole = try run.train(nil)
    // Before the first checkpoint, on one, between two, and twice in a row.
    for stops in [[1], [2], [5], [3, 4, 7], [9]] {
      let folder = try temporaryFolder() + "/runs/x"
      var beginning = RunSaving.Beginning.new
      for stop in stops {
        let part = try run.train(RunSaving(folder, beginning), until: stop)
        #expect(part.loss == Array(whole.loss.prefix(stop)), "\(stops)")
        beginning = .resumed
      }
      let resumed = try run.train(RunSaving(folder, .resumed))
      #expect(resumed == whole, "\(stops)")
      #expect(try logLines(folder).compactMap { $0["step"]?.int } == Array(0...9), "\(stops)")
      #expect(try logLines(folder).dropFirst().compactMap { $0["loss"]?.double } == whole.loss)
      #expect(try logRows(folder).dropFirst().map { $0[0] } == (0...9).map(String.init))
    }
  }

  /// The student that goes on may be any of its sizes: the checkpoint's weights take their place.
  @Test func theCheckpointsWeightsCount() throws {
    let run = SavedRun(distills: false)
    let whole = try run.train(nil)
    let folder = try temporaryFolder() + "/x"
    _ = try run.train(RunSaving(folder), until: 4)
    let student = try Run.student(ofRunAt: folder, on: anyDevice)
    let trainer = try run.trainer(RunSaving(folder, .resumed), student: student)
    #expect(trainer.run.loss.count == 2 || trainer.run.loss.count == 4)
    try trainer.train()
    #expect(trainer.run.loss == whole.loss)
    #expect(try student.weights.all.map { try $0.floats() } == whole.weights)
  }

  /// Without shuffle the place inside an epoch counts as much.
  @Test(arguments: [false, true])
  func goesOnInsideAnEpoch(shuffles: Bool) throws {
    var run = SavedRun()
    run.settings.shuffle = shuffles
    run.settings.batch = 1
    run.settings.accumulate = 3
    run.settings.every = 1
    let whole = try run.train(nil)
    let folder = try temporaryFolder() + "/x"
    // Two steps are six windows: one of the second epoch's five has been seen.
    _ = try run.train(RunSaving(folder), until: 3)
    let state = try JSON(
      reading: MappedFile(path: folder + "/checkpoint/state.json").withBytes(Array.init))
    #expect(state["step"]?.int == 2)
    #expect(state["position"]?["windows"]?.int == 6 && state["position"]?["epoch"]?.int == 1)
    #expect(state["position"]?["place"]?.int == 1)
    #expect(try run.train(RunSaving(folder, .resumed)) == whole)
  }

  @Test func layersMayBeRecomputedFromHereOn() throws {
    var run = SavedRun()
    let whole = try run.train(nil)
    let folder = try temporaryFolder() + "/x"
    _ = try run.train(RunSaving(folder), until: 4)
    run.settings.gradientCheckpointing = true
    #expect(try run.train(RunSaving(folder, .resumed)) == whole)
  }

  @Test func aFinishedRunIsReturned() throws {
    let run = SavedRun()
    let folder = try temporaryFolder() + "/x"
    let whole = try run.train(RunSaving(folder))
    let log = try MappedFile(path: folder + "/log.jsonl").withBytes(Array.init)
    #expect(try run.train(RunSaving(folder, .newOrResumed)) == whole)
    #expect(try MappedFile(path: folder + "/log.jsonl").withBytes(Array.init) == log)
    // Loaded, it is the same record, and its student the trained one.
    let loaded = try Run(saved: folder)
    #expect(Outcome(loaded) == Outcome(loaded: whole))
    #expect(loaded.settings.steps == 9 && loaded.objective == "kl")
    let student = try Run.student(ofRunAt: folder, on: anyDevice)
    #expect(try student.weights.all.map { try $0.floats() } == whole.weights)
    #expect(student.name == "llama-tied-pruned" && student.storedType == .f32)
    #expect(student.provenance?.cuts.last?.updates == 9)
  }

  @Test func theLogHoldsEveryStep() throws {
    let folder = try temporaryFolder() + "/x"
    let whole = try SavedRun().train(RunSaving(folder))
    let lines = try logLines(folder)
    #expect(lines[0]["loss"] == nil && lines[0]["held_out"]?.double == whole.heldOut[0])
    for (step, line) in lines.dropFirst().enumerated() {
      #expect(line["step"]?.int == step + 1)
      #expect(line["loss"]?.double == whole.loss[step])
      #expect(line["lr"]?.double == whole.rate[step])
      #expect(line["gradient_norm"]?.double == whole.norm[step])
      #expect(line["tokens"]?.int == (step + 1) * 4 * 16)
      #expect(try #require(line["tokens_per_second"]?.double) > 0)
      #expect((line["held_out"] != nil) == [2, 4, 6, 8, 9].contains(step + 1))
    }
    let rows = try logRows(folder)
    #expect(
      rows[0].joined(separator: ",")
        == "step,loss,lr,gradient_norm,tokens,seconds,tokens_per_second,held_out")
    for (row, line) in zip(rows.dropFirst(), lines) {
      for (name, field) in zip(rows[0], row) {
        #expect(field == line[name]?.text() ?? "", "\(name)")
      }
    }
    // Nothing is left of writing checkpoints.
    #expect(
      try namesInFolder(folder) == ["checkpoint", "log.csv", "log.jsonl", "run.json"])
  }
}

extension Outcome {
  /// The outcome without weights.
  fileprivate init(loaded whole: Outcome) {
    self = whole
    weights = []
  }
}
