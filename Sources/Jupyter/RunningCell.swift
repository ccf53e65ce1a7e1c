import Kernels
import Synchronization

/// Whether a cell runs, so that an interrupt stops that one and none that comes after it.
final class RunningCell: Sendable {
  private let isRunning = Mutex(false)

  /// Runs `body` as what an interrupt stops.
  func run<Result>(_ body: () -> Result) -> Result {
    isRunning.withLock { isRunning in
      Interrupt.clear()
      isRunning = true
    }
    defer {
      isRunning.withLock { isRunning in
        isRunning = false
        Interrupt.clear()
      }
    }
    return body()
  }

  /// Asks the cell that runs to stop; nothing where none does.
  func interrupt() { isRunning.withLock { if $0 { Interrupt.request() } } }
}
