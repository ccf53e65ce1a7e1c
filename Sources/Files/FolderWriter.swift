import Foundation

/// Writes the folder at `path` whole: beside its place first, then renamed, so that a reader never sees
/// half of it and a failure leaves what was there. A folder already there is replaced.
///
/// - Parameter body: fills the folder whose path it is given; no folders inside it.
/// - Throws: `FileError`, or what `body` throws; the folder is then as it was.
public func writeFolder<Result>(_ path: String, _ body: (String) throws -> Result) throws -> Result
{
  let target = canonicalPath(path)
  let name = (target as NSString).lastPathComponent
  let parent = (target as NSString).deletingLastPathComponent
  guard kind(ofFile: parent) == .folder else {
    throw FileError(path: path, reason: "cannot be made: there is no folder \(parent)")
  }
  let beside = "\(parent)/.\(name).\(getpid()).tmp"
  try? removeFolder(beside)
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
  guard kind(ofFile: target) == .folder else {
    guard rename(new, target) == 0 else { throw FileError(path: target, doing: "write") }
    return
  }
  let old = new + ".old"
  guard rename(target, old) == 0 else { throw FileError(path: target, doing: "replace") }
  guard rename(new, target) == 0 else {
    let error = FileError(path: target, doing: "write")
    rename(old, target)
    throw error
  }
  try removeFolder(old)
}

/// Removes a folder and the files in it.
/// - Throws: `FileError`, also for a folder inside it.
public func removeFolder(_ path: String) throws {
  for name in try namesInFolder(path) { try removeFile(path + "/" + name) }
  guard rmdir(expandingHome(path)) == 0 else { throw FileError(path: path, doing: "remove") }
}

/// The absolute path without links and `..`; of something that is not there yet, by its parent's.
public func canonicalPath(_ path: String) -> String {
  let expanded = expandingHome(path)
  if let resolved = realpath(expanded, nil) {
    defer { free(resolved) }
    return String(cString: resolved)
  }
  let parent = (expanded as NSString).deletingLastPathComponent
  guard let resolved = realpath(parent.isEmpty ? "." : parent, nil) else { return expanded }
  defer { free(resolved) }
  return String(cString: resolved) + "/" + (expanded as NSString).lastPathComponent
}
