import Workbench

/// The progress as sparse lines of a log: one in ten seconds, and one at the end of what took long
/// enough to wonder about.
final class ProgressLog: ProgressDisplay {
  private let console: Console
  private var last: ProgressState?
  private var written = 0.0

  private static let interval = 10.0
  private static let worthALine = 1.0

  init(_ console: Console) {
    self.console = console
  }

  func show(_ state: ProgressState) {
    last = state
    guard state.seconds - written >= Self.interval else { return }
    written = state.seconds
    console.writeError(state.line + "\n")
  }

  func makeRoom() {}

  func end() {
    if let last, last.seconds >= Self.worthALine { console.writeError(last.lastLine + "\n") }
    last = nil
    written = 0
  }
}
