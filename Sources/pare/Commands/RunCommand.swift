import ArgumentParser
import Workbench

/// `pare run FILE`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a notebook or script.",
    discussion: """
      Standard output holds only what the cells print and show. The input stays as it is; -o names \
      the executed notebook, written after every cell.
      """)

  @Argument(help: "A notebook (.ipynb), a script (.pare), or - for standard input.")
  var file: String

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Give a parameter a value: a literal of the language, else a string.",
      valueName: "name=value"))
  var parameters: [String] = []

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp("Write the executed notebook; - for standard output.", valueName: "out"))
  var output: String?

  @Option(help: ArgumentHelp("Save each shown figure as cell-N.png.", valueName: "dir"))
  var plots: String?

  @Flag(help: "Run on after a cell that fails; the status is 1 all the same.")
  var allowErrors = false

  @Flag(help: "Show what cells print and errors, nothing else.")
  var quiet = false

  @Option(help: ArgumentHelp("The longest time that a cell may take.", valueName: "seconds"))
  var timeout: Double?

  @OptionGroup(title: "Options everywhere") var session: SessionOptions

  func validate() throws {
    if let timeout, !(timeout > 0 && timeout.isFinite) {
      throw ValidationError("--timeout is a number of seconds above 0, not \(timeout)")
    }
    if let output, output != "-", !output.lowercased().hasSuffix(".ipynb") {
      throw ValidationError("-o writes a notebook: a file ending in .ipynb, or -, not '\(output)'")
    }
    _ = try runParameters()
  }

  func run() throws {
    var run = ScriptRun(path: file, session: session)
    run.options.parameters = try runParameters()
    run.options.allowsErrors = allowErrors
    run.options.timeout = timeout
    run.options.plotsFolder = plots
    run.output = output
    run.isQuiet = quiet
    try run.run()
  }

  private func runParameters() throws -> [RunParameter] {
    try parameters.map { text in
      do {
        return try RunParameter(text)
      } catch {
        throw ValidationError("--set: \(error)")
      }
    }
  }
}
