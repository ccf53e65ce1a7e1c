import Kernels
import Tensors

/// Weights where a checkpoint keeps them: what a model larger than memory reads a part at a time.
package protocol StoredWeights {
  /// Where a weight's elements are.
  /// - Throws: `CheckpointError` where there is no such weight.
  func elements(of shape: WeightShape) throws -> StoredElements
}

extension StoredWeights {
  /// The sampled elements of all weights, of which no more is read.
  package func sampledElements(of configuration: Configuration) throws -> [Float] {
    try configuration.weightShapes.flatMap { shape in
      let count = shape.sizes(in: configuration.architecture).reduce(1, *)
      return try elements(of: shape).values(at: ModelIdentity.places(in: count))
    }
  }
}

/// Weights that stay in their file: one is given to the device when it is asked for, and kept until
/// its layer is released.
final class WeightStream {
  private let shapes: [String: WeightShape]
  let source: any StoredWeights
  private let device: any Device
  /// What is on the device.
  private(set) var held: [String: Tensor] = [:]
  /// How often a weight was given to the device.
  private(set) var loads: [String: Int] = [:]

  init(_ shapes: [WeightShape], _ source: any StoredWeights, on device: any Device) {
    self.shapes = Dictionary(uniqueKeysWithValues: shapes.map { ($0.name, $0) })
    self.source = source
    self.device = device
  }

  /// A weight whole; nil for a name that is none.
  func tensor(_ name: String) throws -> Tensor? {
    guard let shape = shapes[name] else { return nil }
    if let tensor = held[name] { return tensor }
    let tensor = try source.elements(of: shape).weight(on: device)
    loads[name, default: 0] += 1
    held[name] = tensor
    return tensor
  }

  /// Drops what is held of a weight.
  func release(_ name: String) { held[name] = nil }

  /// Drops what is held of the layers.
  func releaseLayers() { held = held.filter { shapes[$0.key]?.layer == nil } }

  /// Rows of a matrix, without the rest of it: indices i64 [batch, time] inside it, result [batch,
  /// time, width].
  func rows(_ indices: Tensor, of name: String, width: Int) throws -> Tensor {
    let rows = try indices.integers().map { Int($0) }
    var values = [Float](repeating: 0, count: rows.count * width)
    guard let shape = shapes[name] else { throw ModelError.weights("there is no weight '\(name)'") }
    let elements = try source.elements(of: shape)
    try elements.requireUnchanged()
    try values.withUnsafeMutableBufferPointer { output in
      for (place, row) in rows.enumerated() {
        try elements.read(
          row * width..<(row + 1) * width,
          into: UnsafeMutableBufferPointer(
            rebasing: output[place * width..<(place + 1) * width]))
      }
    }
    return try Tensor(values, shape: indices.shape + [width], on: device)
  }
}
