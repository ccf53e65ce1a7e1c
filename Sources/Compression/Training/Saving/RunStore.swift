import Files
import JSONFormat
import Kernels
import Models

/// A run's folder while the run is made: it takes the log's lines and the checkpoints.
final class RunStore {
  private let folder: RunFolder
  private let lock: FileLock
  private let log: RunLog
  /// What the steps before a resumed run's first took, and those since.
  private var secondsLogged: Double
  /// The last step that has a line; nil before any.
  private var stepLogged: Int?
  /// The step of the last checkpoint, nil where there is none.
  private(set) var stepSaved: Int?

  /// Opens the folder of a new run, or of one that goes on, whose record and training state are
  /// then those of its last checkpoint.
  /// - Throws: `FileError` for a folder of anything else, a damaged one, or one that another
  ///   process writes; `CompressionError` where the run there was asked for otherwise.
  init(
    _ saving: RunSaving, _ configuration: RunConfiguration, _ run: Run, _ state: TrainingState
  ) throws {
    folder = RunFolder(path: saving.folder)
    let path = RunConfiguration.path(folder.path)
    let goesOn = try folder.goesOn(saving.beginning)
    if !goesOn {
      try makeFolders(folder.path)
      try writeFile(path) { try $0.write(configuration.text) }
      try synchronizeFolder(folder.path)
    }
    lock = try FileLock(path: path, orReason: "is being written by another process")
    var kept: [RunEntry] = []
    stepSaved = nil
    if goesOn {
      let saved = try RunConfiguration(folder: folder.path)
      let place = folder.wholeCheckpoint
      try saved.requireSame(configuration, in: folder.path, isBegun: place != nil)
      try folder.tidy()
      if place != nil {
        let checkpoint = try RunCheckpoint(folder: folder.checkpoint)
        kept = try RunLog.read(folder.path, reaching: checkpoint.step)
          .filter { $0.step <= checkpoint.step }
        try state.restore(checkpoint, from: folder.checkpoint)
        stepSaved = checkpoint.step
      }
    }
    for entry in kept { run.restore(entry) }
    secondsLogged = run.seconds
    stepLogged = kept.last?.step
    log = try RunLog(folder: folder.path, keeping: kept, terms: run.termNames)
  }

  /// Logs the step made last, or the held-out loss before the first; once.
  func logLastStep(of run: Run) throws {
    guard stepLogged != run.loss.count, !run.loss.isEmpty || !run.heldOut.isEmpty else { return }
    try log.append(run.lastEntry(secondsBefore: secondsLogged))
    stepLogged = run.loss.count
    secondsLogged = run.seconds
  }

  /// Replaces the checkpoint.
  /// - Parameter position: where the run is in its data.
  func save(_ state: TrainingState, of run: Run, position: JSON) throws {
    // The log is never behind the checkpoint.
    try log.synchronize()
    let step = run.loss.count
    let json = JSONObject([
      ("step", .int(step)), ("tokens", .int(run.tokens)), ("seconds", .double(run.seconds)),
      ("position", position),
    ])
    try folder.replaceCheckpoint { try state.write(to: $0, json) }
    stepSaved = step
  }
}

// MARK: - Reading

extension Run {
  /// The record of a run that was saved, as far as its log goes.
  /// - Throws: `FileError` for a folder that holds none, or a damaged one.
  public convenience init(saved path: String) throws {
    let configuration = try RunConfiguration(folder: path)
    guard let settings = configuration.training else {
      throw FileError(path: path, reason: "holds no run")
    }
    let step = try RunFolder(path: path).wholeCheckpoint.map { try RunCheckpoint(folder: $0).step }
    let entries = try RunLog.read(path, reaching: step ?? 0)
    self.init(
      settings: settings, objective: configuration.settings["loss"]?.string ?? "several losses",
      temperature: configuration.settings["temperature"]?.double ?? 1,
      termNames: entries.last?.terms.map(\.name) ?? [])
    self.configuration = configuration.settings
    for entry in entries { restore(entry) }
  }

  /// Whether a folder holds a saved run.
  public static func isSaved(at path: String) -> Bool { RunFolder(path: path).holdsRun }

  /// The student of a saved run as its last checkpoint left it, under the name and with the type to
  /// save in that it had.
  /// - Throws: `FileError` where there is no run, or no checkpoint yet; as `Model.load`.
  public static func student(ofRunAt path: String, on device: any Device) throws -> Model {
    let configuration = try RunConfiguration(folder: path)
    guard let checkpoint = RunFolder(path: path).wholeCheckpoint else {
      throw FileError(path: path, reason: "has no checkpoint yet, and so no student")
    }
    let model = try Model.load(RunCheckpoint.modelPath(checkpoint), on: device)
    model.name = configuration.student.name
    model.storedType = configuration.studentType
    return model
  }
}
