import JSONFormat
import Kernels
import Workbench

/// What `pare bench` prints of a measurement.
struct BenchReport {
  private let benchmark: Benchmark
  private let model: String
  private let result: Benchmark.Result
  private let device: any Device

  /// The report of a measurement on a model, named as the user named it.
  init(
    _ benchmark: Benchmark, model: String, _ result: Benchmark.Result, on device: any Device
  ) {
    self.benchmark = benchmark
    self.model = model
    self.result = result
    self.device = device
  }

  /// One object; what a work does not have is left out.
  var json: JSON {
    var report = JSONObject([
      ("work", .string(benchmark.work.rawValue)), ("model", .string(model)),
    ])
    if let rate = result.tokensPerSecond { report["tokens_per_second"] = .double(rate) }
    report["peak_rss_bytes"] = .int(result.peakBytes)
    report["load_seconds"] = .double(result.loadSeconds)
    if let seconds = result.firstPassSeconds {
      report["first_pass_seconds"] = .double(seconds)
      report["length"] = .int(benchmark.length)
    }
    if result.tokensPerStep != nil { addSteps(to: &report) }
    if let limit = result.limit, let share = result.shareOfLimit {
      report["limit"] = .string(limit.name)
      report["limit_seconds"] = .double(limit.medianSeconds)
      report["share_of_limit"] = .double(share)
    }
    report["device"] = .string(device.name)
    report["precision"] = .string(device.precision.rawValue)
    report["threads"] = (device as? CPUDevice).map { .int($0.threads) } ?? .null
    report["isa"] = (device as? CPUDevice).map { .string($0.instructions) } ?? .null
    report["seed"] = .int(benchmark.seed)
    if let profile = result.profile {
      let timings: [JSONObject.Member] = profile.sorted { $0.key < $1.key }.map { name, timing in
        (name, ["seconds": .double(timing.seconds), "calls": .int(timing.calls)])
      }
      report["profile"] = .object(JSONObject(timings))
    }
    return .object(report)
  }

  private func addSteps(to report: inout JSONObject) {
    report["step_seconds"] = .array(result.stepSeconds.map { .double($0) })
    let counts: [(String, KeyPath<Traffic, Int>)] = [
      ("launches", \.launches), ("products", \.products), ("copies_in", \.uploads),
      ("bytes_in", \.uploadedBytes), ("copies_out", \.downloads), ("bytes_out", \.downloadedBytes),
    ]
    for (name, count) in counts { report[name + "_per_step"] = .double(result.perStep(count)) }
    report["batch"] = .int(benchmark.work == .generate ? 1 : benchmark.batch)
    report["length"] = .int(benchmark.work == .generate ? Benchmark.prompt : benchmark.length)
    report["steps"] = .int(benchmark.steps)
  }

  /// A few lines for people.
  var summary: String {
    let memory = "peak \(result.peakBytes >> 20) MB"
    let loading = "loaded in \(result.loadSeconds.formattedSeconds)"
    if let seconds = result.firstPassSeconds {
      return "load  \(loading), \(memory); with a first pass of \(benchmark.length) ids "
        + seconds.formattedSeconds
    }
    let rate = result.tokensPerSecond ?? 0
    let fastest = (result.stepSeconds.min() ?? 0).formattedSeconds
    let slowest = (result.stepSeconds.max() ?? 0).formattedSeconds
    return "\(benchmark.work.rawValue)  \(Int(rate.rounded())) tokens/s"
      + "  (steps of \(fastest) to \(slowest)), \(memory), \(loading)\n"
      + "a step: " + traffic + limitLine + (result.profile.map(table) ?? "")
  }

  private var limitLine: String {
    guard let limit = result.limit, let share = result.shareOfLimit else { return "" }
    return "\n\(limit.name): \(limit.medianSeconds.formattedSeconds), "
      + "\(Int((share * 100).rounded())) % of the step"
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
        + padded("\(timing.calls) \(timing.calls == 1 ? "call" : "calls")", 13)
    }.joined()
  }

  /// What the mean step asked of the device.
  private var traffic: String {
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
