import Figures
import Files
import Foundation
import Kernels
import Language
import NotebookFormat

/// Runs a notebook's cells in order in one session, as the batch command does.
///
/// Events go to `output` as they come; the notebook receives what its cells showed.
public final class NotebookRunner {
  /// What the command line chooses.
  public struct Options: Sendable {
    /// Values for the notebook's parameters.
    public var parameters: [RunParameter] = []
    /// Whether the cells after a failed one run too.
    public var allowsErrors = false
    /// The seconds that one cell may take, nil for no bound.
    public var timeout: Double?
    /// The folder that receives each shown figure as a file.
    public var plotsFolder: String?

    /// The defaults.
    public init() {}
  }

  /// How the run ended.
  public enum Ending {
    /// All cells ran; those that failed are named.
    case finished(failures: [String])
    /// A cell failed, and so many after it did not run.
    case stopped(at: String, left: Int)
    /// The user stopped it, and so many cells did not run.
    case interrupted(at: String, left: Int)
  }

  /// The notebook with the outputs of the cells that ran.
  public private(set) var notebook: Notebook
  /// Receives what cells put out, the values that they end with among the displayed.
  public var output: (OutputEvent) -> Void = { _ in }
  /// Receives the error of a cell that failed, with the cell's name.
  public var failed: (_ cell: String, _ error: Session.CellError) -> Void = { _, _ in }
  /// Stores the notebook: before the first cell, after every cell, and now and then in a long one.
  /// An error ends the run.
  public var save: ((Notebook) throws -> Void)?

  private let session: Session
  private let options: Options
  private let parameters: [(name: String, literal: String)]
  private let injectedCell: Int?
  private let clock = ContinuousClock()

  /// A runner of the notebook's cells; outputs that it holds are dropped.
  public init(_ notebook: Notebook, session: Session, options: Options = Options()) {
    self.session = session
    self.options = options
    parameters = options.parameters.map { (name: $0.name, literal: $0.literal) }
    let bare = notebook.withoutRun()
    let prepared = parameters.isEmpty ? bare : bare.injecting(parameters: parameters)
    injectedCell =
      prepared.cells.count == bare.cells.count
      ? nil
      : prepared.cells.firstIndex { $0.tags.contains(Notebook.injectedParametersTag) }
    self.notebook = prepared
  }

  /// Reads every cell without running any.
  /// - Throws: `LanguageError` for the first that cannot be read.
  public func check() throws {
    for cell in codeCells() {
      try Interpreter.check(notebook.cells[cell.index].source, name: cell.name)
    }
  }

  /// Runs the cells.
  /// - Throws: what `save` throws, and `FileError` where a figure cannot be written.
  public func run() throws -> Ending {
    if let folder = options.plotsFolder { try makePlotsFolder(folder) }
    try save?(notebook)
    let start = clock.now
    let ending = try runCells()
    notebook.note(
      version: Session.version, parameters: parameters, status: ending.status,
      seconds: (clock.now - start) / .seconds(1))
    try save?(notebook)
    return ending
  }

  private func runCells() throws -> Ending {
    let cells = codeCells()
    var failures: [String] = []
    for (position, cell) in cells.enumerated() {
      if cell.index == injectedCell { warnOfUnknownParameters() }
      let ending = try run(cell)
      try save?(notebook)
      let left = cells.count - position - 1
      switch ending {
      case .finished: break
      case .interrupted: return .interrupted(at: cell.name, left: left)
      case .failed(let error):
        if notebook.cells[cell.index].tags.contains(Notebook.mayFailTag) { continue }
        failed(cell.name, error)
        guard options.allowsErrors else {
          notebook = notebook.namingFailure(
            ofCell: cell.index, name: cell.name, message: error.message)
          return .stopped(at: cell.name, left: left)
        }
        failures.append(cell.name)
      }
    }
    return .finished(failures: failures)
  }
}

// MARK: One cell

extension NotebookRunner {
  private func run(_ cell: CodeCell) throws -> CellEnding {
    var collector = OutputCollector(style: session.figureStyle)
    var shown = 0
    var failure: (any Error)?
    var lastSave = clock.now

    func attempt(_ body: () throws -> Void) {
      do { try body() } catch { failure = failure ?? error }
    }
    session.output = { [self] event in
      output(event)
      // Pictures are drawn for those alone who keep them.
      attempt { if save != nil { try collector.receive(event) } }
      switch event {
      case .displayed(let display): attempt { try savePlot(display, of: cell, &shown) }
      case .progress(.some) where clock.now - lastSave > .seconds(10):
        lastSave = clock.now
        notebook.cells[cell.index].outputs = collector.outputs
        attempt { try save?(notebook) }
      default: break
      }
    }
    defer { session.output = { _ in } }

    let start = clock.now
    let deadline = options.timeout.map { Deadline(seconds: $0) }
    var ending = session.executeForDisplay(notebook.cells[cell.index].source, name: cell.name)
    let count = session.cellCount
    // A value that takes long to draw is shown within the cell's time.
    if case .finished(let display?) = ending {
      output(.displayed(display))
      attempt {
        if save != nil { try collector.receive(result: display, executionCount: count) }
        try savePlot(display, of: cell, &shown)
      }
    }
    if case .finished = ending, let failure { ending = CellEnding(failure) }
    if deadline?.end() == true {
      Interrupt.clear()
      if case .interrupted = ending { ending = .failed(timeoutError(cell)) }
    }
    switch ending {
    case .finished: break
    case .failed(let error): collector.receive(error: "Error", error)
    case .interrupted:
      collector.receive(
        error: "Interrupted", Session.CellError(message: "interrupted", rendered: "interrupted"))
    }
    notebook.cells[cell.index].outputs = collector.outputs
    notebook.cells[cell.index].executionCount = count
    notebook.cells[cell.index].note(
      status: ending.status, seconds: (clock.now - start) / .seconds(1))
    return ending
  }

  private func timeoutError(_ cell: CodeCell) -> Session.CellError {
    let seconds = (try? Value.float(options.timeout ?? 0).representation()) ?? ""
    let message = "\(cell.name) took longer than the \(seconds) seconds that --timeout allows"
    return Session.CellError(message: message, rendered: "error: " + message)
  }

  /// A parameter that the notebook does not know is most often misspelt.
  private func warnOfUnknownParameters() {
    guard let injectedCell else { return }
    guard injectedCell > 0, notebook.cells[injectedCell - 1].tags.contains(Notebook.parametersTag)
    else {
      let text = "no cell is tagged 'parameters': what is given holds until a cell assigns it"
      return output(.notice("warning: " + text))
    }
    let variables = session.interpreter.globals
    for parameter in options.parameters where variables[parameter.name] == nil {
      let known = variables.keys.filter { !["In", "Out", "_"].contains($0) }
      let hint = didYouMean(parameter.name, Array(known))
      output(.notice("warning: the parameters cell has no '\(parameter.name)'\(hint)"))
    }
  }
}

// MARK: Names and files

extension NotebookRunner {
  /// A cell to run.
  private struct CodeCell {
    /// Its position among all cells.
    let index: Int
    /// Its position among the file's code cells, from 1; 0 for the one that the run adds, so that
    /// numbers and files are the same with parameters and without.
    let number: Int
    /// What errors call it.
    let name: String
  }

  private func codeCells() -> [CodeCell] {
    var number = 0
    return notebook.cells.indices.compactMap { index in
      let cell = notebook.cells[index]
      guard cell.kind == .code else { return nil }
      if index == injectedCell { return CodeCell(index: index, number: 0, name: "parameters") }
      number += 1
      let title = cell.metadata["title"]?.string ?? cell.metadata["name"]?.string
      let suffix = title.map { " (\($0))" } ?? ""
      return CodeCell(index: index, number: number, name: "cell \(number)\(suffix)")
    }
  }

  private func makePlotsFolder(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: expandingHome(folder), withIntermediateDirectories: true)
    } catch {
      throw FileError(path: folder, reason: "the folder for figures cannot be made")
    }
  }

  /// Writes a shown figure as `cell-N.png`, the second of a cell as `cell-N-2.png`.
  private func savePlot(_ display: Display, of cell: CodeCell, _ shown: inout Int) throws {
    guard let folder = options.plotsFolder, let figure = display.figure else { return }
    shown += 1
    let name = "cell-\(cell.number)" + (shown > 1 ? "-\(shown)" : "") + ".png"
    let style = session.figureStyle
    let bytes = try figure.page(theme: style.theme)
      .png(metadata: style.metadata, poll: Interrupt.check)
    try writeFile(folder + "/" + name) { try $0.write(bytes) }
  }
}
