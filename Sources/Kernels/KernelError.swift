/// What a device can refuse.
public enum KernelError: Error, Equatable, CustomStringConvertible {
  /// A request past the memory that is available.
  case outOfMemory(requested: Int, available: Int, device: String)
  /// Something this device does not offer; the text is a whole sentence with the way out.
  case unsupported(String)
  /// The library or driver under the device failed.
  case failed(operation: String, reason: String)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .outOfMemory(let requested, let available, let device):
      "needs \(megabytes(requested)) of memory, but \(device) has \(megabytes(available)) available"
    case .unsupported(let sentence): sentence
    case .failed(let operation, let reason): "\(operation) failed: \(reason)"
    }
  }
}

/// A size for messages: whole megabytes, bytes where those would say little.
package func megabytes(_ bytes: Int) -> String {
  bytes >= 10 << 20 ? "\(bytes >> 20) MB" : "\(bytes) bytes"
}
