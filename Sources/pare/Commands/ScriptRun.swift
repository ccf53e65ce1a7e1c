import Files
import Foundation
import JSONFormat
import Kernels
import NotebookFormat
import Workbench

/// One run of a file's cells from the command line.
struct ScriptRun {
  /// The file, or `-` for standard input.
  let path: String
  /// The options everywhere.
  let session: SessionOptions
  /// How the cells run.
  var options = NotebookRunner.Options()
  /// Where the executed notebook goes, `-` for standard output.
  var output: String?
  /// Whether only prints are shown.
  var isQuiet = false

  init(path: String, session: SessionOptions) {
    self.path = path
    self.session = session
  }

  private var isFromStandardInput: Bool { path == "-" }
  private var isToStandardOutput: Bool { output == "-" }

  /// Runs the file.
  /// - Throws: `ExitStatus` where a cell fails or the user stops it; `FileError` for a file.
  func run() throws {
    let (notebook, isScript) = try readNotebook()
    let session = try self.session.makeSession()
    if !isFromStandardInput {
      let place = try ScriptPlace(ofFile: path)
      session.folder = place.folder
      session.scriptName = place.name
    }
    // The executed notebook is worth its work even where nobody reads the output.
    let console = Console(outlivesReader: output != nil && !isToStandardOutput)
    let display = ConsoleOutput(
      console, amount: isToStandardOutput ? .noOutput : isQuiet ? .printsOnly : .everything)
    // A notebook that is kept has the same lines whatever terminal it ran on.
    if output == nil { session.width = console.outputWidth }
    session.readInput(prompting: console)
    let runner = NotebookRunner(notebook, session: session, options: options)
    runner.output = display.show
    runner.failed = { _, error in console.report(error.rendered) }
    if let output {
      runner.save = isToStandardOutput ? { _ in } : { try $0.write(to: output) }
    }
    try ComputeThread().run {
      if isScript { try check(runner, console) }
      let ending = try runner.run()
      if isToStandardOutput { console.write(runner.notebook.jupyterText) }
      try console.checkOutput()
      try report(ending, console)
    }
  }

  private func readNotebook() throws -> (Notebook, isScript: Bool) {
    guard isFromStandardInput else {
      return (try Notebook(contentsOf: path), !path.lowercased().hasSuffix(".ipynb"))
    }
    let bytes = try readStandardInput()
    do {
      return (try Notebook(reading: bytes), !isNotebook(bytes))
    } catch let error as NotebookError {
      throw FileError(path: "standard input", reason: error.description)
    } catch let error as JSONError {
      throw FileError(path: "standard input", reason: error.description)
    }
  }

  /// A script that cannot be read whole runs not at all.
  private func check(_ runner: NotebookRunner, _ console: Console) throws {
    do {
      try runner.check()
    } catch {
      console.report(Session.CellError(error).rendered)
      console.writeError("\(path): nothing was run\n")
      throw ExitStatus.failed
    }
  }

  /// Names what did not go well.
  private func report(_ ending: NotebookRunner.Ending, _ console: Console) throws {
    switch ending {
    case .finished(let failures):
      if failures.isEmpty { return }
      console.writeError("\(path): \(failures.joined(separator: ", ")) failed\n")
      throw ExitStatus.failed
    case .stopped(let cell, let left):
      console.writeError("\(path): \(cell) failed\(Self.rest(left))\n")
      throw ExitStatus.failed
    case .interrupted(let cell, let left):
      console.reportInterrupt("\(path): interrupted in \(cell)\(Self.rest(left))")
      throw ExitStatus.interrupted
    }
  }

  private static func rest(_ left: Int) -> String {
    switch left {
    case 0: ""
    case 1: "; the cell after it did not run"
    default: "; the \(left) cells after it did not run"
    }
  }
}

/// Whether bytes are a notebook by their first sign, as `Notebook(reading:)` takes them.
private func isNotebook(_ bytes: [UInt8]) -> Bool {
  let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  let text = bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0)
  return text.first { $0 > 0x20 } == UInt8(ascii: "{")
}

/// All bytes of standard input.
/// - Throws: `ExitStatus.interrupted` where the user stops it, `FileError` where it cannot be read.
private func readStandardInput() throws -> [UInt8] {
  let most = 1 << 30
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(STDIN_FILENO, &chunk, chunk.count)
    if count == 0 { return bytes }
    if count > 0 {
      bytes.append(contentsOf: chunk[..<count])
    } else if errno != EINTR {
      throw FileError(
        path: "standard input",
        reason: "cannot read: " + String(cString: strerror(errno)).lowercased())
    }
    if Interrupt.isRequested { throw ExitStatus.interrupted }
    guard bytes.count <= most else {
      throw FileError(path: "standard input", reason: "is larger than \(most) bytes")
    }
  }
}
