import Kernels
import Tensors

/// Weights where a checkpoint keeps them: what a model larger than memory reads a part at a time.
package protocol StoredWeights {
  /// A whole weight in f32 on a device.
  /// - Throws: `CheckpointError`; what the device throws.
  func load(_ shape: WeightShape, on device: any Device) throws -> Tensor

  /// Reads elements that lie in one row of a weight, numbered as `load` lays them out.
  /// - Throws: `CheckpointError`.
  func read(
    _ elements: Range<Int>, of shape: WeightShape, into output: UnsafeMutableBufferPointer<Float>
  ) throws

  /// Single elements of a weight, by their places in row-major order, rising.
  /// - Throws: `CheckpointError`.
  func elements(_ places: [Int], of shape: WeightShape) throws -> [Float]
}

extension StoredWeights {
  /// Element by element.
  package func elements(_ places: [Int], of shape: WeightShape) throws -> [Float] {
    var values = [Float](repeating: 0, count: places.count)
    try values.withUnsafeMutableBufferPointer { output in
      for (index, place) in places.enumerated() {
        try read(
          place..<place + 1, of: shape,
          into: UnsafeMutableBufferPointer(rebasing: output[index..<index + 1]))
      }
    }
    return values
  }

  /// The sampled elements of all weights, of which no more is read.
  package func sampledElements(of configuration: Configuration) throws -> [Float] {
    try configuration.weightShapes.flatMap { shape in
      let count = shape.sizes(in: configuration.architecture).reduce(1, *)
      return try elements(ModelIdentity.places(in: count), of: shape)
    }
  }
}

/// Weights that stay in their file: one is decoded to the device when it is asked for, and kept until
/// its layer is released.
final class WeightStream {
  private let shapes: [String: WeightShape]
  let source: any StoredWeights
  private let device: any Device
  /// What is on the device.
  private(set) var held: [String: Tensor] = [:]
  /// How often a weight was decoded.
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
    let tensor = try source.load(shape, on: device)
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
    try values.withUnsafeMutableBufferPointer { output in
      for (place, row) in rows.enumerated() {
        try source.read(
          row * width..<(row + 1) * width, of: shape,
          into: UnsafeMutableBufferPointer(
            rebasing: output[place * width..<(place + 1) * width]))
      }
    }
    return try Tensor(values, shape: indices.shape + [width], on: device)
  }
}
