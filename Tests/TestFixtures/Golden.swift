import Checkpoints
import Corpus
import Files
import Foundation
import JSONFormat
import Kernels
import Models
import Tensors
import TestTools

/// A fixture model of `Tests/Fixtures/models/` and what PyTorch says of it; the header of
/// `Tests/Fixtures/models.py` lists the names.
package struct Golden: Sendable {
  package let name: String
  package let tensors: SafetensorsFile
  package let json: JSON

  /// The models that have both golden files.
  package static let names = [
    "llama-tied", "llama-untied-rope3", "llama-mha", "mistral", "mistral-window", "nemotron",
    "qwen2", "qwen2-mha", "qwen3", "gpt2",
  ]

  package init(_ name: String) throws {
    self.name = name
    let folder = Self.folder(name)
    tensors = try SafetensorsFile(path: folder + "/golden.safetensors")
    json =
      kind(ofFile: folder + "/golden.json") == .file
      ? try JSON(reading: MappedFile(path: folder + "/golden.json").withBytes(Array.init)) : .null
  }

  /// The folder of a fixture model.
  package static func folder(_ name: String) -> String { fixturePath("models/" + name) }

  /// The model itself.
  package func model(on device: any Device = anyDevice) throws -> Model {
    try Model.load(Self.folder(name), on: device)
  }

  /// The values of a golden tensor.
  package func floats(_ tensor: String) throws -> [Float] { try stored(tensor).floats() }

  /// The sizes of a golden tensor.
  package func shape(_ tensor: String) throws -> [Int] { try stored(tensor).shape }

  /// Golden ids as windows.
  package func windows(_ tensor: String) throws -> TokenWindows {
    let stored = try stored(tensor)
    return try TokenWindows(stored.integers().map { Int($0) }, length: stored.shape.last ?? 0)
  }

  /// Golden ids as a batch; the first `count` windows alone where it is given.
  package func ids(
    _ tensor: String = "ids", count: Int? = nil, on device: any Device = anyDevice
  ) throws -> Tensor {
    let windows = try windows(tensor)
    let chosen = windows.selecting(0..<(count ?? windows.count))
    return try Tensor(
      chosen.ids.map(Int64.init), shape: [chosen.count, chosen.length], on: device)
  }

  private func stored(_ tensor: String) throws -> StoredTensor {
    guard let stored = tensors.tensor(named: tensor) else {
      throw FileError(path: tensors.path, reason: "has no tensor '\(tensor)'")
    }
    return stored
  }
}
