import Foundation

/// The path with a leading `~` replaced by the home folder.
public func expandingHome(_ path: String) -> String {
  guard path == "~" || path.hasPrefix("~/") else { return path }
  let home = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()
  return home + path.dropFirst()
}

/// Whether something is at `path`, and whether it is a folder.
public func kind(ofFile path: String) -> FileKind {
  var status = stat()
  guard stat(expandingHome(path), &status) == 0 else { return .missing }
  return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
}

/// What stands at a path.
public enum FileKind: Sendable {
  case missing, file, folder
}

/// The names in a folder, sorted by bytes.
/// - Throws: `FileError` where the folder cannot be read.
public func namesInFolder(_ path: String) throws -> [String] {
  guard let directory = opendir(expandingHome(path)) else {
    throw FileError(path: path, doing: "list the folder")
  }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
}

/// Makes one folder, whose parent must exist; a folder already there is left as it is.
/// - Throws: `FileError`.
public func makeFolder(_ path: String) throws {
  guard mkdir(expandingHome(path), 0o777) == 0 else {
    if errno == EEXIST, kind(ofFile: path) == .folder { return }
    throw FileError(path: path, doing: "make the folder")
  }
}

/// Removes a file.
/// - Throws: `FileError`.
public func removeFile(_ path: String) throws {
  guard unlink(expandingHome(path)) == 0 else { throw FileError(path: path, doing: "remove") }
}

/// The absolute path without links and `..`; of something that is not there yet, by its parent's.
public func canonicalPath(_ path: String) -> String {
  let expanded = expandingHome(path)
  if let resolved = realpath(expanded, nil) {
    defer { free(resolved) }
    return String(cString: resolved)
  }
  let parent = parentFolder(of: expanded)
  guard let resolved = realpath(parent.isEmpty ? "." : parent, nil) else { return expanded }
  defer { free(resolved) }
  return String(cString: resolved) + "/" + lastName(of: expanded)
}

/// The name that a path ends with, slashes at its end left out; `/` of the root.
///
/// Foundation's own crashes for a path of one character (Swift 6.3, Linux).
public func lastName(of path: String) -> String {
  guard let last = path.split(separator: "/").last else { return path.isEmpty ? "" : "/" }
  return String(last)
}

/// The path without the name that it ends with; empty for a name alone, `/` for what is in the
/// root.
public func parentFolder(of path: String) -> String {
  var rest = path[...]
  while rest.count > 1, rest.last == "/" { rest.removeLast() }
  guard let slash = rest.lastIndex(of: "/") else { return "" }
  var parent = rest[..<slash]
  while parent.count > 1, parent.last == "/" { parent.removeLast() }
  return parent.isEmpty ? "/" : String(parent)
}
