import Kernels
import Workbench

/// Runs the cells given by `-e` in one session and shows their values.
/// - Throws: `ExitStatus` where one fails or the user stops it; it has been reported.
func evaluate(_ expressions: [String], _ options: SessionOptions) throws {
  let session = try options.makeSession()
  let console = Console()
  let figures = InlineFigures(session, on: console, keys: nil)
  let output = ConsoleOutput(console, figures: figures)
  session.width = console.outputWidth
  session.output = output.show
  session.readInput(prompting: console)
  try ComputeThread().run {
    for expression in expressions {
      var ending = session.executeForDisplay(expression)
      if case .finished(let display?) = ending {
        output.show(.displayed(display))
        // A figure that was to be shown was stopped.
        if Interrupt.isRequested { ending = .interrupted }
      }
      try console.checkOutput()
      switch ending {
      case .finished: break
      case .failed(let error):
        console.report(error.rendered)
        throw ExitStatus.failed
      case .interrupted:
        console.reportInterrupt()
        throw ExitStatus.interrupted
      }
    }
  }
}

extension Session {
  /// Lets `input()` ask on the console.
  ///
  /// - Parameters:
  ///   - keys: what was typed ahead.
  ///   - mode: the terminal's, where it is not the usual one while cells run.
  func readInput(
    prompting console: Console, keys: TypedAhead = TypedAhead(), mode: TerminalMode? = nil
  ) {
    let lines = LineInput(ahead: keys)
    interpreter.input = { prompt in
      console.write(prompt)
      guard let mode else {
        let line = try lines.line()
        console.isAtLineStart = true
        return line
      }
      keys.drainTerminal()
      return try mode.reading {
        let line = try lines.line(echo: console.write)
        console.isAtLineStart = true
        return line
      }
    }
  }
}

extension Console {
  /// Ends a command whose output is not wanted or cannot be written.
  /// - Throws: `ExitStatus.done` where the reader has left, `FileError` where output was lost.
  func checkOutput() throws {
    if isClosed, !outlivesReader { throw ExitStatus.done }
    if let failure { throw failure }
  }
}
