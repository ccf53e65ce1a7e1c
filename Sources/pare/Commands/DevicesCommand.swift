import ArgumentParser
import Foundation
import Kernels

/// `pare devices`.
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "List what can compute here.",
    discussion: """
      A line for the processor and one for each OpenCL device: its name for --device, the device, its \
      driver and its memory, of which Pare keeps at most a part in a pool; or why there is none.
      """)

  @OptionGroup(title: "Options everywhere") var session: SessionOptions

  func run() throws {
    var rows = [("cpu", processor)]
    do {
      rows += try OpenCLDescription.all().map { ("opencl:\($0.index)", $0.words) }
    } catch let error as KernelError {
      rows.append(("opencl", "none: \(error)"))
    }
    let width = rows.map(\.0.count).max() ?? 0
    for (name, words) in rows {
      let column = name.padding(toLength: width, withPad: " ", startingAt: 0)
      Console().write("\(column)  \(words)\n")
    }
  }

  private var processor: String {
    let device = CPUDevice(threads: session.threads)
    return [
      Self.processorName ?? "the processor",
      "\(device.threads) \(device.threads == 1 ? "thread" : "threads")",
      device.instructions,
      Precision.allCases.map(\.rawValue).joined(separator: " and "),
      "\(gigabytes(device.memory.available)) of memory available",
    ].joined(separator: ", ")
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

extension OpenCLDescription {
  fileprivate var words: String {
    [
      name, platform, "driver \(driverVersion)", "f32",
      "\(gigabytes(memory)) of memory, pool of at most \(gigabytes(memoryBound))",
    ].joined(separator: ", ")
  }
}

/// Bytes in binary gigabytes with one decimal.
private func gigabytes(_ bytes: Int) -> String {
  let tenths = (bytes >> 20) * 10 / 1024
  return "\(tenths / 10).\(tenths % 10) GB"
}
