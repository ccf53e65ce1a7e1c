import Foundation
import Language
import Testing

/// Runs the programs beside this file through the interpreter and through CPython, and compares
/// what they print line by line.
@Suite struct DifferentialTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Programs")

  static let programs: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).filter { $0.hasSuffix(".py") }.sorted()
  }()

  static let python: String? = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let candidates = path.split(separator: ":").map { String($0) + "/python3" }
    return candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) })
  }()

  @Test func programsArePresent() {
    #expect(Self.programs.count >= 5)
    if Self.python == nil { print("skipped: no python3 to compare the language with") }
  }

  @Test(.enabled(if: python != nil, "no python3 to compare with"), arguments: programs)
  func printsWhatPythonPrints(program: String) throws {
    let file = Self.folder.appendingPathComponent(program)
    let expected = try pythonOutput(file)
    let source = try String(contentsOf: file, encoding: .utf8)
    let lines = try onLargeStack { try Self.run(source, name: program) }
    for (index, (line, wanted)) in zip(lines, expected).enumerated() where line != wanted {
      Issue.record("\(program), output line \(index + 1):\n  ours   \(line)\n  python \(wanted)")
    }
    #expect(lines.count == expected.count)
  }

  private static func run(_ source: String, name: String) throws -> [String] {
    let interpreter = Interpreter()
    var text = ""
    interpreter.output = { text += $0 }
    do {
      _ = try interpreter.execute(source, name: name)
    } catch let error as LanguageError {
      text += error.rendered()
    }
    return text.components(separatedBy: "\n")
  }

  private func pythonOutput(_ file: URL) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    process.arguments = ["-W", "ignore", "-X", "utf8", file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(file.lastPathComponent) is no valid Python")
    return String(decoding: data, as: UTF8.self).components(separatedBy: "\n")
  }
}
