import ArgumentParser
import Foundation
import Workbench

/// The program's root command: code given by `-e`, else the prompt.
@main
struct Pare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pare",
    abstract: "A workbench for making language models smaller.",
    discussion: """
      Without a subcommand it evaluates what -e gives, or else is the prompt; where standard input \
      is no terminal, the script that comes from there.
      """,
    version: Session.version,
    subcommands: [
      RunCommand.self, ConvertCommand.self, KernelCommand.self, DevicesCommand.self,
      BenchCommand.self,
    ])

  @Option(
    name: .customShort("e"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Evaluate and show the value; may be repeated.", valueName: "code"))
  var expressions: [String] = []

  @OptionGroup(title: "Options everywhere") var session: SessionOptions

  func run() throws {
    if !expressions.isEmpty {
      try evaluate(expressions, session)
    } else if isatty(STDIN_FILENO) == 1 {
      try runPrompt(session)
    } else {
      try ScriptRun(path: "-", session: session).run()
    }
  }

  static func main() {
    SignalHandlers.install()
    do {
      var command = try parseAsRoot()
      if !(command is Pare), CommandLine.arguments.contains("-e") {
        throw ValidationError("-e goes without a subcommand")
      }
      try command.run()
      leave(.done)
    } catch {
      leave(reporting: error)
    }
  }
}
