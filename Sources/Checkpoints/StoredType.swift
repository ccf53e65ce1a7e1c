/// The types in which a checkpoint stores its tensors.
public enum StoredType: String, Sendable, Hashable, CaseIterable {
  case f64, f32, f16, bf16
  case i64, i32, i16, i8
  case u32, u16, u8, bool
  /// GGUF blocks of 32: f16 d, f16 m, 16 bytes whose low nibbles are values 0–15; d·q + m.
  case q4_1
  /// GGUF blocks of 32: f16 d, 32 signed bytes; d·q.
  case q8_0
}

extension StoredType {
  /// The elements of one block; 1 for plain types.
  public var blockSize: Int {
    switch self {
    case .q4_1, .q8_0: 32
    default: 1
    }
  }

  /// The bytes of one block.
  public var bytesPerBlock: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool: 1
    case .q4_1: 20
    case .q8_0: 34
    }
  }

  /// Whether values are read as floats: floating-point and quantized types.
  public var isFloat: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16, .q4_1, .q8_0: true
    default: false
    }
  }

  /// Whether values are stored in blocks that share a scale.
  public var isQuantized: Bool { blockSize > 1 }

  /// The bytes of a tensor of `shape`, or nil where they pass 63 bits or a row is no whole number
  /// of blocks.
  public func byteCount(shape: [Int]) -> Int? {
    guard let count = elementCount(shape: shape) else { return nil }
    if isQuantized, (shape.last ?? 1) % blockSize != 0 { return nil }
    let (bytes, overflow) = (count / blockSize).multipliedReportingOverflow(by: bytesPerBlock)
    return overflow ? nil : bytes
  }
}

/// The product of the sizes, or nil where one is negative or the product passes 63 bits.
func elementCount(shape: [Int]) -> Int? {
  var count = 1
  for size in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    if size < 0 || overflow { return nil }
    count = product
  }
  return count
}
