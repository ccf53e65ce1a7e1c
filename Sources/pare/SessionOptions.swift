import ArgumentParser
import Foundation
import Kernels
import Workbench

/// The options that every command takes.
struct SessionOptions: ParsableArguments {
  /// More threads than any machine has; each one costs memory.
  private static let mostThreads = 1024

  @Option(
    help: ArgumentHelp(
      "Where to compute: cpu, opencl or opencl:N; pare devices lists them.", valueName: "name"))
  var device = "cpu"

  @Option(
    help: ArgumentHelp("The type of matrix products' operands: f32 or bf16.", valueName: "type"))
  var precision = Precision.f32

  @Option(
    help: ArgumentHelp(
      "Threads of the cpu; the cores that the process may use by default.", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("The seed of everything random.", valueName: "n"))
  var seed = 0

  func validate() throws {
    if let threads, !(1...Self.mostThreads).contains(threads) {
      throw ValidationError("--threads is 1 to \(Self.mostThreads), not \(threads)")
    }
    let sets = CPUDevice.instructionSetNames
    if let wanted = ProcessInfo.processInfo.environment["PARE_ISA"], !sets.contains(wanted) {
      throw ValidationError(
        "PARE_ISA in the environment is one of \(sets.joined(separator: ", ")), not '\(wanted)'")
    }
  }

  /// The options that are not the defaults, as a command line gives them.
  var arguments: [String] {
    var arguments: [String] = []
    if device != "cpu" { arguments += ["--device", device] }
    if precision != .f32 { arguments += ["--precision", precision.rawValue] }
    if let threads { arguments += ["--threads", String(threads)] }
    if seed != 0 { arguments += ["--seed", String(seed)] }
    return arguments
  }

  /// A session as the options say.
  /// - Parameter announce: told what a device is waited for.
  /// - Throws: `ValidationError` for a device that is not there.
  func makeSession(
    announce: @escaping @Sendable (String) -> Void = { Console().writeError("\($0)\n") }
  ) throws -> Session {
    var options = Session.Options()
    options.device = device
    options.precision = precision
    options.threads = threads
    options.seed = seed
    options.announce = announce
    do {
      return try Session(options)
    } catch let error as KernelError {
      throw ValidationError(error.description)
    }
  }
}

extension Precision: ExpressibleByArgument {}
