import Foundation
import JSONFormat
import Synchronization
import TestTools
import Testing

/// Guards against work that grows unnoticed, where a clock cannot: instructions of a step, counted
/// by valgrind, against the numbers in `Tests/Fixtures/instruction_counts.json`. The same numbers
/// come out on any machine with AVX2: valgrind shows libraries that choose loops by the processor
/// one of its own. They change with the compiler and with oneDNN; from run to run they stay the
/// same within a thousandth of a percent. This renews them:
///
///     PARE_RENEW_COUNTS=1 swift test -c release --disable-xctest --disable-testable-imports \
///       --filter InstructionCountTests
@Suite(
  .enabled(if: Valgrind.isWanted, "valgrind or strip is not installed, or the processor lacks AVX2")
)
struct InstructionCountTests {
  /// By how much a count may rise, and how far it may fall before the guard is too loose.
  private static let (rise, fall) = (0.05, 0.15)
  private static let file = fixturePath("instruction_counts.json")

  private static let config = """
    {"model_type": "llama", "vocab_size": 512, "hidden_size": 64, "intermediate_size": 192,
     "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
     "hidden_act": "silu", "max_position_embeddings": 256, "rms_norm_eps": 1e-5,
     "rope_theta": 10000.0, "tie_word_embeddings": true}
    """

  private static let writing = Mutex(())

  private static func recorded() throws -> JSONObject {
    try JSON(reading: Array(Data(contentsOf: URL(fileURLWithPath: file)))).object ?? JSONObject()
  }

  private static func record(_ count: Int, of work: String) throws {
    try writing.withLock { _ in
      var all = try recorded()
      all[work] = .int(count)
      try (JSON.object(all).text(indent: 1) + "\n")
        .write(toFile: file, atomically: true, encoding: .utf8)
    }
  }

  /// What start-up costs is in both counts and drops out of their difference.
  @Test(arguments: [("importance", 1, 3), ("distill", 1, 2), ("generate", 1, 2)])
  func aStepTakesNoMoreInstructions(work: String, few: Int, many: Int) throws {
    let folder = try TemporaryFolder()
    let model = try folder.write("config.json", Self.config)
    let program = try Valgrind.readableProgram(in: folder.path)
    func count(steps: Int) throws -> Double {
      try Valgrind.instructions(
        program, ["bench", work, model, "--batch", "2", "--length", "32", "--steps", "\(steps)"])
    }
    let measured = try (count(steps: many) - count(steps: few)) / Double(many - few)

    if ProcessInfo.processInfo.environment["PARE_RENEW_COUNTS"] != nil {
      return try Self.record(Int(measured.rounded()), of: work)
    }
    let recorded = try Self.recorded()
    let wanted = try #require(recorded[work]?.double, "\(Self.file) has no \(work)")
    let change = measured / wanted - 1
    let percent = "\((change * 1000).rounded() / 10) %"
    #expect(
      change <= Self.rise,
      "\(work) takes \(Int(measured)) instructions a step, \(percent) more than recorded")
    #expect(
      change >= -Self.fall,
      "\(work): \(percent) instructions a step. Renew the numbers, they guard it too loosely now")
  }
}

/// The counter of instructions.
private enum Valgrind {
  private static let program = find("valgrind")
  private static let strip = find("strip")

  /// Continuous integration may not skip what it lacks; a processor without AVX2 runs other loops.
  static var isWanted: Bool {
    guard hasAVX2 else { return false }
    return ProcessInfo.processInfo.environment["CI"] != nil || (program != nil && strip != nil)
  }

  private static var hasAVX2: Bool {
    let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    return text?.contains(" avx2 ") == true
  }

  private static func find(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// The built program without what it holds for debuggers, which valgrind cannot read.
  static func readableProgram(in folder: String) throws -> String {
    let copy = folder + "/pare"
    let result = try Program.run(
      ["-g", "-o", copy, Program.path], program: #require(strip, "strip is not installed"))
    try #require(result.status == 0, "\(result.errors)")
    return copy
  }

  /// The instructions of a run on one thread with AVX2, which is the most that valgrind knows.
  static func instructions(_ program: String, _ arguments: [String]) throws -> Double {
    let tool = try #require(Self.program, "valgrind is not installed")
    let result = try Program.run(
      ["--tool=callgrind", "--callgrind-out-file=/dev/null", program] + arguments
        + ["--threads", "1"],
      program: tool, setting: ["PARE_ISA": "avx2", "SWIFT_DETERMINISTIC_HASHING": "1"],
      longest: 300)
    try #require(result.status == 0, "\(result.errors)")
    let line = try #require(
      result.errors.split(separator: "\n").first { $0.contains("Collected :") },
      "\(result.errors)")
    return try #require(line.split(separator: " ").last.flatMap { Double($0) }, "\(line)")
  }
}
