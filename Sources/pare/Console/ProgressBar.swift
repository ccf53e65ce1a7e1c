import Workbench

/// The progress as one line of a terminal, drawn over itself and gone at the end.
final class ProgressBar: ProgressDisplay {
  private let console: Console
  private var isDrawn = false

  private static let widestBar = 24
  private static let narrowestBar = 8
  private static let eraseLine = "\r\u{1B}[K"

  init(_ console: Console) {
    self.console = console
  }

  func show(_ state: ProgressState) {
    // A line that wraps could not be drawn over.
    let room = console.width - 1
    let line = state.line(fitting: room)
    let barWidth = min(Self.widestBar, room - line.count - 2)
    let bar = barWidth >= Self.narrowestBar ? Self.bar(state, width: barWidth) + "  " : ""
    console.writeError(Self.eraseLine + bar + line)
    isDrawn = true
  }

  private static func bar(_ state: ProgressState, width: Int) -> String {
    let share = state.total > 0 ? Double(state.done) / Double(state.total) : 0
    let filled = Int((min(max(share, 0), 1) * Double(width)).rounded())
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }

  func makeRoom() {
    if isDrawn { console.writeError(Self.eraseLine) }
    isDrawn = false
  }

  func end() { makeRoom() }
}
