import JSONFormat
import TestTools
import Testing

@Suite struct BenchTests {
  private let settings = [fixturePath("models/llama-tied"), "--batch", "2", "--length", "16"]

  /// A step copies ids in and what it records out: a generated token as many as any other step.
  /// Hidden states are not read, and their ids stay on the device.
  @Test(arguments: [("distill", 1.0), ("importance", 1), ("forward", 0), ("generate", 128)])
  func countsWhatAStepCopies(work: String, copies: Double) throws {
    let result = try Program.run(["bench", work] + settings + ["--steps", "2", "--json"])
    #expect(result.status == 0)
    let report = try JSON(reading: Array(result.output.utf8))
    func number(_ key: String) throws -> Double { try #require(report[key]?.double) }
    #expect(try number("copies_in_per_step") == copies)
    #expect(try number("copies_out_per_step") == copies)
    if work != "generate" { #expect(try number("bytes_in_per_step") == copies * 2 * 16 * 8) }
    if work == "distill" { #expect(try number("bytes_out_per_step") == 8) }
    #expect(try number("products_per_step") > 10)
    #expect(try number("launches_per_step") == 0)
    #expect(report["step_seconds"]?.array?.count == 2)
  }

  @Test func saysItInWords() throws {
    let result = try Program.run(["bench", "distill"] + settings + ["--steps", "1"])
    #expect(result.output.hasPrefix("distill  "))
    #expect(result.output.contains("a step: 0 launches, "))
    #expect(
      result.output.hasSuffix(" products, 1 copy in (256 bytes), 1 copy out (8 bytes)\n"))
  }
}
