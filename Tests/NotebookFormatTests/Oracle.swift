import Foundation

/// The Python whose nbformat judges our files: `PARE_PYTHON`, else `python3`.
enum Oracle {
  static let python = ProcessInfo.processInfo.environment["PARE_PYTHON"] ?? "python3"

  /// Whether that Python has nbformat. Says so once where it has not: the tests that need it skip.
  static let hasNbformat: Bool = {
    let found = (try? run("import nbformat", []))?.status == 0
    if !found { print("skipped: \(python) cannot import nbformat (set PARE_PYTHON)") }
    return found
  }()

  /// Runs a program with arguments and returns what it printed, errors included.
  static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, text: String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }
}

/// Calls `body` with a new folder and removes it afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.path + "/notebooks-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}
