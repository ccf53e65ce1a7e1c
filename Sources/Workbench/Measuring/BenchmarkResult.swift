import Kernels

extension Benchmark {
  /// What came out.
  public struct Result: Sendable {
    /// Seconds of each timed step.
    public let stepSeconds: [Double]
    /// Tokens of one step; nil for loading.
    public let tokensPerStep: Int?
    /// Seconds that loading the model took.
    public let loadSeconds: Double
    /// Seconds from the start of loading to the end of a first pass; nil for all work but loading.
    public let firstPassSeconds: Double?
    /// The process's largest resident set, without what measuring the limit takes.
    public let peakBytes: Int
    /// What all timed steps copied, launched and multiplied on the device.
    public let traffic: Traffic
    /// The time of each operation in a step of its own, where that was asked for.
    public let profile: [String: Timing]?
    /// What bounds the step, where that was asked for.
    public let limit: Limit?

    /// The mean of one of the traffic's counts over the timed steps.
    public func perStep(_ count: KeyPath<Traffic, Int>) -> Double {
      Double(traffic[keyPath: count]) / Double(stepSeconds.count)
    }

    /// The throughput of the median step; nil for loading.
    public var tokensPerSecond: Double? {
      tokensPerStep.map { Double($0) / median(stepSeconds) }
    }

    /// The median time of the limit over that of the steps: 1 is a step that does nothing else.
    public var shareOfLimit: Double? {
      limit.map { $0.medianSeconds / median(stepSeconds) }
    }
  }

  /// What no program can leave out of a step, timed alone.
  public struct Limit: Sendable {
    /// What it is, such as "matrix products alone".
    public let name: String
    /// Seconds, once after each timed step.
    public let seconds: [Double]

    /// The median of the seconds.
    public var medianSeconds: Double { median(seconds) }
  }
}

/// The middle of some numbers, of which there is one at least.
private func median(_ numbers: [Double]) -> Double {
  let sorted = numbers.sorted()
  let middle = sorted.count / 2
  return sorted.count.isMultiple(of: 2)
    ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
