/// The types in which a checkpoint stores its tensors.
public enum StoredType: String, Sendable, Hashable, CaseIterable {
  case f64, f32, f16, bf16
  case i64, i32, i16, i8
  case u32, u16, u8, bool
  /// GGUF blocks of 32: f16 d, 16 bytes whose low nibbles are values 0–15; d·(q − 8).
  case q4_0
  /// GGUF blocks of 32: f16 d, f16 m, 16 bytes as in `q4_0`; d·q + m.
  case q4_1
  /// GGUF blocks of 32: f16 d, u32 of the values' fifth bits, 16 bytes as in `q4_0`; d·(q − 16).
  case q5_0
  /// GGUF blocks of 32: f16 d, f16 m, then as `q5_0`; d·q + m.
  case q5_1
  /// GGUF blocks of 32: f16 d, 32 signed bytes; d·q.
  case q8_0
  /// GGUF blocks of 256 in eight parts: f16 d, f16 dmin, a 6-bit scale s and minimum m of each part
  /// in 12 bytes, 128 bytes of nibbles; d·s·q − dmin·m.
  case q4_k
  /// GGUF blocks of 256 in sixteen parts: 128 bytes of low nibbles, 64 bytes of high bit pairs, a
  /// signed byte s for each part, f16 d; d·s·(q − 32).
  case q6_k
}

extension StoredType {
  /// The elements of one block; 1 for plain types.
  public var blockSize: Int {
    switch self {
    case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0: 32
    case .q4_k, .q6_k: 256
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
    case .q4_0: 18
    case .q4_1: 20
    case .q5_0: 22
    case .q5_1: 24
    case .q8_0: 34
    case .q4_k: 144
    case .q6_k: 210
    }
  }

  /// Whether values are read as floats: floating-point and quantized types.
  public var isFloat: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_k, .q6_k: true
    case .i64, .i32, .i16, .i8, .u32, .u16, .u8, .bool: false
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
