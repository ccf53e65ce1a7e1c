import Dispatch
import Foundation
import Synchronization

/// The thread that cells run on: its stack is deep enough for any recursion that the language
/// allows, and no signal is delivered to it, so that the main thread alone handles them.
final class ComputeThread: Sendable {
  private struct Job: @unchecked Sendable {
    let body: () -> Void
  }

  private let next = Mutex<Job?>(nil)
  private let posted = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)

  private static let stackSizes = [512 << 20, 64 << 20, 8 << 20]

  /// Starts the thread.
  /// - Throws: `POSIXError` where the system gives no thread.
  init() throws {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    // A thread inherits the mask of the one that makes it.
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var code: Int32 = 0
    for size in Self.stackSizes {
      code = start(stackSize: size)
      if code == 0 { return }
    }
    throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EAGAIN)
  }

  private func start(stackSize: Int) -> Int32 {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let me = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, &attributes,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<ComputeThread>.fromOpaque(pointer).takeRetainedValue().work()
        return nil
      }, me.toOpaque())
    if code != 0 { me.release() }
    return code
  }

  private func work() {
    while true {
      posted.wait()
      next.withLock { $0.take() }?.body()
      finished.signal()
    }
  }

  /// Starts `body` on the thread and does not wait for it: nothing else is run on it then.
  func begin(_ body: @escaping () -> Void) {
    next.withLock { $0 = Job(body: body) }
    posted.signal()
  }

  /// Runs `body` on the thread and waits for it.
  ///
  /// The body is called escaping since the thread may let go of it a little after it has ended.
  func run<Result, Failure: Error>(
    _ body: @escaping () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var result: Swift.Result<Result, Failure>?
    let job = Job { result = Swift.Result { () throws(Failure) in try body() } }
    next.withLock { $0 = job }
    posted.signal()
    finished.wait()
    guard let result else { preconditionFailure("the compute thread skipped its work") }
    return try result.get()
  }
}
