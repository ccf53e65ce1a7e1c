import Foundation

/// The built program, driven as a user drives it.
enum Program {
  /// `.build/release/pare` of this package.
  static let path = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent(".build/release/pare").path

  /// How a run ended.
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - program: what runs, where it is not the built program itself.
  ///   - input: what standard input holds.
  ///   - folder: the working directory.
  ///   - environment: variables that differ from this process's.
  ///   - longest: the seconds after which it is killed.
  ///   - whileRunning: called when the program has started, with what sends it signals.
  static func run(
    _ arguments: [String], program: String = path, input: String = "", in folder: String? = nil,
    setting environment: [String: String] = [:], longest: Double = 60,
    whileRunning: (Process) throws -> Void = { _ in }
  ) throws -> Result {
    // Files take any amount of output; a pipe that nobody empties would stop the program.
    let place = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    let (outputFile, errorFile, inputFile) = (
      place.appendingPathComponent("output"), place.appendingPathComponent("errors"),
      place.appendingPathComponent("input")
    )
    for file in [outputFile, errorFile] { try Data().write(to: file) }
    try Data(input.utf8).write(to: inputFile)

    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    try whileRunning(process)
    // What hangs fails its test and not all of them.
    let guardian = DispatchWorkItem { [pid = process.processIdentifier] in kill(pid, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + longest, execute: guardian)
    process.waitUntilExit()
    guardian.cancel()
    return Result(
      // A process that a signal killed must not pass for one that ended with that number.
      status: process.terminationReason == .exit
        ? process.terminationStatus : -process.terminationStatus,
      output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
  }
}

/// A folder that is gone after the test.
struct TemporaryFolder: ~Copyable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/pare-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ text: String) throws -> String {
    let place = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: place, atomically: true, encoding: .utf8)
    return place
  }

  /// The names of everything in a folder below.
  func names(_ folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + folder).sorted()
  }
}

/// Waits until a condition holds.
func waited(seconds: Double = 20, for condition: () throws -> Bool) rethrows -> Bool {
  let end = Date().addingTimeInterval(seconds)
  while Date() < end {
    if try condition() { return true }
    usleep(5_000)
  }
  return false
}
