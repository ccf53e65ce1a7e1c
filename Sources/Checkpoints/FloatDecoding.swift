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
