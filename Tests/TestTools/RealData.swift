import Files
import Foundation

/// The real model and text that `make data` fetches, by `PARE_MODEL` and `PARE_TEXT`; each says once
/// where it is missing, and its tests skip.
package enum RealData {
  /// The SmolLM2-135M GGUF.
  package static let model = file("PARE_MODEL")
  /// The passages whose loss PyTorch gave.
  package static let text = file("PARE_TEXT")

  private static func file(_ variable: String) -> String? {
    if let path = ProcessInfo.processInfo.environment[variable], kind(ofFile: path) == .file {
      return path
    }
    print("skipped: \(variable) names no file; 'make data' fetches it")
    return nil
  }
}
