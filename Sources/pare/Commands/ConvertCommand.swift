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
      already is replaced with --force alone.
      """)

  @Argument(help: "The file to read.") var input: String
  @Argument(help: "The file to write.") var output: String

  @Flag(help: "Replace the output where it is there already.")
  var force = false

  @OptionGroup(title: "Options everywhere") var session: SessionOptions

  func run() throws {
    let notebook = try Notebook(contentsOf: input)
    if !force, kind(ofFile: output) != .missing {
      throw FileError(path: output, reason: "is there already: --force replaces it")
    }
    try notebook.write(to: output)
  }
}
