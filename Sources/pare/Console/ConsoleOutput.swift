import Workbench

/// Shows what cells put out on the console: prints and values on standard output, everything else
/// on standard error.
final class ConsoleOutput {
  /// What is shown.
  enum Amount {
    /// Everything.
    case everything
    /// What cells print, nothing else.
    case printsOnly
    /// Nothing on standard output, which is for something else.
    case noOutput
  }

  let console: Console
  private let amount: Amount
  private let progress: any ProgressDisplay
  private let figures: InlineFigures?

  /// An output on `console`.
  ///
  /// - Parameter figures: what shows figures there; nil: their text alone is shown.
  init(_ console: Console, amount: Amount = .everything, figures: InlineFigures? = nil) {
    self.console = console
    self.amount = amount
    self.figures = figures
    progress = console.hasTerminal ? ProgressBar(console) : ProgressLog(console)
  }

  /// Shows one event.
  func show(_ event: OutputEvent) {
    switch event {
    case .printed(let text), .paged(let text):
      guard amount != .noOutput else { return }
      progress.makeRoom()
      console.write(text)
    case .displayed(let display):
      guard amount == .everything else { return }
      progress.makeRoom()
      console.write(figures?.text(of: display) ?? display.text + "\n")
    case .notice(let line):
      guard amount != .printsOnly else { return }
      progress.makeRoom()
      console.writeError(line + "\n")
    case .progress(let state):
      guard amount != .printsOnly else { return }
      if let state { progress.show(state) } else { progress.end() }
    case .cleared:
      // What a terminal or file has received stays.
      break
    }
  }
}

/// How the progress of long operations shows.
protocol ProgressDisplay {
  /// Shows how far the operation has come.
  func show(_ state: ProgressState)
  /// Clears the line, for other text.
  func makeRoom()
  /// Ends the operation's report.
  func end()
}
