import Files
import Foundation

/// Where a script or notebook stands: the folder at which its relative paths start, and its own
/// path from there.
public struct ScriptPlace: Equatable, Sendable {
  /// The nearest folder upwards that holds `Plots/` or `.git`, else the file's own; absolute.
  public let folder: String
  /// The file's path relative to the folder.
  public let name: String

  /// The place of the file at `path`.
  /// - Throws: `FileError` where the file's folder is not there.
  public init(ofFile path: String) throws {
    let expanded = expandingHome(path)
    let name = lastName(of: expanded)
    let parent = parentFolder(of: expanded)
    guard let resolved = realpath(parent.isEmpty ? "." : parent, nil) else {
      throw FileError(path: path, reason: "no such file")
    }
    defer { free(resolved) }
    let own = String(cString: resolved)
    var folder = own
    while !Self.isRoot(ofProject: folder) {
      guard folder != "/" else {
        self.init(folder: own, name: name)
        return
      }
      folder = parentFolder(of: folder)
    }
    let inside = own.dropFirst(folder.count).drop { $0 == "/" }
    self.init(folder: folder, name: inside.isEmpty ? name : "\(inside)/\(name)")
  }

  private init(folder: String, name: String) {
    self.folder = folder
    self.name = name
  }

  private static func isRoot(ofProject folder: String) -> Bool {
    // In a worktree `.git` is a file.
    kind(ofFile: folder + "/Plots") == .folder || kind(ofFile: folder + "/.git") != .missing
  }
}
