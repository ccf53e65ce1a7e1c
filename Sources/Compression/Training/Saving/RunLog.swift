import Files
import JSONFormat

/// The two logs of a run, `log.jsonl` and `log.csv`: a line a step, written when the step is made.
final class RunLog {
  private let lines: AppendingFile
  private let rows: AppendingFile
  private let terms: [String]

  static func linesPath(_ folder: String) -> String { folder + "/log.jsonl" }
  private static func rowsPath(_ folder: String) -> String { folder + "/log.csv" }

  /// Begins the logs with the entries that are kept of an earlier part of the run. What else was
  /// logged is gone.
  init(folder: String, keeping entries: [RunEntry], terms: [String]) throws {
    self.terms = terms
    try writeFile(Self.linesPath(folder)) { file in
      for entry in entries { try file.write(entry.line) }
    }
    try writeFile(Self.rowsPath(folder)) { file in
      try file.write(RunEntry.header(terms: terms))
      for entry in entries { try file.write(entry.row(terms: terms)) }
    }
    lines = try AppendingFile(path: Self.linesPath(folder))
    rows = try AppendingFile(path: Self.rowsPath(folder))
  }

  func append(_ entry: RunEntry) throws {
    try lines.append(entry.line)
    try rows.append(entry.row(terms: terms))
  }

  /// Waits until all lines are on the disk.
  func synchronize() throws {
    try lines.synchronize()
    try rows.synchronize()
  }

  /// The entries of a folder's log up to the first line that is none: what a crash or a power cut
  /// tore.
  /// - Parameter step: the step that the log must reach, which was on the disk before its
  ///   checkpoint.
  /// - Throws: `FileError` naming the line that is missing or no step of a run.
  static func read(_ folder: String, reaching step: Int) throws -> [RunEntry] {
    let path = linesPath(folder)
    var entries: [RunEntry] = []
    if kind(ofFile: path) == .file {
      let bytes = try MappedFile(path: path).withBytes { Array($0) }
      // What follows the last line feed is empty, or the beginning of a line that never ended.
      let texts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      for text in texts.dropLast() {
        guard let json = try? JSON(reading: Array(text)), let entry = RunEntry(json),
          follows(entry, entries.last)
        else { break }
        entries.append(entry)
      }
    }
    guard entries.last?.step ?? 0 >= step else {
      throw FileError(
        path: path,
        reason: "line \(entries.count + 1) is missing or no step of the run, whose checkpoint is "
          + "of step \(step)")
    }
    return entries
  }

  private static func follows(_ entry: RunEntry, _ last: RunEntry?) -> Bool {
    if let last { return entry.step == last.step + 1 }
    return entry.step <= 1
  }
}
