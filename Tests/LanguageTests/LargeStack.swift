import Foundation

/// Runs a body on a thread with the stack that the workbench gives its interpreter.
func onLargeStack<Result: Sendable>(
  bytes: Int = 256 << 20, _ body: @escaping @Sendable () throws -> Result
) throws -> Result {
  let box = ResultBox<Result>()
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    box.result = Swift.Result { try body() }
    done.signal()
  }
  thread.stackSize = bytes
  thread.start()
  done.wait()
  guard let result = box.result else { throw CancellationError() }
  return try result.get()
}

/// Carries the result across threads; the semaphore orders the two accesses.
private final class ResultBox<Result>: @unchecked Sendable {
  var result: Swift.Result<Result, any Error>?
}
