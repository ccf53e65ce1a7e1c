import Foundation
import Synchronization

/// Work that cannot be stopped in its middle, as Cairo's packing of an image, on a thread of its own:
/// where somebody stops waiting for it, it is left behind to end by itself.
final class LeftBehind<Success: Sendable>: Sendable {
  private let result = Mutex<Result<Success, any Error>?>(nil)
  private let isLeft = Atomic(false)
  private let end = DispatchSemaphore(value: 0)

  /// How often a stop is looked for, in milliseconds.
  private static var interval: Int { 20 }

  private struct Left: Error {}

  private init() {}

  /// The result of `work`, which is told through its `poll` where it is left.
  /// - Throws: what `work` throws, or what `poll` throws meanwhile.
  static func run(
    poll: Poll, _ work: @escaping @Sendable (_ poll: @escaping Poll) throws -> Success
  ) throws -> Success {
    try poll()
    let left = LeftBehind()
    let thread = Thread {
      let result = Result {
        try work { if left.isLeft.load(ordering: .relaxed) { throw Left() } }
      }
      left.result.withLock { $0 = result }
      left.end.signal()
    }
    thread.start()
    while left.end.wait(timeout: .now() + .milliseconds(interval)) == .timedOut {
      do {
        try poll()
      } catch {
        left.isLeft.store(true, ordering: .relaxed)
        throw error
      }
    }
    guard let result = left.result.withLock({ $0 }) else { throw Left() }
    return try result.get()
  }
}
