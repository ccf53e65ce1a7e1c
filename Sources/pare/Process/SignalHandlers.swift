import Foundation
import Kernels

/// How the process takes signals.
enum SignalHandlers {
  /// Ctrl-C asks running work to stop; a closed pipe is an error of the write, not a death.
  static func install() {
    signal(SIGPIPE, SIG_IGN)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Interrupt.request() }
    sigemptyset(&action.sa_mask)
    // Without SA_RESTART a waiting read returns, so that its loop sees the request.
    action.sa_flags = 0
    sigaction(SIGINT, &action, nil)
  }
}
