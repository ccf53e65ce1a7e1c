import Foundation
import Language
import Testing

/// A few hundred random programs of `generated_programs.py`, in CPython and here: they print the
/// same up to their end, or up to where both fail.
///
/// `PARE_FUZZ_SEED` makes others. An int that outgrows 64 bits is an error here alone, and meant to
/// be.
@Suite struct GeneratedProgramTests {
  private struct Program: Decodable, Sendable {
    let source: String
    let output: String
    let fails: Bool
  }

  private static func programs(_ seed: String, _ count: Int) throws -> [Program] {
    let script = DifferentialTests.folder.deletingLastPathComponent()
      .appendingPathComponent("generated_programs.py").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(DifferentialTests.python))
    process.arguments = ["-X", "utf8", script, seed, "\(count)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode([Program].self, from: data)
  }

  private static func run(_ source: String) -> (output: String, error: String?) {
    let interpreter = Interpreter()
    var text = ""
    interpreter.output = { text += $0 }
    do {
      _ = try interpreter.execute(source, name: "program")
      return (text, nil)
    } catch {
      return (text, "\(error)")
    }
  }

  @Test(.enabled(if: DifferentialTests.python != nil, "no python3 to compare with"))
  func printWhatPythonPrints() throws {
    let seed = ProcessInfo.processInfo.environment["PARE_FUZZ_SEED"] ?? "1"
    let programs = try Self.programs(seed, 400)
    #expect(programs.count == 400)
    #expect(programs.count { !$0.fails } > 100)
    let results = try onLargeStack { programs.map { Self.run($0.source) } }
    var outgrown = 0
    for (program, result) in zip(programs, results) {
      if result.error?.contains("64 bits") == true {
        outgrown += 1
        continue
      }
      let isSame =
        result.output == program.output && (result.error != nil) == program.fails
      if !isSame {
        Issue.record(
          """
          \(program.source)
          --- python\(program.fails ? ", which fails" : "")
          \(program.output)--- here, \(result.error ?? "to the end")
          \(result.output)
          """)
      }
    }
    #expect(outgrown < 20)
  }
}
