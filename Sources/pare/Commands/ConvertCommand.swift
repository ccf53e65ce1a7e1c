import ArgumentParser
import Files
import NotebookFormat

/// `pare convert IN OUT`.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a notebook (.ipynb) to a script (.pare) or back.",
    discussion: """
      A script keeps the cells, their titles and tags; outputs stay out of it. A file that is there \
      already is replaced.
      """)

  @Argument(help: "The file to read.") var input: String
  @Argument(help: "The file to write.") var output: String

  @OptionGroup(title: "Options everywhere") var session: SessionOptions

  func run() throws {
    let notebook = try Notebook(contentsOf: input)
    try notebook.write(to: output)
  }
}
