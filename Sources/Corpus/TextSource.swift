import Files
import Foundation

/// Where a text comes from.
package enum TextSource: Equatable {
  case file(String)
  case text(String)

  private static let endings = [".txt", ".md", ".jsonl", ".json", ".gz", ".csv", ".tsv", ".text"]

  /// What a user's string means: an existing file's path; a path that is not there (without a
  /// space, and with `/` or a known ending) is an error; any other string is the text itself.
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

  /// What it holds: of a `.jsonl` the `text` field of each line, joined by a blank line, or
  /// instruction data; a `.gz` by the ending beneath it; anything else as UTF-8 text.
  /// - Throws: `FileError` naming file and line.
  package func content() throws -> TextContent {
    switch self {
    case .text(let text): return .text(text)
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
      if name.hasSuffix(".jsonl") { return try JSONLines.read(bytes, path: path) }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw FileError(path: path, reason: "is not text in UTF-8")
      }
      return .text(text)
    }
  }

  /// The whole text.
  /// - Throws: as `content`, also for instruction data, which is no one text.
  package func read() throws -> String {
    guard case .text(let text) = try content() else {
      throw CorpusError.invalid("instruction data is no text: its lines are cut by a tokenizer")
    }
    return text
  }
}
