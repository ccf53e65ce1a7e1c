import Dispatch
import Kernels
import Synchronization

/// Asks the running cell to stop when its time is over.
final class Deadline: Sendable {
  private enum Phase {
    case running, passed, ended
  }

  private let phase = Mutex(Phase.running)
  /// About thirty years: beyond it the clock's arithmetic would overflow.
  private static let longest = 1e9

  /// A deadline so many seconds from now.
  init(seconds: Double) {
    let time = DispatchTime.now() + min(seconds, Self.longest)
    DispatchQueue.global().asyncAfter(deadline: time) { [weak self] in self?.pass() }
  }

  private func pass() {
    phase.withLock { phase in
      guard phase == .running else { return }
      phase = .passed
      Interrupt.request()
    }
  }

  /// Ends the watch; true where the time was over before and the work was asked to stop.
  func end() -> Bool {
    phase.withLock { phase in
      defer { phase = .ended }
      return phase == .passed
    }
  }
}
