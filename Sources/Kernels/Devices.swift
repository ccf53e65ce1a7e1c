/// The devices of a session, each opened when it is first asked for.
public final class Devices {
  private let threads: Int?
  private let announce: @Sendable (String) -> Void
  private var opened: [String: any Device] = [:]

  /// - Parameters:
  ///   - threads: those of the cpu; nil for the cores that the process may use.
  ///   - announce: told what is being waited for, where a device takes long to get ready.
  public init(threads: Int? = nil, announce: @escaping @Sendable (String) -> Void = { _ in }) {
    self.threads = threads
    self.announce = announce
  }

  /// The device of a name: `cpu`, `opencl:N`, or `opencl` for the first of those.
  /// - Throws: `KernelError.unsupported` for one that is not there, with the reason; `failed`.
  public func device(named name: String) throws -> any Device {
    let full = name == "opencl" ? "opencl:0" : name
    if let device = opened[full] { return device }
    let device = try open(full)
    opened[full] = device
    return device
  }

  private func open(_ name: String) throws -> any Device {
    if name == "cpu" { return CPUDevice(threads: threads) }
    let digits = name.dropFirst("opencl:".count)
    guard name.hasPrefix("opencl:"), let index = Int(digits), "\(index)" == digits else {
      throw KernelError.unsupported(
        "there is no device '\(name)': devices are called cpu, opencl or opencl:N, with N from 0; "
          + "'pare devices' lists those of this machine")
    }
    return try OpenCLDevice(index, announce: announce)
  }
}
