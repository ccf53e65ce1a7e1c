// The inner loops of reading: each decodes `count` elements, or blocks, that may lie unaligned. The
// processors that Swift runs on are little-endian, as the files are.

func copyF32(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  UnsafeMutableRawPointer(destination).copyMemory(from: source, byteCount: count * 4)
}

func narrowF64(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for index in 0..<count {
    destination[index] = Float(source.loadUnaligned(fromByteOffset: index &* 8, as: Double.self))
  }
}

func widenBF16(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for index in 0..<count {
    let bits = source.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self)
    destination[index] = Float(bitPattern: UInt32(bits) &<< 16)
  }
}

func widenF16(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for index in 0..<count {
    destination[index] = widenedF16(
      source.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self))
  }
}

/// The f16 of these bits. Without branches, so that loops vectorize: the language's own conversion
/// is a library call where the processor's is not taken for granted.
@inline(__always)
func widenedF16(_ bits: UInt16) -> Float {
  let sign = (UInt32(bits) & 0x8000) &<< 16
  let rest = UInt32(bits) & 0x7FFF
  let rebiased = (rest &<< 13) &+ (112 &<< 23)
  let normal = rest >= 0x7C00 ? rebiased &+ (112 &<< 23) : rebiased
  // Below 2^-14 the value is its significand times 2^-24, which f32 holds as a normal number.
  let subnormal = (Float(Int32(bitPattern: rest)) * 0x1p-24).bitPattern
  return Float(bitPattern: sign | (rest < 0x400 ? subnormal : normal))
}

func dequantizeQ4_1(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for block in 0..<count {
    let bytes = source + block &* 20
    let output = destination + block &* 32
    let scale = widenedF16(bytes.loadUnaligned(as: UInt16.self))
    let minimum = widenedF16(bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    for index in 0..<16 {
      let pair = bytes.loadUnaligned(fromByteOffset: 4 &+ index, as: UInt8.self)
      output[index] = Float(pair & 0x0F) * scale + minimum
      output[16 &+ index] = Float(pair &>> 4) * scale + minimum
    }
  }
}

func dequantizeQ8_0(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for block in 0..<count {
    let bytes = source + block &* 34
    let output = destination + block &* 32
    let scale = widenedF16(bytes.loadUnaligned(as: UInt16.self))
    for index in 0..<32 {
      let value = bytes.loadUnaligned(fromByteOffset: 2 &+ index, as: Int8.self)
      output[index] = Float(value) * scale
    }
  }
}
