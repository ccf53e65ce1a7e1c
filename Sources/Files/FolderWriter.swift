import Foundation

/// Writes the folder at `path` whole: beside its place first, then renamed, so that a reader never sees
/// half of it and a failure leaves what was there. A folder already there is replaced.
///
/// - Parameter body: fills the folder whose path it is given.
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
  try synchronizeFolder(new)
  guard kind(ofFile: target) == .folder else { return try moveFile(new, to: target) }
  let old = new + ".old"
  try moveFile(target, to: old)
  do {
    try moveFile(new, to: target)
  } catch {
    try moveFile(old, to: target)
    throw error
  }
  try removeFolder(old)
}
