import Kernels
import Synchronization

/// Where the worker is with its cell, so that an interrupt stops the one that was asked for before
/// it and none that comes after.
final class RunningCell: Sendable {
  private enum State {
    /// No cell is at work.
    case idle
    /// One was taken from the queue; whether an interrupt came since.
    case taken(isInterrupted: Bool)
    /// One runs.
    case running
  }

  private let state = Mutex(State.idle)

  /// Notes that a cell was taken from the queue and will run.
  func take() { state.withLock { $0 = .taken(isInterrupted: false) } }

  /// Runs `body` as what an interrupt stops.
  func run<Result>(_ body: () -> Result) -> Result {
    state.withLock { state in
      Interrupt.clear()
      if case .taken(isInterrupted: true) = state { Interrupt.request() }
      state = .running
    }
    defer {
      state.withLock { state in
        state = .idle
        Interrupt.clear()
      }
    }
    return body()
  }

  /// Asks the cell that is at work to stop; false where none is.
  @discardableResult func interrupt() -> Bool {
    state.withLock { state in
      switch state {
      case .idle: return false
      case .taken: state = .taken(isInterrupted: true)
      case .running: Interrupt.request()
      }
      return true
    }
  }
}
