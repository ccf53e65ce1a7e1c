import Files
import Foundation
import Language

/// Where a session is kept: a folder of its own, by its name among those of the user or by its
/// path.
struct SessionPlace {
  /// The folder.
  let path: String
  /// As the user calls it.
  let name: String

  /// The file that says what is in the folder.
  static let index = "session.json"

  /// The place of a session.
  /// - Parameters:
  ///   - name: a plain name, or a path with a `/`.
  ///   - resolve: makes a path of the session's folder absolute.
  /// - Throws: `LanguageError` for a name that cannot be one of a folder.
  init(_ name: String, resolve: (String) -> String) throws {
    self.name = name
    if name.contains("/") || name == "~" {
      path = resolve(name)
      return
    }
    guard !name.hasPrefix("."), !name.isEmpty, name.utf8.count <= 200,
      !name.unicodeScalars.contains(where: { $0.value < 0x20 })
    else {
      throw LanguageError(
        "give a session a plain name, or a path with a '/', not '\(name)'")
    }
    path = Self.folder + "/" + name
  }

  /// The folder of the sessions that have names.
  static var folder: String { stateFolder() + "/sessions" }

  /// The sessions that have names.
  static var names: [String] {
    let all = (try? namesInFolder(folder)) ?? []
    return all.filter { kind(ofFile: "\(folder)/\($0)/\(index)") == .file }
  }

  /// The sessions that there are, as a clause.
  static var listing: String {
    let names = names
    return names.isEmpty ? "no session is saved yet" : "there are \(names.joined(separator: ", "))"
  }

  /// Refuses a place where no session is.
  func requireSession() throws {
    guard kind(ofFile: path) != .missing else {
      if path.hasPrefix(Self.folder + "/") {
        let hint = didYouMean(name, Self.names)
        throw LanguageError(
          "there is no session '\(name)'\(hint.isEmpty ? ": " + Self.listing : hint)")
      }
      throw FileError(path: name, reason: "there is no such session")
    }
    guard kind(ofFile: path + "/" + Self.index) == .file else {
      throw FileError(path: name, reason: "holds no session: there is no \(Self.index) in it")
    }
  }

  /// Refuses a folder that holds anything but a session.
  func requireFree() throws {
    switch kind(ofFile: path) {
    case .missing: return
    case .file: throw FileError(path: name, reason: "is a file; a session is kept in a folder")
    case .folder: break
    }
    guard try kind(ofFile: path + "/" + Self.index) == .file || namesInFolder(path).isEmpty else {
      throw FileError(
        path: name, reason: "holds something else; choose a folder of its own for the session")
    }
  }
}
