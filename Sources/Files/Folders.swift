import Foundation

/// Makes a folder and those that it stands in, where they are missing.
/// - Throws: `FileError` for the first that cannot be made.
public func makeFolders(_ path: String) throws {
  let expanded = expandingHome(path)
  if kind(ofFile: expanded) == .folder { return }
  let parent = parentFolder(of: expanded)
  if !parent.isEmpty, parent != expanded { try makeFolders(parent) }
  try makeFolder(expanded)
}

/// Removes a folder and all that is in it; links are removed, not followed.
/// - Throws: `FileError`.
public func removeFolder(_ path: String) throws {
  do {
    try FileManager.default.removeItem(atPath: expandingHome(path))
  } catch {
    throw FileError(path: path, reason: "cannot remove the folder")
  }
}

/// Gives a file or folder another name in the same file system; one that stands there gives way
/// where it is a file or an empty folder.
/// - Throws: `FileError`.
public func moveFile(_ path: String, to other: String) throws {
  guard rename(expandingHome(path), expandingHome(other)) == 0 else {
    throw FileError(path: path, doing: "move to \(other)")
  }
}

/// Waits until the names in a folder are on the disk, so that they outlive a power cut.
/// - Throws: `FileError`.
public func synchronizeFolder(_ path: String) throws {
  let descriptor = open(expandingHome(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileError(path: path, doing: "open the folder") }
  defer { close(descriptor) }
  // Some file systems have nothing to wait for and say so.
  guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
    throw FileError(path: path, doing: "write the folder")
  }
}
