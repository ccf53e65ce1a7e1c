import ArgumentParser
import NotebookFormat

/// `pare convert IN OUT`.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a notebook (.ipynb) to a script (.pare) or back.",
    discussion: "A script keeps the cells, their titles and tags; outputs stay out of it.")

  @Argument(help: "The file to read.") var input: String
  @Argument(help: "The file to write.") var output: String

  @OptionGroup(title: "Options everywhere") var session: SessionOptions

  func run() throws {
    try Notebook(contentsOf: input).write(to: output)
  }
}
