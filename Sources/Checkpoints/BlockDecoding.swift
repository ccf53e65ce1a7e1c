// GGUF's blocks of 32 as floats: each function decodes `count` blocks, which may lie unaligned. A
// product and a sum are rounded one after the other, as in the `gguf` package, whose bits these
// are.

func dequantizeQ4_0(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for block in 0..<count {
    let bytes = source + block &* 18
    let output = destination + block &* 32
    let scale = half(bytes, at: 0)
    for index in 0..<16 {
      let pair = bytes.loadUnaligned(fromByteOffset: 2 &+ index, as: UInt8.self)
      output[index] = Float(Int32(pair & 0x0F) &- 8) * scale
      output[16 &+ index] = Float(Int32(pair &>> 4) &- 8) * scale
    }
  }
}

func dequantizeQ4_1(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for block in 0..<count {
    let bytes = source + block &* 20
    let output = destination + block &* 32
    let scale = half(bytes, at: 0)
    let minimum = half(bytes, at: 2)
    for index in 0..<16 {
      let pair = bytes.loadUnaligned(fromByteOffset: 4 &+ index, as: UInt8.self)
      output[index] = Float(pair & 0x0F) * scale + minimum
      output[16 &+ index] = Float(pair &>> 4) * scale + minimum
    }
  }
}

func dequantizeQ5_0(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for block in 0..<count {
    let bytes = source + block &* 22
    let output = destination + block &* 32
    let scale = half(bytes, at: 0)
    let fifth = bytes.loadUnaligned(fromByteOffset: 2, as: UInt32.self)
    for index in 0..<16 {
      let pair = fiveBits(bytes + 6, fifth, index)
      output[index] = Float(pair.low &- 16) * scale
      output[16 &+ index] = Float(pair.high &- 16) * scale
    }
  }
}

func dequantizeQ5_1(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for block in 0..<count {
    let bytes = source + block &* 24
    let output = destination + block &* 32
    let scale = half(bytes, at: 0)
    let minimum = half(bytes, at: 2)
    let fifth = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
    for index in 0..<16 {
      let pair = fiveBits(bytes + 8, fifth, index)
      output[index] = Float(pair.low) * scale + minimum
      output[16 &+ index] = Float(pair.high) * scale + minimum
    }
  }
}

func dequantizeQ8_0(
  _ source: UnsafeRawPointer, _ destination: UnsafeMutablePointer<Float>, _ count: Int
) {
  for block in 0..<count {
    let bytes = source + block &* 34
    let output = destination + block &* 32
    let scale = half(bytes, at: 0)
    for index in 0..<32 {
      let value = bytes.loadUnaligned(fromByteOffset: 2 &+ index, as: Int8.self)
      output[index] = Float(value) * scale
    }
  }
}

/// The f16 at an offset.
@inline(__always)
func half(_ bytes: UnsafeRawPointer, at offset: Int) -> Float {
  widenedF16(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
}

/// Values `index` and 16 + `index` of a block of five-bit values: a nibble, and a bit of `fifth`.
@inline(__always)
private func fiveBits(
  _ nibbles: UnsafeRawPointer, _ fifth: UInt32, _ index: Int
) -> (low: Int32, high: Int32) {
  let pair = UInt32(nibbles.loadUnaligned(fromByteOffset: index, as: UInt8.self))
  let bits = fifth &>> UInt32(truncatingIfNeeded: index)
  return (
    Int32(bitPattern: pair & 0x0F | (bits & 1) &<< 4),
    Int32(bitPattern: pair &>> 4 | (bits &>> 16 & 1) &<< 4)
  )
}
