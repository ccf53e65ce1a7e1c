import Files
import Foundation
import JSONFormat

/// Where a text comes from.
package enum TextSource: Equatable {
  case file(String)
  case text(String)

  private static let endings = [".txt", ".md", ".jsonl", ".json", ".gz", ".csv", ".tsv", ".text"]

  /// What a user's string means: an existing file's path; a path that is not there (without a space,
  /// and with `/` or a known ending) is an error; any other string is the text itself.
  /// - Parameter resolving: makes a user's path one that the file system takes.
  /// - Throws: `FileError` for a path that is not there.
  package init(_ string: String, resolving: (String) -> String = { $0 }) throws {
    let path = string.utf8.count < 4096 && !string.contains("\n") ? resolving(string) : string
    switch kind(ofFile: path) {
    case .file: self = .file(path)
    case .folder, .missing:
      let isPath =
        !string.contains(where: \.isWhitespace)
        && (string.contains("/") || Self.endings.contains { string.hasSuffix($0) })
      if isPath {
        let isFolder = kind(ofFile: path) == .folder
        throw FileError(
          path: string,
          reason: isFolder ? "is a folder; tokens takes a file or text" : "there is no such file")
      }
      self = .text(string)
    }
  }

  /// The whole text: of a `.jsonl` the `text` field of each line, joined by a blank line; a `.gz` by
  /// the ending beneath it; anything else as UTF-8.
  /// - Throws: `FileError` naming file and line.
  package func read() throws -> String {
    switch self {
    case .text(let text): return text
    case .file(let path):
      let file = try MappedFile(path: path)
      var bytes: [UInt8]
      var name = path
      if path.hasSuffix(".gz") {
        bytes = try file.withBytes { try gunzip($0, path: path) }
        name = String(path.dropLast(3))
      } else {
        bytes = file.withBytes { Array($0) }
      }
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
      if name.hasSuffix(".jsonl") { return try Self.jsonLines(bytes, path: path) }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw FileError(path: path, reason: "is not text in UTF-8")
      }
      return text
    }
  }

  private static func jsonLines(_ bytes: [UInt8], path: String) throws -> String {
    var texts: [String] = []
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) {
      let text: String?
      do {
        text = try JSON(reading: Array(line))["text"]?.string
      } catch {
        throw FileError(path: path, reason: "line \(index + 1): \(error)")
      }
      guard let text else {
        throw FileError(path: path, reason: "line \(index + 1) has no string \"text\"")
      }
      texts.append(text)
    }
    return texts.joined(separator: "\n\n")
  }
}
