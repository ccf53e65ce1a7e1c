import Files
import Kernels
import Language
import Workbench

/// Runs the prompt until the user leaves it.
/// - Throws: `ValidationError` for options that no session can be made with.
func runPrompt(_ options: SessionOptions) throws {
  let session = try options.makeSession()
  try Prompt(session).run()
}

/// The prompt: reads cells, runs them on the compute thread, shows what they put out.
private final class Prompt {
  private let session: Session
  private let console = Console(outlivesReader: true)
  private let editor: LineEditor
  private let history = HistoryFile()
  private let thread: ComputeThread
  private let keys = TypedAhead()
  private let mode = TerminalMode()
  private var lastCell = ""
  /// When the last cell was stopped, or Ctrl-C pressed soon after that.
  private var interrupted: ContinuousClock.Instant?
  private var keepsHistory = true

  /// Presses of Ctrl-C that are nearer to each other belong together.
  private static let patience = Duration.seconds(2)
  private static let words: Set<String> = ["exit", "quit", "exit()", "quit()"]

  init(_ session: Session) throws {
    self.session = session
    editor = LineEditor(session: session, keys: keys)
    thread = try ComputeThread()
    let figures = InlineFigures(session, on: console, keys: keys)
    session.output = ConsoleOutput(console, figures: figures).show
    session.readInput(prompting: console, keys: keys, mode: mode)
  }

  func run() throws {
    loadHistory()
    let clock = ContinuousClock()
    /// When Ctrl-C was pressed at an empty prompt.
    var cancelled: ContinuousClock.Instant?
    while true {
      switch editor.read(prompt: ">>> ") {
      case .end: return
      case .cancelled(let wasEmpty):
        Interrupt.clear()
        guard wasEmpty else {
          cancelled = nil
          continue
        }
        // Who stops a cell by several presses does not mean to leave.
        if let interrupted, clock.now - interrupted < Self.patience {
          self.interrupted = clock.now
          continue
        }
        if let cancelled, clock.now - cancelled < Self.patience { return }
        cancelled = clock.now
        console.writeError("press Ctrl-C again to leave\n")
      case .cell(let text):
        cancelled = nil
        let cell = text.trimmingEnd()
        if cell.allSatisfy(\.isWhitespace) { continue }
        if Self.words.contains(cell), isUnused(cell) { return }
        remember(cell)
        run(cell)
      }
    }
  }

  private func run(_ cell: String) {
    Interrupt.clear()
    // The terminal may have another size than before the last cell.
    session.width = console.outputWidth
    mode.beginWaiting()
    defer { mode.endWaiting() }
    let ending = thread.run { [session] in session.executeForDisplay(cell) }
    if !console.isAtLineStart { console.write("\n") }
    switch ending {
    case .finished(let display):
      if let display { session.output(.displayed(display)) }
      if Interrupt.isRequested { console.reportInterrupt() }
    case .failed(let error): console.report(error.rendered)
    case .interrupted:
      console.reportInterrupt("interrupted" + (session.interruptedWork.map { "; \($0)" } ?? ""))
      interrupted = ContinuousClock().now
    }
    // A request that came as the cell ended is not for the next one.
    Interrupt.clear()
  }

  /// Whether a word that leaves is no name of the user's.
  private func isUnused(_ word: String) -> Bool {
    session.interpreter.globals[String(word.prefix { $0 != "(" })] == nil
  }

  // MARK: History

  private func loadHistory() {
    keepingHistory { for cell in try history.load() { editor.remember(cell) } }
  }

  private func remember(_ cell: String) {
    guard !cell.utf8.elementsEqual(lastCell.utf8) else { return }
    lastCell = cell
    editor.remember(cell)
    keepingHistory { try history.append(cell) }
  }

  /// A history that cannot be kept is said once and is no reason to stop.
  private func keepingHistory(_ body: () throws -> Void) {
    guard keepsHistory else { return }
    do {
      try body()
    } catch {
      keepsHistory = false
      console.writeError("warning: \(error)\n")
    }
  }
}

extension String {
  /// The text without blank lines and spaces at its end.
  fileprivate func trimmingEnd() -> String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
