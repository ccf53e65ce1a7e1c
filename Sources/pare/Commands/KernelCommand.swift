import ArgumentParser
import Files
import Foundation
import Jupyter
import Synchronization
import Workbench

/// `pare kernel`: the program as a Jupyter kernel.
struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Be the kernel of Jupyter's front ends.",
    subcommands: [Install.self, Start.self])

  /// `pare kernel install`.
  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell Jupyter's front ends of the kernel.",
      discussion: """
        Without --user or --prefix it is installed for all users of the machine. The other options are \
        those that the kernel starts with.
        """)

    @Flag(help: "Install it for this user.") var user = false

    @Option(
      help: ArgumentHelp(
        "Install it under a folder, such as that of a Python environment.", valueName: "dir"))
    var prefix: String?

    @OptionGroup(title: "Options everywhere") var session: SessionOptions

    func validate() throws {
      if user, prefix != nil { throw ValidationError("--user and --prefix exclude each other") }
    }

    func run() throws {
      // A device that is not there is an error now rather than in every front end.
      _ = try session.makeSession()
      guard let program = realpath("/proc/self/exe", nil) else {
        throw FileError(path: "/proc/self/exe", reason: "does not name the program")
      }
      defer { free(program) }
      let spec = KernelSpec(program: String(cString: program), options: session.arguments)
      let place: KernelSpec.Place = prefix.map { .prefix($0) } ?? (user ? .user : .system)
      do {
        Console().write("installed \(try spec.install(place))\n")
      } catch let error as FileError where prefix == nil && !user {
        throw FileError(
          path: error.path, reason: "\(error.reason): --user installs it for you alone")
      }
    }
  }

  /// `pare kernel start`.
  struct Start: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run the kernel; front ends do this.")

    @Option(
      help: ArgumentHelp("The file that says where the front end waits.", valueName: "file"))
    var connectionFile: String

    @OptionGroup(title: "Options everywhere") var session: SessionOptions

    func run() throws {
      let announcements = Announcements()
      let session = try session.makeSession(announce: announcements.send)
      let notebook = ProcessInfo.processInfo.environment["JPY_SESSION_NAME"]
      // Front ends start the kernel in the notebook's folder.
      let place = notebook.flatMap { try? ScriptPlace(ofFile: $0) }
      session.folder = (place ?? (try? ScriptPlace(ofFile: "-")))?.folder
      session.scriptName = place?.name ?? ""
      let console = Console()
      let kernel = try Kernel(Connection(file: connectionFile), session: session)
      announcements.receiver.withLock { $0 = kernel.announce }
      kernel.log = { console.writeError("pare kernel: \($0)\n") }
      let thread = try ComputeThread()
      thread.begin { kernel.work() }
      kernel.serve()
    }
  }
}

/// What devices say on their way to a kernel that is made after them.
private final class Announcements: Sendable {
  let receiver = Mutex<(@Sendable (String) -> Void)?>(nil)

  @Sendable func send(_ text: String) { receiver.withLock { $0 }?(text) }
}
