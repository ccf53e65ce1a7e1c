import Files
import Foundation
import JSONFormat

/// What tells Jupyter's front ends how the kernel is started (jupyter-client.readthedocs.io,
/// "Kernel specs").
public struct KernelSpec {
  /// Where a kernel is installed.
  public enum Place {
    /// For all users of the machine.
    case system
    /// For this user.
    case user
    /// Under a folder, such as that of a Python environment.
    case prefix(String)
  }

  private let program: String
  private let options: [String]

  /// - Parameters:
  ///   - program: the path of the program.
  ///   - options: what it is started with beside the connection file.
  public init(program: String, options: [String]) {
    self.program = program
    self.options = options
  }

  /// Writes `kernel.json` in the kernel's folder, in place of one that is there. Gives the folder's
  /// path.
  /// - Throws: `FileError` where it cannot be written.
  public func install(
    _ place: Place, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> String {
    let folder = Self.data(place, environment) + "/kernels/pare"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError(path: folder, reason: "the folder cannot be made")
    }
    let text = json.text(indent: 1) + "\n"
    try writeFile(folder + "/kernel.json") { try $0.write(text) }
    return folder
  }

  /// Jupyter's folder for data.
  private static func data(_ place: Place, _ environment: [String: String]) -> String {
    switch place {
    case .system: return "/usr/local/share/jupyter"
    case .prefix(let folder): return expandingHome(folder) + "/share/jupyter"
    case .user:
      if let folder = environment["JUPYTER_DATA_DIR"], !folder.isEmpty { return folder }
      let share = environment["XDG_DATA_HOME"] ?? ""
      return (share.isEmpty ? expandingHome("~/.local/share") : share) + "/jupyter"
    }
  }

  /// The content of `kernel.json`.
  public var json: JSON {
    let arguments =
      [program, "kernel", "start", "--connection-file", "{connection_file}"] + options
    return [
      "argv": .array(arguments.map(JSON.string)), "display_name": "Pare", "language": "pare",
      "interrupt_mode": "message", "metadata": ["debugger": false],
    ]
  }
}
