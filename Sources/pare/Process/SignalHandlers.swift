import Foundation
import Kernels
import Synchronization

/// How the process takes signals.
enum SignalHandlers {
  private static let resumed = Atomic(false)

  /// Ctrl-C asks running work to stop; a closed pipe is an error of the write, not a death.
  static func install() {
    signal(SIGPIPE, SIG_IGN)
    // Made before a handler needs it: a global that is first touched there would not be safe.
    resumed.store(false, ordering: .relaxed)
    handle(SIGINT) { _ in Interrupt.request() }
    handle(SIGCONT) { _ in SignalHandlers.resumed.store(true, ordering: .relaxed) }
    // A parent may have started this process with its own signals blocked.
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
  }

  /// Whether the process was stopped and went on since this was last asked.
  static func wasResumed() -> Bool { resumed.exchange(false, ordering: .relaxed) }

  private static func handle(_ signal: Int32, by handler: @escaping @convention(c) (Int32) -> Void)
  {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    sigemptyset(&action.sa_mask)
    // Without SA_RESTART a waiting read returns, so that its loop sees the request.
    action.sa_flags = 0
    sigaction(signal, &action, nil)
  }
}
