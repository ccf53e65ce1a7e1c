import Workbench

/// The progress as one line of a terminal, drawn over itself and gone at the end.
final class ProgressBar: ProgressDisplay {
  private let console: Console
  private var isDrawn = false

  private static let barWidth = 24
  private static let eraseLine = "\r\u{1B}[K"

  init(_ console: Console) {
    self.console = console
  }

  func show(_ state: ProgressState) {
    let share = state.total > 0 ? Double(state.done) / Double(state.total) : 0
    let filled = Int((min(max(share, 0), 1) * Double(Self.barWidth)).rounded())
    let bar =
      String(repeating: "█", count: filled)
      + String(repeating: "░", count: Self.barWidth - filled)
    // A line that wraps could not be drawn over.
    let room = console.width - 1
    let line = room >= 2 * Self.barWidth ? bar + "  " + state.line : state.line
    console.writeError(Self.eraseLine + String(line.prefix(room)))
    isDrawn = true
  }

  func makeRoom() {
    if isDrawn { console.writeError(Self.eraseLine) }
    isDrawn = false
  }

  func end() { makeRoom() }
}
