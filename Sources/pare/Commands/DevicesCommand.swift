import ArgumentParser
import Foundation
import Kernels

/// `pare devices`.
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "List what can compute here.")

  @OptionGroup(title: "Options everywhere") var session: SessionOptions

  func run() throws {
    let device = CPUDevice(threads: session.threads)
    let parts = [
      Self.processorName ?? "the processor",
      "\(device.threads) \(device.threads == 1 ? "thread" : "threads")",
      "\(Self.instructionSet)",
      Precision.allCases.map(\.rawValue).joined(separator: " and "),
    ]
    Console().write("\(device.name)  \(parts.joined(separator: ", "))\n")
  }

  /// The best instruction set that the processor has and the environment allows.
  private static var instructionSet: InstructionSet {
    let bound = ProcessInfo.processInfo.environment["PARE_ISA"]
    let usable = InstructionSet.allCases.prefix { set in
      set == .baseline || InstructionSet.available.contains(set)
    }
    return usable.first { "\($0)" == bound } ?? usable.last ?? .baseline
  }

  private static var processorName: String? {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
      return nil
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":", maxSplits: 1).last.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }
}
