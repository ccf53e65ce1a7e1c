// GGUF's blocks of 256, whose parts have scales of their own: each function decodes `count` blocks,
// to the bits of the `gguf` package.

func dequantizeQ4_K(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for block in 0..<count {
    let bytes = source + block &* 144
    let output = destination + block &* 256
    let scale = half(bytes, at: 0)
    let minimumScale = half(bytes, at: 2)
    // Two neighbouring parts share 32 bytes: one has the low nibbles, the other the high ones.
    for pair in 0..<4 {
      let low = sixBits(bytes + 4, part: 2 &* pair)
      let high = sixBits(bytes + 4, part: 2 &* pair &+ 1)
      let (lowScale, highScale) = (scale * low.scale, scale * high.scale)
      let (lowMinimum, highMinimum) = (minimumScale * low.minimum, minimumScale * high.minimum)
      let nibbles = bytes + (16 &+ 32 &* pair)
      let values = output + 64 &* pair
      for index in 0..<32 {
        let both = nibbles.loadUnaligned(fromByteOffset: index, as: UInt8.self)
        values[index] = Float(both & 0x0F) * lowScale - lowMinimum
        values[32 &+ index] = Float(both &>> 4) * highScale - highMinimum
      }
    }
  }
}

/// The scale and the minimum of one of Q4_K's eight parts. The first four have the low six bits of
/// bytes of their own; of the others the low four bits share a byte and the high two are what the
/// first four left.
@inline(__always)
private func sixBits(
  _ packed: UnsafeRawPointer, part: Int
) -> (scale: Float, minimum: Float) {
  func byte(_ index: Int) -> UInt8 { packed.loadUnaligned(fromByteOffset: index, as: UInt8.self) }
  if part < 4 {
    return (Float(byte(part) & 0x3F), Float(byte(part &+ 4) & 0x3F))
  }
  let low = byte(part &+ 4)
  return (
    Float(low & 0x0F | byte(part &- 4) &>> 2 & 0x30), Float(low &>> 4 | byte(part) &>> 2 & 0x30)
  )
}

func dequantizeQ6_K(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for block in 0..<count {
    let bytes = source + block &* 210
    let output = destination + block &* 256
    let scale = half(bytes, at: 208)
    // A half of the block: 64 bytes of nibbles, 32 of bit pairs, eight scales of 16 values each.
    for section in 0..<2 {
      let nibbles = bytes + 64 &* section
      let pairs = bytes + (128 &+ 32 &* section)
      for eighth in 0..<8 {
        let part =
          scale * Float(bytes.load(fromByteOffset: 192 &+ 8 &* section &+ eighth, as: Int8.self))
        let quarter = eighth &>> 1
        let start = 16 &* (eighth & 1)
        let values = output + (128 &* section &+ 16 &* eighth)
        let nibbleShift = UInt8(truncatingIfNeeded: 4 &* (quarter &>> 1))
        let pairShift = UInt8(truncatingIfNeeded: 2 &* quarter)
        let low = nibbles + (32 &* (quarter & 1) &+ start)
        for index in 0..<16 {
          let nibble =
            low.loadUnaligned(fromByteOffset: index, as: UInt8.self) &>> nibbleShift & 0x0F
          let pair =
            pairs.loadUnaligned(fromByteOffset: start &+ index, as: UInt8.self) &>> pairShift & 3
          values[index] = Float(Int32(nibble | pair &<< 4) &- 32) * part
        }
      }
    }
  }
}
