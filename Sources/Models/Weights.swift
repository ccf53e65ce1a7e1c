import Kernels
import Tensors

/// A model's weights by their names in the checkpoint. Views of one model share them.
public final class Weights {
  /// The names, in the order of the checkpoint.
  public let names: [String]
  private var tensors: [String: Tensor]
  /// Where the weights are that do not stay on the device; nil where all do.
  let stream: WeightStream?

  package init(_ pairs: [(name: String, tensor: Tensor)]) {
    names = pairs.map(\.name)
    tensors = Dictionary(uniqueKeysWithValues: pairs.map { ($0.name, $0.tensor) })
    stream = nil
  }

  /// Weights that stay in their file until they are used.
  package init(
    streaming shapes: [WeightShape], from source: any StoredWeights, on device: any Device
  ) {
    names = shapes.map(\.name)
    tensors = [:]
    stream = WeightStream(shapes, source, on: device)
  }

  /// The live tensor of a name, nil where there is none or it is in its file at the moment.
  public subscript(name: String) -> Tensor? { tensors[name] ?? stream?.held[name] }

  /// The tensor of a name, decoded where it stays in its file; nil where there is none.
  /// - Throws: what reading the file throws.
  func tensor(_ name: String) throws -> Tensor? { try tensors[name] ?? stream?.tensor(name) }

  /// All tensors on the device, in the order of the names.
  package var all: [Tensor] { names.compactMap { self[$0] } }

  /// Whether any weight was written over since the model was made.
  package var areEdited: Bool { all.contains { $0.region.buffer.edits > 0 } }

  /// How often each weight was asked for and made of its file; empty where all stay on the device.
  package var loads: [String: Int] { stream?.loads ?? [:] }

  /// Whether the weights stay in their file.
  package var isStreamed: Bool { stream != nil }

  /// Ends the use of the layers' weights: those that stay in their file leave the device.
  package func releaseLayers() { stream?.releaseLayers() }
}
