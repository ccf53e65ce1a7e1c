extension StoredTensor {
  /// Reads elements of an integer or Boolean tensor; a Boolean is 0 or 1.
  ///
  /// - Parameters:
  ///   - range: the elements in row-major order, inside `0..<count`.
  ///   - output: as many integers.
  /// - Throws: `CheckpointError` where the type is a floating-point type.
  public func readIntegers(
    _ range: Range<Int>, into output: UnsafeMutableBufferPointer<Int64>
  ) throws {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    precondition(output.count == range.count)
    try checkInteger()
    switch type {
    case .i64: widen(range, output, from: Int64.self)
    case .i32: widen(range, output, from: Int32.self)
    case .i16: widen(range, output, from: Int16.self)
    case .i8: widen(range, output, from: Int8.self)
    case .u32: widen(range, output, from: UInt32.self)
    case .u16: widen(range, output, from: UInt16.self)
    case .u8: widen(range, output, from: UInt8.self)
    case .bool:
      widen(range, output, from: UInt8.self)
      for index in output.indices where output[index] > 1 { output[index] = 1 }
    case .f64, .f32, .f16, .bf16: break
    case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_k, .q6_k: break
    }
  }

  private func widen<Stored: FixedWidthInteger & BitwiseCopyable>(
    _ range: Range<Int>, _ output: UnsafeMutableBufferPointer<Int64>, from: Stored.Type
  ) {
    withBytes(ofBlocks: range) { bytes in
      for index in output.indices {
        output[index] = Int64(
          truncatingIfNeeded: bytes.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self))
      }
    }
  }
}
