import JSONFormat
import TestTools
import Testing

@Suite struct BenchTests {
  private let settings = [fixturePath("models/llama-tied"), "--batch", "2", "--length", "16"]

  private func report(_ arguments: [String]) throws -> JSON {
    let result = try Program.run(["bench"] + arguments + ["--json"])
    #expect(result.status == 0, "\(result.errors)")
    return try JSON(reading: Array(result.output.utf8))
  }

  /// A step copies ids in and what it records out: a generated token as many as any other step.
  /// Hidden states are not read, and their ids stay on the device.
  @Test(arguments: [("distill", 1.0), ("importance", 1), ("forward", 0), ("generate", 128)])
  func countsWhatAStepCopies(work: String, copies: Double) throws {
    let report = try report([work] + settings + ["--steps", "2"])
    func number(_ key: String) throws -> Double { try #require(report[key]?.double) }
    #expect(try number("copies_in_per_step") == copies)
    #expect(try number("copies_out_per_step") == copies)
    if work != "generate" { #expect(try number("bytes_in_per_step") == copies * 2 * 16 * 8) }
    if work == "distill" { #expect(try number("bytes_out_per_step") == 8) }
    #expect(try number("products_per_step") > 10)
    #expect(try number("launches_per_step") == 0)
    #expect(report["step_seconds"]?.array?.count == 2)
    #expect(report["limit"] == nil && report["share_of_limit"] == nil)
  }

  @Test func saysItInWords() throws {
    let result = try Program.run(["bench", "distill"] + settings + ["--steps", "1"])
    #expect(result.output.hasPrefix("distill  "))
    #expect(result.output.contains("a step: 0 launches, "))
    #expect(
      result.output.hasSuffix(" products, 1 copy in (256 bytes), 1 copy out (8 bytes)\n"))
  }

  @Test(arguments: [
    ("forward", "matrix products alone"), ("distill", "matrix products alone"),
    ("generate", "a plain read of the weights"),
  ])
  func timesWhatBoundsAStep(work: String, name: String) throws {
    let report = try report([work] + settings + ["--steps", "3", "--limit"])
    #expect(report["limit"]?.string == name)
    let (limit, share) = (report["limit_seconds"]?.double, report["share_of_limit"]?.double)
    let steps = try #require(report["step_seconds"]?.array).compactMap(\.double).sorted()
    // What the limit measures is not part of the steps, nor of what they ask of the device.
    #expect(steps.count == 3)
    #expect(try #require(limit) > 0)
    #expect(try #require(share) == #require(limit) / steps[1])
    let without = try self.report([work] + settings + ["--steps", "1"])
    #expect(report["products_per_step"]?.double == without["products_per_step"]?.double)
  }

  @Test func namesOperations() throws {
    let report = try report(
      ["distill"] + settings + ["--steps", "1", "--profile", "--precision", "bf16"])
    let names = Set(try #require(report["profile"]?.object).members.map(\.key))
    // What a user knows; packing is of products alone and only where the processor has bf16 units.
    let known: Set = [
      "products", "packing", "attention", "attention_gradient", "rms_norm", "rms_norm_gradient",
      "rotary", "swiglu", "swiglu_gradient", "add", "accumulate", "scale", "copy", "fill",
      "convert", "gather_rows", "scatter_add_rows", "divergence_update", "divergence_losses",
      "divergence_gradient", "reduce", "sum_of_squares", "adam_w", "upload", "download",
    ]
    #expect(names.isSubset(of: known), "\(names.subtracting(known).sorted())")
    #expect(names.isSuperset(of: ["products", "attention", "rms_norm", "add", "adam_w"]))
  }

  @Test func loadingIsAWorkOfItsOwn() throws {
    let report = try report(["load", fixturePath("models/llama-tied.gguf")])
    #expect(try #require(report["load_seconds"]?.double) > 0)
    #expect(try #require(report["peak_rss_bytes"]?.int) > 0)
    for key in ["tokens_per_second", "step_seconds", "batch"] { #expect(report[key] == nil) }
    let words = try Program.run(["bench", "load", fixturePath("models/llama-tied")])
    #expect(
      words.output.contains(
        /^load  loaded in \d+\.\d{3} s, peak \d+ MB; with a first pass of 512 ids \d+\.\d{3} s\n$/))
  }

  @Test func aConfigurationGetsRandomWeights() throws {
    let path = fixturePath("models/qwen3/config.json")
    let report = try report(
      ["importance", path, "--batch", "2", "--length", "16", "--steps", "1"])
    #expect(try #require(report["tokens_per_second"]?.double) > 0)
  }

  @Test(arguments: [
    (["load", "config.json"], "bench load reads weights, and config.json has none: give a model"),
    (["forward", "config.json"], "config.json: cannot open: no such file or directory"),
    (["load", "m", "--limit"], "bench load is one reading of a file: it has no --limit"),
    (["load", "m", "--profile"], "bench load is one reading of a file: it has no --limit"),
  ])
  func saysWhatDoesNotFit(_ arguments: [String], message: String) throws {
    let result = try Program.run(["bench"] + arguments)
    #expect(result.status != 0)
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}
