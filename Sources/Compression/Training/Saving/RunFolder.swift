import Files

/// Where a run is kept, and what is expected there.
public struct RunSaving: Sendable, Equatable {
  /// What a run does with its folder.
  public enum Beginning: Sendable {
    /// A new run in a folder that is missing or empty.
    case new
    /// A run that goes on from the folder's last checkpoint.
    case resumed
    /// Whichever of the two fits the folder.
    case newOrResumed
  }

  /// The folder's path.
  public var folder: String
  /// What is expected there.
  public var beginning: Beginning

  /// Keeps a run in a folder.
  public init(_ folder: String, _ beginning: Beginning = .new) {
    self.folder = folder
    self.beginning = beginning
  }
}

/// The files of a run:
///
///     run.json            settings, loss, identities of models and texts, device, program version
///     log.jsonl, log.csv  a line a step
///     checkpoint/         what the run goes on from, replaced whole
///       model/            the student as a Hugging Face folder in f32
///       optimizer.safetensors   first.NAME, second.NAME (moments), learned.NAME (the loss's own)
///       state.json        step, tokens, seconds, position in the data, seed
///
/// A checkpoint is written as checkpoint.new and takes its place by two renamings; between them the
/// last one is whole under checkpoint.old.
struct RunFolder {
  let path: String

  var checkpoint: String { path + "/checkpoint" }
  var newCheckpoint: String { path + "/checkpoint.new" }
  var oldCheckpoint: String { path + "/checkpoint.old" }

  private static let names: Set = [
    "run.json", "log.jsonl", "log.csv", "checkpoint", "checkpoint.new", "checkpoint.old",
  ]

  /// Whether a run is kept here.
  var holdsRun: Bool { kind(ofFile: RunConfiguration.path(path)) == .file }

  /// The last whole checkpoint, nil where there is none yet.
  var wholeCheckpoint: String? {
    [checkpoint, oldCheckpoint].first { kind(ofFile: $0) == .folder }
  }

  /// Decides whether a run begins or goes on here.
  /// - Returns: true where it goes on.
  /// - Throws: `FileError` where the folder is not what the run expects.
  func goesOn(_ beginning: RunSaving.Beginning) throws -> Bool {
    switch kind(ofFile: path) {
    case .missing:
      guard beginning != .resumed else {
        throw FileError(path: path, reason: "there is no such run")
      }
      return false
    case .file: throw FileError(path: path, reason: "is a file; a run is kept in a folder")
    case .folder: break
    }
    if holdsRun {
      guard beginning != .new else {
        throw FileError(
          path: path,
          reason: "holds a run already: resume=\"\(path)\" goes on with it, another folder takes a "
            + "new one")
      }
      return true
    }
    guard beginning != .resumed else {
      throw FileError(path: path, reason: "holds no run: there is no run.json in it")
    }
    for name in try namesInFolder(path) where !isLeftover(name) {
      throw FileError(
        path: path,
        reason: "holds '\(name)', which is no part of a run; choose a folder of its own for it")
    }
    return false
  }

  /// Whether a file is what a killed process left of writing one of ours.
  private func isLeftover(_ name: String) -> Bool {
    name.hasSuffix(".tmp") && Self.names.contains { name.hasPrefix("." + $0 + ".") }
  }

  /// Takes away what a killed process left, and gives the last checkpoint its name.
  func tidy() throws {
    if kind(ofFile: newCheckpoint) == .folder { try removeFolder(newCheckpoint) }
    if kind(ofFile: checkpoint) == .folder {
      if kind(ofFile: oldCheckpoint) == .folder { try removeFolder(oldCheckpoint) }
    } else if kind(ofFile: oldCheckpoint) == .folder {
      try moveFile(oldCheckpoint, to: checkpoint)
    }
    for name in try namesInFolder(path) where isLeftover(name) {
      try removeFile(path + "/" + name)
    }
  }

  /// Writes a checkpoint and puts it in the place of the last one; what fails leaves that whole.
  func replaceCheckpoint(_ write: (_ folder: String) throws -> Void) throws {
    do {
      if kind(ofFile: newCheckpoint) == .folder { try removeFolder(newCheckpoint) }
      try makeFolder(newCheckpoint)
      try write(newCheckpoint)
      try synchronizeFolder(newCheckpoint)
      if kind(ofFile: checkpoint) == .folder {
        if kind(ofFile: oldCheckpoint) == .folder { try removeFolder(oldCheckpoint) }
        try moveFile(checkpoint, to: oldCheckpoint)
      }
      try moveFile(newCheckpoint, to: checkpoint)
      try synchronizeFolder(path)
    } catch {
      try? tidy()
      throw error
    }
    // What cannot be removed now is in nobody's way until the next checkpoint.
    try? removeFolder(oldCheckpoint)
  }
}
