import Foundation

/// Writes the folder at `path` whole: beside its place first, then renamed, so that a reader never
/// sees half of it and a failure leaves what was there. A folder already there is replaced.
///
/// - Parameter body: fills the folder whose path it is given.
/// - Throws: `FileError`, or what `body` throws; the folder is then as it was.
public func writeFolder<Result>(_ path: String, _ body: (String) throws -> Result) throws -> Result
{
  guard !path.isEmpty else { throw FileError(path: "\"\"", reason: "is no path of a folder") }
  let target = canonicalPath(path)
  let name = lastName(of: target)
  let parent = parentFolder(of: target)
  guard kind(ofFile: parent) == .folder else {
    throw FileError(path: path, reason: "cannot be made: there is no folder \(parent)")
  }
  guard target != canonicalPath(".") else {
    throw FileError(path: path, reason: "is the working folder, which cannot be replaced")
  }
  try recover(target)
  let beside = "\(parent)/.\(name).\(getpid())" + newEnding
  try makeFolder(beside)
  do {
    let result = try body(beside)
    try replaceFolder(target, by: beside)
    return result
  } catch {
    try? removeFolder(beside)
    throw error
  }
}

/// Puts a folder in the place of another, or where there is none.
private func replaceFolder(_ target: String, by new: String) throws {
  try synchronizeFolder(new)
  let parent = parentFolder(of: target)
  guard kind(ofFile: target) == .folder else {
    try moveFile(new, to: target)
    return try synchronizeFolder(parent)
  }
  let old = new + oldEnding
  try moveFile(target, to: old)
  do {
    try moveFile(new, to: target)
  } catch {
    try moveFile(old, to: target)
    throw error
  }
  try synchronizeFolder(parent)
  // The new folder stands: what is left of the old one is no failure.
  try? removeFolder(old)
}

private let newEnding = ".tmp"
private let oldEnding = ".old"

/// Puts right what a process left that was killed while it wrote the folder: what was there takes
/// its place again where nothing is, and what was half written goes.
private func recover(_ target: String) throws {
  let parent = parentFolder(of: target)
  let prefix = "." + lastName(of: target) + "."
  for name in try namesInFolder(parent) where name.hasPrefix(prefix) {
    let path = parent + "/" + name
    let process = name.dropFirst(prefix.count).prefix { $0 != "." }
    let rest = name.dropFirst(prefix.count + process.count)
    guard let id = pid_t(process), rest == newEnding || rest == newEnding + oldEnding,
      id == getpid() || kill(id, 0) != 0
    else { continue }
    if rest == newEnding || kind(ofFile: target) != .missing {
      try removeFolder(path)
    } else {
      try moveFile(path, to: target)
    }
  }
}
