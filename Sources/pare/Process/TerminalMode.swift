import Foundation

/// The terminal on standard input while cells run: keys wait unseen for the next line that is read,
/// and only Ctrl-C and its like act at once.
///
/// The line editor sets its own mode while it reads, and leaves the one that it found.
final class TerminalMode {
  private var usual: termios?

  /// Lets keys wait.
  func beginWaiting() {
    var mode = termios()
    guard tcgetpgrp(STDIN_FILENO) == getpgrp(), tcgetattr(STDIN_FILENO, &mode) == 0 else { return }
    usual = mode
    // Without ICANON an end of input typed ahead stays the key that it is.
    mode.c_lflag &= ~tcflag_t(ECHO | ICANON)
    tcsetattr(STDIN_FILENO, TCSANOW, &mode)
  }

  /// Makes the terminal what it was.
  func endWaiting() {
    guard var mode = usual, tcgetpgrp(STDIN_FILENO) == getpgrp() else { return }
    tcsetattr(STDIN_FILENO, TCSANOW, &mode)
    usual = nil
  }

  /// Reads in the usual mode, in which the user sees and edits what is typed.
  func reading<Result>(_ body: () throws -> Result) rethrows -> Result {
    let wasWaiting = usual != nil
    endWaiting()
    defer { if wasWaiting { beginWaiting() } }
    return try body()
  }
}
