import Workbench

/// Runs the cells given by `-e` in one session and shows their values.
/// - Throws: `ExitStatus` where one fails or the user stops it; it has been reported.
func evaluate(_ expressions: [String], _ options: SessionOptions) throws {
  let session = try options.makeSession()
  let console = Console()
  let output = ConsoleOutput(console)
  session.output = output.show
  session.readInput(prompting: console)
  try ComputeThread().run {
    for expression in expressions {
      let ending = session.executeForDisplay(expression)
      if case .finished(let display?) = ending { output.show(.displayed(display)) }
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
  func readInput(prompting console: Console) {
    let lines = LineInput()
    interpreter.input = { prompt in
      console.write(prompt)
      let line = try lines.line()
      console.isAtLineStart = true
      return line
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
