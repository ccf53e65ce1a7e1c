import ArgumentParser
import Foundation
import Kernels
import Workbench

/// `pare bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure a job on a model: tokens a second and peak memory.",
    discussion: """
      A step is a batch of random ids: hidden states (forward), scores of all axes (importance), one \
      update of a copy of the model (distill), or 128 greedy tokens after a prompt of 16 (generate). \
      The throughput is that of the median step, after one that warms up; launches, products and \
      copies between host and device are those of the mean step. load times the loading, and a \
      first pass after it.

      --limit times after every step what no program can leave out of it: its matrix products alone, \
      on operands that are there beforehand, without those that a step computes again to save \
      memory; for generate, as many plain reads of the weights as tokens.
      """)

  @Argument(help: "forward, importance, distill, generate or load.") var work: Benchmark.Work
  @Argument(
    help: "A Hugging Face folder or a .gguf; or a config.json, whose model gets random weights.")
  var model: String

  @Option(help: ArgumentHelp("Windows of a batch; generate has one.", valueName: "n"))
  var batch = 4

  @Option(help: ArgumentHelp("Tokens of a window.", valueName: "n"))
  var length = 512

  @Option(help: ArgumentHelp("Timed steps.", valueName: "n"))
  var steps = 5

  @Flag(help: "Print one JSON object on one line.")
  var json = false

  @Flag(help: "Also time every operation of one more step.")
  var profile = false

  @Flag(help: "Also time what bounds the step: its products alone, or a read of the weights.")
  var limit = false

  @OptionGroup(title: "Options everywhere") var session: SessionOptions

  func validate() throws {
    let (tokens, overflow) = batch.multipliedReportingOverflow(by: length)
    guard batch >= 1, length >= 2, !overflow, tokens <= 1 << 24, (1...100_000).contains(steps)
    else {
      throw ValidationError(
        "bench takes --batch from 1 and --length from 2 with at most 16777216 tokens in all, and "
          + "--steps from 1 to 100000")
    }
    if work == .load, limit || profile {
      throw ValidationError("bench load is one reading of a file: it has no --limit or --profile")
    }
  }

  func run() throws {
    var benchmark = Benchmark(work)
    benchmark.batch = batch
    benchmark.length = length
    benchmark.steps = steps
    benchmark.seed = session.seed
    benchmark.profile = profile
    benchmark.limit = limit
    let device = try session.makeSession().device
    let measurement = benchmark
    let result: Benchmark.Result
    do {
      result = try ComputeThread().run { try measurement.run(model: model, on: device) }
    } catch is Interrupted {
      Console().reportInterrupt("bench \(work.rawValue): interrupted")
      throw ExitStatus.interrupted
    }
    let report = BenchReport(measurement, model: model, result, on: device)
    Console().write((json ? report.json.text() : report.summary) + "\n")
  }
}

extension Benchmark.Work: ExpressibleByArgument {}
