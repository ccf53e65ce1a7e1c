import Files
import Foundation

/// The real model and text that `make data` fetches, by `PARE_MODEL` and `PARE_TEXT`; each says
/// once where it is missing, and its tests skip.
package enum RealData {
  /// The SmolLM2-135M GGUF.
  package static let model = file("PARE_MODEL")
  /// The passages whose loss PyTorch gave.
  package static let text = file("PARE_TEXT")

  /// The Gemma 3 270M GGUF in Q4_K_M, which `make test` fetches: `PARE_GEMMA_GGUF`.
  package static let gemma = path("PARE_GEMMA_GGUF", .file, fetchedBy: "make test")
  /// The folder of llama.cpp's vocabularies and chat templates, likewise: `PARE_LLAMA_CPP`.
  package static let llamaCpp = path("PARE_LLAMA_CPP", .folder, fetchedBy: "make test")

  private static func file(_ variable: String) -> String? {
    path(variable, .file, fetchedBy: "make data")
  }

  private static func path(
    _ variable: String, _ wanted: FileKind, fetchedBy command: String
  ) -> String? {
    if let path = ProcessInfo.processInfo.environment[variable], kind(ofFile: path) == wanted {
      return path
    }
    print("skipped: \(variable) names no \(wanted); '\(command)' fetches it")
    return nil
  }
}
