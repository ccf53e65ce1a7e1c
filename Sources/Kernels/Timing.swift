import Synchronization

/// The time of one operation of a device.
public struct Timing: Sendable, Equatable {
  /// Seconds from the start of each call to the end of its work.
  public var seconds = 0.0
  /// How often it was called.
  public var calls = 0
}

/// An operation's name, in the spelling that kernels of all devices share: `rms_norm_gradient` for
/// a function `rmsNormGradient(_:x:)`.
func operationName(ofFunction function: String) -> String {
  var name = ""
  for letter in function.prefix(while: { $0 != "(" }) {
    name += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
  }
  return name
}

/// Where a device's time goes, by operation, while somebody asks.
final class Stopwatch: Sendable {
  private let isRunning = Atomic(false)
  private let state = Mutex(State())

  private struct State {
    var timings: [String: Timing] = [:]
    /// What runs inside another operation is part of that.
    var isInside = false
  }

  /// Starts over.
  func start() {
    state.withLock { $0 = State() }
    isRunning.store(true, ordering: .releasing)
  }

  /// Stops, and tells what was measured since the start.
  func stop() -> [String: Timing] {
    isRunning.store(false, ordering: .releasing)
    return state.withLock { $0.timings }
  }

  /// Does some work; where the watch runs, from the moment that everything before is done to its
  /// own end, for both of which `settle` waits.
  func measure(
    _ name: @autoclosure () -> String, settle: () throws -> Void = {}, _ work: () throws -> Void
  ) throws {
    guard isRunning.load(ordering: .acquiring) else { return try work() }
    let isInside = state.withLock { state in
      defer { state.isInside = true }
      return state.isInside
    }
    if isInside { return try work() }
    defer { state.withLock { $0.isInside = false } }
    try settle()
    let start = ContinuousClock.now
    try work()
    try settle()
    let seconds = (ContinuousClock.now - start) / Duration.seconds(1)
    let name = name()
    state.withLock {
      $0.timings[name, default: Timing()].seconds += seconds
      $0.timings[name, default: Timing()].calls += 1
    }
  }
}
