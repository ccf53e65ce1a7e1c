extension StoredTensor {
  /// Reads elements of a floating-point or quantized tensor as f32: f16, bf16 and blocks exactly,
  /// f64 rounded to nearest even. Any range will do; threads may read ranges of one tensor at a
  /// time.
  ///
  /// - Parameters:
  ///   - range: the elements in row-major order, inside `0..<count`.
  ///   - output: as many floats.
  /// - Throws: `CheckpointError` where the type is no floating-point type.
  public func readFloats(
    _ range: Range<Int>, into output: UnsafeMutableBufferPointer<Float>
  ) throws {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    precondition(output.count == range.count)
    try checkFloat()
    guard let destination = output.baseAddress, !range.isEmpty else { return }
    switch type {
    case .f32: decode(range, destination, by: copyF32)
    case .f64: decode(range, destination, by: narrowF64)
    case .f16: decode(range, destination, by: widenF16)
    case .bf16: decode(range, destination, by: widenBF16)
    case .q4_0: decodeBlocks(range, destination, by: dequantizeQ4_0)
    case .q4_1: decodeBlocks(range, destination, by: dequantizeQ4_1)
    case .q5_0: decodeBlocks(range, destination, by: dequantizeQ5_0)
    case .q5_1: decodeBlocks(range, destination, by: dequantizeQ5_1)
    case .q8_0: decodeBlocks(range, destination, by: dequantizeQ8_0)
    case .q4_k: decodeBlocks(range, destination, by: dequantizeQ4_K)
    case .q6_k: decodeBlocks(range, destination, by: dequantizeQ6_K)
    case .i64, .i32, .i16, .i8, .u32, .u16, .u8, .bool: break
    }
  }

  /// Decodes `count` elements or blocks, from the source to the destination.
  private typealias Decoder = (UnsafeRawPointer, UnsafeMutablePointer<Float>, Int) -> Void

  private func decode(
    _ blocks: Range<Int>, _ destination: UnsafeMutablePointer<Float>, by decoder: Decoder
  ) {
    withBytes(ofBlocks: blocks) { bytes in
      if let source = bytes.baseAddress { decoder(source, destination, blocks.count) }
    }
  }

  /// Whole blocks go straight to the destination; a block cut by an end of the range is decoded
  /// aside first.
  private func decodeBlocks(
    _ range: Range<Int>, _ destination: UnsafeMutablePointer<Float>, by decoder: Decoder
  ) {
    let size = type.blockSize
    let firstWhole = (range.lowerBound + size - 1) / size
    let endWhole = range.upperBound / size
    if firstWhole < endWhole {
      let offset = firstWhole * size - range.lowerBound
      decode(firstWhole..<endWhole, destination + offset, by: decoder)
    }
    func decodePart(_ block: Int) {
      let part = range.clamped(to: block * size..<(block + 1) * size)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: size) { values in
        guard let start = values.baseAddress else { return }
        values.initialize(repeating: 0)
        decode(block..<block + 1, start, by: decoder)
        (destination + (part.lowerBound - range.lowerBound)).update(
          from: start + part.lowerBound % size, count: part.count)
      }
    }
    let first = range.lowerBound / size
    let last = (range.upperBound - 1) / size
    if first < firstWhole { decodePart(first) }
    if last >= endWhole, last > first || first == firstWhole { decodePart(last) }
  }
}

extension StoredTensor {
  /// Brings elements into memory that will be read soon.
  public func prefetch(_ elements: Range<Int>) { file.prefetch(bytes(of: elements)) }

  /// Gives back the memory of elements that were read, for a reader that goes through a tensor
  /// once.
  public func release(_ elements: Range<Int>) { file.release(bytes(of: elements)) }

  /// The bytes of the file that hold some elements.
  private func bytes(of elements: Range<Int>) -> Range<Int> {
    func byte(_ element: Int) -> Int {
      byteRange.lowerBound + element / type.blockSize * type.bytesPerBlock
    }
    return byte(elements.lowerBound)..<byte(elements.upperBound)
  }
}
