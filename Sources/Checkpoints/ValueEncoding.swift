import Files

extension FileWriter {
  /// Appends all values of a tensor in its stored type, little-endian, in pieces of 64 K elements.
  /// - Throws: `FileError`; `CheckpointError` where a value does not fit its type; what the
  ///   tensor's values throw.
  func write(valuesOf tensor: WritableTensor, count: Int, path: String) throws {
    let piece = 1 << 16
    let size = tensor.type.bytesPerBlock
    var bytes = [UInt8](repeating: 0, count: min(piece, count) * size)
    var floats: [Float] = []
    var integers: [Int64] = []
    switch tensor.values {
    case .floats: floats = Array(repeating: 0, count: min(piece, count))
    case .integers: integers = Array(repeating: 0, count: min(piece, count))
    }
    for start in stride(from: 0, to: count, by: piece) {
      let range = start..<min(start + piece, count)
      try bytes.withUnsafeMutableBytes { bytes in
        let output = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(range.count * size)])
        switch tensor.values {
        case .floats(let fill):
          try floats.withUnsafeMutableBufferPointer { values in
            let values = UnsafeMutableBufferPointer(rebasing: values[..<range.count])
            try fill(range, values)
            encode(values, as: tensor.type, into: output)
          }
        case .integers(let fill):
          try integers.withUnsafeMutableBufferPointer { values in
            let values = UnsafeMutableBufferPointer(rebasing: values[..<range.count])
            try fill(range, values)
            try encode(values, of: tensor, into: output, path: path)
          }
        }
        try write(UnsafeRawBufferPointer(output))
      }
    }
  }
}

extension WritableTensor {
  /// The number of bytes to be written.
  /// - Throws: `CheckpointError` where the sizes or the type do not go with the values.
  func byteCount(path: String) throws -> Int {
    let valuesAreFloats = if case .floats = values { true } else { false }
    guard !type.isQuantized, type.isFloat == valuesAreFloats else {
      throw CheckpointError(
        file: path, tensor: name,
        reason: "cannot write \(valuesAreFloats ? "floats" : "integers") as \(type.rawValue)")
    }
    guard let bytes = type.byteCount(shape: shape) else {
      throw CheckpointError(
        file: path, tensor: name, reason: "cannot write the shape \(shape): too many elements")
    }
    return bytes
  }
}

/// Rounds to nearest even where the type has fewer digits.
private func encode(
  _ values: UnsafeMutableBufferPointer<Float>, as type: StoredType,
  into output: UnsafeMutableRawBufferPointer
) {
  switch type {
  case .f64: store(values, into: output) { Double($0) }
  case .f16: store(values, into: output, f16Bits)
  case .bf16: store(values, into: output, bf16Bits)
  default: store(values, into: output) { $0 }
  }
}

/// The bf16 nearest to a value, ties to even.
@inline(__always)
func bf16Bits(_ value: Float) -> UInt16 {
  let bits = value.bitPattern
  // Rounding could carry a NaN's digits away and leave an infinity.
  if value.isNaN { return UInt16(truncatingIfNeeded: bits &>> 16) | 0x0040 }
  return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits &>> 16) & 1)) &>> 16)
}

/// The f16 nearest to a value, ties to even. Without branches, for the reason of `widenedF16`.
@inline(__always)
func f16Bits(_ value: Float) -> UInt16 {
  let sign = (value.bitPattern &>> 16) & 0x8000
  let magnitude = value.bitPattern & 0x7FFF_FFFF
  let rebiased = magnitude &- (112 &<< 23)
  let normal = (rebiased &+ 0x0FFF &+ ((rebiased &>> 13) & 1)) &>> 13
  // Below 2^-14 a unit of f16 is 2^-24, which is that of f32 at a half: the addition rounds.
  let half: Float = 0.5
  let subnormal = (Float(bitPattern: magnitude) + half).bitPattern &- half.bitPattern
  let special: UInt32 = magnitude > 0x7F80_0000 ? 0x7E00 : 0x7C00
  let finite = magnitude < 0x3880_0000 ? subnormal : normal
  return UInt16(truncatingIfNeeded: sign | (magnitude >= 0x4780_0000 ? special : finite))
}

private func encode(
  _ values: UnsafeMutableBufferPointer<Int64>, of tensor: WritableTensor,
  into output: UnsafeMutableRawBufferPointer, path: String
) throws {
  let allowed: ClosedRange<Int64> =
    switch tensor.type {
    case .bool: 0...1
    case .u8: 0...0xFF
    case .u16: 0...0xFFFF
    case .u32: 0...0xFFFF_FFFF
    case .i8: -0x80...0x7F
    case .i16: -0x8000...0x7FFF
    case .i32: -0x8000_0000...0x7FFF_FFFF
    default: .min ... .max
    }
  if let value = values.first(where: { !allowed.contains($0) }) {
    throw CheckpointError(
      file: path, tensor: tensor.name,
      reason: "\(value) does not fit \(tensor.type.rawValue), which holds"
        + " \(allowed.lowerBound) to \(allowed.upperBound)")
  }
  switch tensor.type.bytesPerBlock {
  case 1: store(values, into: output) { UInt8(truncatingIfNeeded: $0) }
  case 2: store(values, into: output) { UInt16(truncatingIfNeeded: $0) }
  case 4: store(values, into: output) { UInt32(truncatingIfNeeded: $0) }
  default: store(values, into: output) { $0 }
  }
}

@inline(__always)
private func store<Value, Stored: BitwiseCopyable>(
  _ values: UnsafeMutableBufferPointer<Value>, into output: UnsafeMutableRawBufferPointer,
  _ convert: (Value) -> Stored
) {
  output.withMemoryRebound(to: Stored.self) { stored in
    for index in values.indices { stored[index] = convert(values[index]) }
  }
}
