import ArgumentParser
import Foundation
import JSONFormat
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
      copies between host and device are those of the mean step.
      """)

  @Argument(help: "forward, importance, distill or generate.") var work: Benchmark.Work
  @Argument(help: "A Hugging Face folder or a .gguf.") var model: String

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

  @OptionGroup(title: "Options everywhere") var session: SessionOptions

  func validate() throws {
    let (tokens, overflow) = batch.multipliedReportingOverflow(by: length)
    guard batch >= 1, length >= 2, !overflow, tokens <= 1 << 24, (1...100_000).contains(steps)
    else {
      throw ValidationError(
        "bench takes --batch from 1 and --length from 2 with at most 16777216 tokens in all, and "
          + "--steps from 1 to 100000")
    }
  }

  func run() throws {
    var benchmark = Benchmark(work)
    benchmark.batch = batch
    benchmark.length = length
    benchmark.steps = steps
    benchmark.seed = session.seed
    benchmark.profile = profile
    let device = try session.makeSession().device
    let measurement = benchmark
    let result: Benchmark.Result
    do {
      result = try ComputeThread().run { try measurement.run(model: model, on: device) }
    } catch is Interrupted {
      throw ExitStatus.interrupted
    }
    Console().write((json ? report(result, device).text() : summary(result)) + "\n")
  }

  private func report(_ result: Benchmark.Result, _ device: any Device) -> JSON {
    let threads: JSON = (device as? CPUDevice).map { .int($0.threads) } ?? .null
    let measured: [JSONObject.Member] = [
      ("work", .string(work.rawValue)), ("model", .string(model)),
      ("tokens_per_second", .double(result.tokensPerSecond)),
      ("peak_rss_bytes", .int(result.peakBytes)),
      ("step_seconds", .array(result.stepSeconds.map { .double($0) })),
      ("load_seconds", .double(result.loadSeconds)),
      ("launches_per_step", .double(result.perStep(\.launches))),
      ("products_per_step", .double(result.perStep(\.products))),
      ("copies_in_per_step", .double(result.perStep(\.uploads))),
      ("bytes_in_per_step", .double(result.perStep(\.uploadedBytes))),
      ("copies_out_per_step", .double(result.perStep(\.downloads))),
      ("bytes_out_per_step", .double(result.perStep(\.downloadedBytes))),
      ("batch", .int(work == .generate ? 1 : batch)),
      ("length", .int(length)), ("steps", .int(steps)), ("device", .string(device.name)),
      ("precision", .string(device.precision.rawValue)),
      ("threads", threads),
      ("seed", .int(session.seed)),
    ]
    var report = JSONObject(measured)
    if let profile = result.profile {
      let timings: [JSONObject.Member] = profile.sorted { $0.key < $1.key }.map { name, timing in
        (name, ["seconds": .double(timing.seconds), "calls": .int(timing.calls)])
      }
      report["profile"] = .object(JSONObject(timings))
    }
    return .object(report)
  }

  private func summary(_ result: Benchmark.Result) -> String {
    let fastest = (result.stepSeconds.min() ?? 0).formattedSeconds
    let slowest = (result.stepSeconds.max() ?? 0).formattedSeconds
    return "\(work.rawValue)  \(Int(result.tokensPerSecond.rounded())) tokens/s"
      + "  (steps of \(fastest) to \(slowest)), peak \(result.peakBytes >> 20) MB, "
      + "loaded in \(result.loadSeconds.formattedSeconds)\n"
      + "a step: " + traffic(result) + (result.profile.map(table) ?? "")
  }

  /// A line for each operation, the longest first, with its share of all.
  private func table(_ profile: [String: Timing]) -> String {
    let all = profile.values.reduce(0) { $0 + $1.seconds }
    let width = profile.keys.map(\.count).max() ?? 0
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let rows = profile.sorted { ($0.value.seconds, $1.key) > ($1.value.seconds, $0.key) }
    return rows.map { name, timing in
      let share = "\(Int((timing.seconds / all * 1000).rounded()))"
      let percent = "\(share.dropLast().isEmpty ? "0" : share.dropLast()).\(share.suffix(1)) %"
      return "\n" + name.padding(toLength: width, withPad: " ", startingAt: 0)
        + padded(timing.seconds.formattedSeconds, 11) + padded(percent, 9)
        + padded("\(timing.calls) calls", 13)
    }.joined()
  }

  /// What the mean step asked of the device.
  private func traffic(_ result: Benchmark.Result) -> String {
    func count(_ path: KeyPath<Traffic, Int>, _ unit: String, _ plural: String) -> String {
      let mean = result.perStep(path)
      let number = mean == mean.rounded() ? "\(Int(mean))" : "\((mean * 10).rounded() / 10)"
      return "\(number) \(mean == 1 ? unit : plural)"
    }
    func bytes(_ path: KeyPath<Traffic, Int>) -> String {
      " (" + count(path, "byte", "bytes") + ")"
    }
    return [
      count(\.launches, "launch", "launches"), count(\.products, "product", "products"),
      count(\.uploads, "copy in", "copies in") + bytes(\.uploadedBytes),
      count(\.downloads, "copy out", "copies out") + bytes(\.downloadedBytes),
    ].joined(separator: ", ")
  }
}

extension Double {
  /// Seconds with three decimals.
  fileprivate var formattedSeconds: String {
    let thousandths = Int((self * 1000).rounded())
    let digits = String(thousandths % 1000)
    return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits) s"
  }
}

extension Benchmark.Work: ExpressibleByArgument {}
