import Kernels

/// The devices of a session, each made when it is first asked for.
final class Devices {
  private let threads: Int?
  private lazy var cpu = CPUDevice(threads: threads)

  init(threads: Int?) {
    self.threads = threads
  }

  /// The device of a name.
  /// - Throws: `KernelError.unsupported` for one that is not there.
  func device(named name: String) throws -> any Device {
    guard name == "cpu" else {
      throw KernelError.unsupported("there is no device '\(name)' here; 'cpu' is the only one")
    }
    return cpu
  }
}
