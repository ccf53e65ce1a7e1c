/// A tensor to be written, whose values are asked for piece by piece, so that a model is never held
/// twice.
public struct WritableTensor {
  /// The name in the checkpoint.
  public let name: String
  /// The type to store.
  public let type: StoredType
  /// The sizes, outermost first.
  public let shape: [Int]
  /// Where the values come from.
  public let values: Values

  /// Fills a buffer with the elements of a range, in row-major order.
  public enum Values {
    case floats((Range<Int>, UnsafeMutableBufferPointer<Float>) throws -> Void)
    case integers((Range<Int>, UnsafeMutableBufferPointer<Int64>) throws -> Void)
  }

  /// A tensor of values that are made as they are written.
  public init(name: String, type: StoredType, shape: [Int], values: Values) {
    self.name = name
    self.type = type
    self.shape = shape
    self.values = values
  }

  /// A tensor of floats that are at hand, as many as `shape` has elements.
  public init(name: String, type: StoredType = .f32, shape: [Int], floats: [Float]) {
    self.init(
      name: name, type: type, shape: shape,
      values: .floats { range, output in
        _ = output.update(fromContentsOf: floats[range])
      })
    precondition(elementCount(shape: shape) == floats.count)
  }

  /// A tensor of integers that are at hand, as many as `shape` has elements.
  public init(name: String, type: StoredType = .i64, shape: [Int], integers: [Int64]) {
    self.init(
      name: name, type: type, shape: shape,
      values: .integers { range, output in
        _ = output.update(fromContentsOf: integers[range])
      })
    precondition(elementCount(shape: shape) == integers.count)
  }

  /// A tensor of another checkpoint under a name and a type, by default its own.
  public init(copying tensor: StoredTensor, name: String? = nil, type: StoredType? = nil) {
    self.init(
      name: name ?? tensor.name, type: type ?? tensor.type, shape: tensor.shape,
      values: tensor.type.isFloat
        ? .floats { try tensor.readFloats($0, into: $1) }
        : .integers { try tensor.readIntegers($0, into: $1) })
  }
}
