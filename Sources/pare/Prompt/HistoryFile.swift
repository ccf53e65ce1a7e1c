import Files
import Foundation

/// The cells of earlier prompts, one a line, in a file that several prompts may share.
///
/// Every prompt appends each cell as it is entered, under a lock that stands beside the file. Line
/// feeds inside a cell are written `\n`, backslashes `\\`.
struct HistoryFile {
  private let path: String

  /// Above so many cells the older ones are let go, down to so few.
  private static let most = 10_000
  private static let kept = 5_000

  /// The file in the folder for state.
  init(folder: String = stateFolder()) {
    path = folder + "/history"
  }

  /// The cells, oldest first; none where there is no file.
  /// - Throws: `FileError` where there is one that cannot be read.
  func load() throws -> [String] {
    guard kind(ofFile: path) != .missing else { return [] }
    let cells = try read()
    guard cells.count > Self.most else { return cells }
    return try locked {
      // Another prompt may have appended or shortened it meanwhile.
      let kept = Array(try read().suffix(Self.kept))
      try writeFile(path) { try $0.write(kept.map { Self.encode($0) + "\n" }.joined()) }
      return kept
    }
  }

  /// Appends a cell.
  /// - Throws: `FileError` where it cannot be written.
  func append(_ cell: String) throws {
    try locked {
      let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw fault("written") }
      defer { close(descriptor) }
      let line = Array((Self.encode(cell) + "\n").utf8)
      guard write(descriptor, line, line.count) == line.count else { throw fault("written") }
    }
  }

  private func read() throws -> [String] {
    try MappedFile(path: path).withBytes { bytes in
      bytes.split(separator: UInt8(ascii: "\n")).compactMap {
        String(validating: $0, as: UTF8.self).map(Self.decode)
      }
    }
  }

  private func locked<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      try FileManager.default.createDirectory(
        atPath: parentFolder(of: path), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw fault("made")
    }
    let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw fault("locked") }
    defer { close(lock) }
    while flock(lock, LOCK_EX) != 0 {
      guard errno == EINTR else { throw fault("locked") }
    }
    return try body()
  }

  private func fault(_ action: String) -> FileError {
    FileError(path: path, reason: "the history cannot be \(action)")
  }

  private static func encode(_ cell: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in cell.unicodeScalars {
      switch scalar {
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func decode(_ line: String) -> String {
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if isEscaped {
        result.append(scalar == "n" ? "\n" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
