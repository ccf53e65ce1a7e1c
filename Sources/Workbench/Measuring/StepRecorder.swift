import Evaluation
import Kernels

/// Times the steps of a measurement, and between them what bounds them.
final class StepRecorder {
  /// Seconds of each timed step.
  private(set) var seconds: [Double] = []
  /// What all timed steps asked of the device.
  private(set) var traffic = Traffic()
  /// The largest resident set after a step.
  private(set) var peakBytes = 0
  private var bound: (any StepBound)?
  private var boundSeconds: [Double] = []
  private let benchmark: Benchmark
  private let device: any Device
  private var start = ContinuousClock.now
  private var earlier = Traffic()

  /// Starts to time the first step.
  init(_ benchmark: Benchmark, _ device: any Device) {
    self.benchmark = benchmark
    self.device = device
    if benchmark.limit { device.startListingProducts() }
    restart()
  }

  /// Steps that are not timed: one that warms up, and where there is a limit one more, which shows
  /// the memory of a step before the operands of the limit are there.
  private var untimed: Int { benchmark.limit ? 2 : 1 }
  private var lastTimed: Int { untimed + benchmark.steps }

  /// How many steps are to be made.
  var allSteps: Int { lastTimed + (benchmark.profile ? 1 : 0) }

  /// What bounds the steps, where that was asked for.
  var limit: Benchmark.Limit? {
    bound.map { Benchmark.Limit(name: $0.name, seconds: boundSeconds) }
  }

  /// Ends a step, its number from 1, whose work the device has done; the next one's time begins
  /// when this returns.
  /// - Throws: what measuring the limit throws.
  func finish(_ step: Int) throws {
    let time = (ContinuousClock.now - start).inSeconds
    if step > untimed, step <= lastTimed {
      seconds.append(time)
      traffic = traffic + (device.traffic - earlier)
    }
    if bound == nil { peakBytes = peakResidentBytes() }
    if benchmark.limit { try measureBound(after: step) }
    if step == lastTimed, benchmark.profile { device.startTiming() }
    restart()
  }

  private func measureBound(after step: Int) throws {
    if step == 1 {
      products = device.stopListingProducts()
    } else if step == untimed {
      bound =
        benchmark.work == .generate
        ? try WeightReading(of: products, times: Benchmark.generated, on: device)
        : try ProductReplay(of: products, on: device)
      _ = try bound?.measure()
    } else if step <= lastTimed, let bound {
      boundSeconds.append(try bound.measure())
    }
  }

  private var products: [ProductShape: Int] = [:]

  private func restart() {
    earlier = device.traffic
    start = ContinuousClock.now
  }
}
