import Dispatch
import Kernels
import Synchronization

/// What a front end answers to `input()`.
final class Answers: Sendable {
  private struct State {
    /// Whether a cell waits.
    var isAsked = false
    var answer: String?
    var isClosed = false
  }

  private let state = Mutex(State())
  private let changed = DispatchSemaphore(value: 0)

  /// How long a request to stop may go unnoticed.
  private static let patience = DispatchTimeInterval.milliseconds(50)

  /// Waits for the answer to a question that was asked; nil where none will come.
  /// - Throws: `Interrupted`.
  func wait() throws -> String? {
    state.withLock {
      $0.isAsked = true
      $0.answer = nil
    }
    defer { state.withLock { $0.isAsked = false } }
    while true {
      try Interrupt.check()
      let (answer, isClosed) = state.withLock { ($0.answer, $0.isClosed) }
      if answer != nil || isClosed { return answer }
      _ = changed.wait(timeout: .now() + Self.patience)
    }
  }

  /// Takes an answer; one that nobody waits for is dropped.
  func put(_ text: String) {
    state.withLock { if $0.isAsked { $0.answer = text } }
    changed.signal()
  }

  /// No answer will come any more.
  func close() {
    state.withLock { $0.isClosed = true }
    changed.signal()
  }
}
