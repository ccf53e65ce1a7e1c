import Foundation

/// The Python that judges what we write: `PARE_PYTHON`, else `python3`.
enum Python {
  static let path = ProcessInfo.processInfo.environment["PARE_PYTHON"] ?? "python3"

  /// Whether that Python has nbformat. Says so once where it has not: the tests that need it skip.
  static let hasNbformat: Bool = {
    let found = (try? run("import nbformat", []))?.status == 0
    if !found { print("skipped: \(path) cannot import nbformat (set PARE_PYTHON)") }
    return found
  }()

  /// Runs a program and returns what it printed, errors included.
  static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [path, "-c", program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }
}
