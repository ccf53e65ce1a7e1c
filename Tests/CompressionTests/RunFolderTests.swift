import Checkpoints
import Compression
import Corpus
import Files
import Foundation
import JSONFormat
import Kernels
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

/// What a run's folder survives, and what it refuses.
@Suite struct RunFolderTests {
  private func stopped(at step: Int = 5) throws -> String {
    let folder = try temporaryFolder() + "/x"
    _ = try SavedRun().train(RunSaving(folder), until: step)
    return folder
  }

  @Test func aTornLineIsDropped() throws {
    let run = SavedRun()
    let whole = try run.train(nil)
    for torn in ["{\"step\": 6, \"lo", "{\"step\": 6}\n", "\0\0\0\n{\"step\": 7", "nonsense\n"] {
      let folder = try stopped()
      try AppendingFile(path: folder + "/log.jsonl").append(torn)
      #expect(try Run(saved: folder).loss == Array(whole.loss.prefix(5)))
      #expect(try run.train(RunSaving(folder, .resumed)) == whole)
    }
  }

  @Test func aLogBehindItsCheckpointIsAnError() throws {
    let folder = try stopped()
    try writeFile(folder + "/log.jsonl") { try $0.write("") }
    let text =
      "\(folder)/log.jsonl: line 1 is missing or no step of the run, whose checkpoint is of step 4"
    #expect(message { try SavedRun().train(RunSaving(folder, .resumed)) } == text)
    #expect(message { try Run(saved: folder) } == text)
  }

  /// Wherever between the renamings the process ended, there is a whole checkpoint.
  @Test func everyMomentOfReplacingHasACheckpoint() throws {
    let run = SavedRun()
    let whole = try run.train(nil)
    var folder = try stopped()
    try moveFile(folder + "/checkpoint", to: folder + "/checkpoint.old")
    #expect(try Run.student(ofRunAt: folder, on: anyDevice).name == "llama-tied-pruned")
    #expect(try run.train(RunSaving(folder, .resumed)) == whole)
    folder = try stopped()
    for name in ["/checkpoint.new", "/checkpoint.old"] {
      try makeFolder(folder + name)
      try writeFile(folder + name + "/half") { try $0.write("x") }
    }
    try writeFile(folder + "/.log.csv.77.tmp") { try $0.write("x") }
    #expect(try run.train(RunSaving(folder, .resumed)) == whole)
    #expect(try namesInFolder(folder) == ["checkpoint", "log.csv", "log.jsonl", "run.json"])
  }

  @Test func foldersOfAnythingElse() throws {
    let run = SavedRun()
    let folder = try stopped()
    func error(_ path: String, _ beginning: RunSaving.Beginning) -> String? {
      message { try run.trainer(RunSaving(path, beginning)) }
    }
    #expect(
      error(folder, .new)
        == "\(folder): holds a run already: resume=\"\(folder)\" goes on with it, another folder "
        + "takes a new one")
    #expect(error(folder + "/no", .resumed) == "\(folder)/no: there is no such run")
    let file = folder + "/run.json"
    #expect(error(file, .new) == "\(file): is a file; a run is kept in a folder")
    let empty = try temporaryFolder()
    #expect(error(empty, .resumed) == "\(empty): holds no run: there is no run.json in it")
    #expect(
      message { try Run(saved: empty) } == "\(empty): holds no run: there is no run.json in it")
    try writeFile(empty + "/thesis.tex") { try $0.write("x") }
    #expect(
      error(empty, .newOrResumed)
        == "\(empty): holds 'thesis.tex', which is no part of a run; choose a folder of its own for "
        + "it")
    #expect(try namesInFolder(empty) == ["thesis.tex"])
  }

  /// What a user puts beside a run stays, and is in nobody's way.
  @Test func filesOfTheUsersOwnStay() throws {
    let folder = try stopped()
    try writeFile(folder + "/curve.png") { try $0.write("x") }
    #expect(try SavedRun().train(RunSaving(folder, .resumed)) == SavedRun().train(nil))
    #expect(
      try namesInFolder(folder) == ["checkpoint", "curve.png", "log.csv", "log.jsonl", "run.json"])
  }

  /// A loss of several terms has a column for each.
  @Test func termsOfALossAreRead() throws {
    let folder = try stopped()
    let lines = try logLines(folder).map { line -> String in
      guard var object = line.object, let loss = object["loss"]?.double else {
        return line.text() + "\n"
      }
      object["loss.kl"] = .double(loss / 2)
      object["loss.hidden"] = .double(loss / 4)
      return JSON.object(object).text() + "\n"
    }
    try writeFile(folder + "/log.jsonl") { try $0.write(lines.joined()) }
    let run = try Run(saved: folder)
    #expect(run.termNames == ["kl", "hidden"] && run.loss.count == 5)
    #expect(run.terms["kl"] == run.loss.map { $0 / 2 })
    #expect(run.terms["hidden"] == run.loss.map { $0 / 4 })
  }

  @Test func oneProcessWritesAtATime() throws {
    let folder = try stopped()
    let first = try SavedRun().trainer(RunSaving(folder, .resumed))
    #expect(
      message { try SavedRun().trainer(RunSaving(folder, .resumed)) }
        == "\(folder)/run.json: is being written by another process")
    try first.train()
  }

  /// Another run than the saved one is refused, naming what differs.
  @Test func aRunGoesOnAsItBegan() throws {
    let folder = try stopped()
    func error(_ change: (inout SavedRun) -> Void) -> String? {
      var run = SavedRun()
      change(&run)
      return message { try run.trainer(RunSaving(folder, .resumed)) }
    }
    let end = " here: a run goes on as it began"
    #expect(error { $0.settings.learningRate = 2e-3 } == "lr is 0.001 in \(folder) and 0.002" + end)
    #expect(error { $0.settings.steps = 10 } == "steps is 9 in \(folder) and 10" + end)
    #expect(error { $0.settings.every = 3 } == "every is 2 in \(folder) and 3" + end)
    #expect(error { $0.settings.clip = nil } == "clip is 1.0 in \(folder) and None" + end)
    #expect(
      error { $0.settings.betas = (0.9, 0.99) }
        == "betas is (0.9, 0.95) in \(folder) and (0.9, 0.99)" + end)
    #expect(
      error { $0.settings.decay = .linear } == "schedule is \"cosine\" in \(folder) and \"linear\""
        + end)
    #expect(error { $0.settings.shuffle = false } == "shuffle is True in \(folder) and False" + end)
    #expect(
      error { $0.distills = false } == "loss is \"kl\" in \(folder) and \"cross_entropy\"" + end)
    #expect(error { $0.settings.gradientCheckpointing = true } == nil)
  }

  @Test func otherModelsAndTextsAreRefused() throws {
    let folder = try stopped()
    let golden = try Golden("llama-tied")
    func error(
      teacher: Model? = nil, student: Model? = nil, windows: String = "windows",
      heldOut: TokenWindows? = nil
    ) -> String? {
      message {
        try Trainer(
          student ?? SavedRun().student(),
          .distillation(teacher: teacher ?? golden.model(), temperature: 1),
          golden.windows(windows), heldOut: heldOut ?? golden.windows("held_out"),
          settings: SavedRun().settings, saving: RunSaving(folder, .resumed))
      }
    }
    let other = try golden.model()
    other.name = "other"
    try #require(other.weights["model.norm.weight"]).setItem(
      [.at(0)], to: Tensor.full([], 3, on: anyDevice))
    let teacher = try ModelIdentity(of: golden.model()).fingerprint
    let fingerprint = try ModelIdentity(of: other).fingerprint
    #expect(
      error(teacher: other)
        == "the teacher is llama-tied (\(teacher)) in \(folder) and other (\(fingerprint)) here: a "
        + "run goes on as it began")
    let small = try prune(golden.model(), PruningRequest(drop: [1, 2]))
    #expect(
      error(student: small)
        == "the student of \(folder) is llama-tied-pruned, and \(small.name) here has other sizes: "
        + "a run goes on as it began")
    #expect(
      try #require(error(windows: "held_out")).hasPrefix(
        "the training text is 5 windows of 16 ids ("))
    #expect(
      try #require(error(heldOut: golden.windows("windows"))).hasPrefix(
        "the held-out text is 3 windows of 16 ids ("))
    // Before the first checkpoint the student's own weights count.
    let young = try stopped(at: 1)
    try removeFolder(young + "/checkpoint")
    let changed = try SavedRun().student()
    try #require(changed.weights["model.norm.weight"]).setItem(
      [.at(0)], to: Tensor.full([], 3, on: anyDevice))
    let said = try #require(
      message { try SavedRun().trainer(RunSaving(young, .resumed), student: changed) })
    #expect(said.hasPrefix("\(young) has no checkpoint yet and began with llama-tied-pruned ("))
  }

  @Test func aDamagedCheckpointIsAnErrorAndChangesNothing() throws {
    let student = try SavedRun().student()
    let before = try student.weights.all.map { try $0.floats() }
    func error(_ damage: (String) throws -> Void) throws -> String? {
      let folder = try stopped()
      try damage(folder + "/checkpoint")
      return message { try SavedRun().trainer(RunSaving(folder, .resumed), student: student) }
    }
    #expect(
      try #require(error { try removeFile($0 + "/state.json") }).hasSuffix(
        "/state.json: is missing or damaged"))
    #expect(
      try #require(error { try writeFile($0 + "/state.json") { try $0.write("{\"step\": -1}") } })
        .hasSuffix("/state.json: is missing or damaged"))
    #expect(
      try #require(error { try removeFile($0 + "/model/model.safetensors") })
        .contains("the folder holds no weights"))
    #expect(
      try #require(
        error { folder in
          let file = try SafetensorsFile(path: folder + "/optimizer.safetensors")
          let kept = file.tensors.filter { $0.name != "second.model.norm.weight" }
          try writeSafetensors(
            folder + "/optimizer.safetensors", kept.map { WritableTensor(copying: $0) })
        }
      ).hasSuffix("second.model.norm.weight: is missing, or not f32 of shape [36]"))
    #expect(try student.weights.all.map { try $0.floats() } == before)
    for text in ["", "{}", "[1]", "{\"kind\": \"pare.run\", \"settings\": {\"steps\": 1e9}}"] {
      let folder = try stopped()
      try writeFile(folder + "/run.json") { try $0.write(text) }
      #expect(try #require(message { try Run(saved: folder) }).hasPrefix(folder + "/run.json: "))
    }
  }

  /// A disk that fills, as a limit on the size of files makes it: one error, the last checkpoint
  /// whole, and the run goes on from there when there is room.
  @Test func aFullDiskLeavesTheLastCheckpoint() async {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      let whole = try SavedRun().train(nil)
      for limit in [400, 5000, 60_000, 150_000] {
        let folder = try temporaryFolder() + "/x"
        let trainer = try SavedRun().trainer(RunSaving(folder))
        let said = message {
          try trainer.train { if $0 == 4 { try limitFiles(to: limit) } }
        }
        try limitFiles(to: nil)
        let text = try #require(said)
        try #require(text.hasPrefix(folder + "/"), "\(text)")
        try #require(text.hasSuffix(": cannot write: file too large"), "\(text)")
        let names = try namesInFolder(folder)
        try #require(names == ["checkpoint", "log.csv", "log.jsonl", "run.json"], "\(names)")
        let state = try String(contentsOfFile: folder + "/checkpoint/state.json", encoding: .utf8)
        try #require(state.contains("\"step\": 2,"), "\(state)")
        // A torn line would be dropped; there is none.
        let log = try String(contentsOfFile: folder + "/log.jsonl", encoding: .utf8)
        try #require(log.hasSuffix("}\n"))
        // The steps stay with the record.
        try #require(trainer.run.loss == Array(whole.loss.prefix(4)))
      }
      let folder = try temporaryFolder() + "/x"
      _ = message {
        try SavedRun().trainer(RunSaving(folder)).train { if $0 == 4 { try limitFiles(to: 5000) } }
      }
      try limitFiles(to: nil)
      try #require(try SavedRun().train(RunSaving(folder, .resumed)) == whole)
    }
  }
}

/// Bounds the size of every file that this process writes; nil lifts the bound.
private func limitFiles(to bytes: Int?) throws {
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  limit.rlim_cur = bytes.map { rlim_t($0) } ?? limit.rlim_max
  try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
}
