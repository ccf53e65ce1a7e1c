import Foundation

/// The Python whose libraries judge our files: `PARE_PYTHON`, else `python3`.
package enum PythonOracle {
  /// Its path or name.
  package static let python = ProcessInfo.processInfo.environment["PARE_PYTHON"] ?? "python3"

  /// Whether that Python has transformers and torch. Says so once where it has not: the tests that
  /// need them skip.
  package static let hasTransformers = has(["torch", "transformers"])

  /// Whether that Python has nbformat; as `hasTransformers`.
  package static let hasNbformat = has(["nbformat"])

  /// Whether that Python has gguf; as `hasTransformers`.
  package static let hasGGUF = has(["gguf"])

  /// Whether that Python has Jupyter's clients; as `hasTransformers`.
  package static let hasJupyter = has(["jupyter_client", "nbclient", "jupyter_kernel_test"])

  private static func has(_ modules: [String]) -> Bool {
    let found = (try? run("import " + modules.joined(separator: ", "), []))?.status == 0
    if !found {
      let names = modules.joined(separator: " and ")
      print("skipped: \(python) cannot import \(names) (set PARE_PYTHON)")
    }
    return found
  }

  /// Runs a program with arguments; returns its status, what it printed, and its errors.
  package static func run(
    _ program: String, _ arguments: [String]
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", program] + arguments
    let output = Pipe()
    process.standardOutput = output
    // Errors go to a file: two pipes read one after the other can block the process.
    let errors = NSTemporaryDirectory() + "pare-python-\(UUID().uuidString)"
    _ = FileManager.default.createFile(atPath: errors, contents: nil)
    defer { try? FileManager.default.removeItem(atPath: errors) }
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let complaints = try Data(contentsOf: URL(fileURLWithPath: errors))
    return (
      process.terminationStatus, String(decoding: bytes, as: UTF8.self),
      String(decoding: complaints, as: UTF8.self)
    )
  }
}
