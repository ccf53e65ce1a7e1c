/// Copies between host bytes and buffers.
extension CPUDevice {
  private static let transferGrain = 1 << 20

  /// Copies host bytes into the buffer.
  /// - Throws: `Interrupted`.
  public func upload(_ source: UnsafeRawBufferPointer, to target: Region) throws {
    guard let from = source.baseAddress else { return }
    let buffer = try target.hostBuffer()
    let place = try buffer.writeBytes(from: target.offset, byteCount: source.count)
    record {
      $0.uploads += 1
      $0.uploadedBytes += source.count
    }
    try parallel(source.count, grain: Self.transferGrain) { range in
      (place + range.lowerBound).copyMemory(from: from + range.lowerBound, byteCount: range.count)
    }
  }

  /// Copies elements to host bytes, `target.count` of them.
  /// - Throws: `Interrupted`.
  public func download(_ source: Region, to target: UnsafeMutableRawBufferPointer) throws {
    guard let place = target.baseAddress else { return }
    let buffer = try source.hostBuffer()
    let from = try buffer.readBytes(from: source.offset, byteCount: target.count)
    record {
      $0.downloads += 1
      $0.downloadedBytes += target.count
    }
    try parallel(target.count, grain: Self.transferGrain) { range in
      (place + range.lowerBound).copyMemory(from: from + range.lowerBound, byteCount: range.count)
    }
  }

  /// Fills f32 elements by `body`, on all threads, in pieces that start at multiples of
  /// `granularity`.
  /// - Throws: what `body` throws, `Interrupted`.
  public func produce(
    _ target: Region, count: Int, granularity: Int,
    _ body: @Sendable (UnsafeMutableBufferPointer<Float>, Range<Int>) throws -> Void
  ) throws {
    let place = try target.writableFloats(count)
    record {
      $0.uploads += 1
      $0.uploadedBytes += count * ElementType.f32.size
    }
    let granularity = max(1, granularity)
    let grain = max(1, (1 << 16) / granularity) * granularity
    try parallel(count, grain: grain) { range in
      try body(
        UnsafeMutableBufferPointer(start: place + range.lowerBound, count: range.count), range)
    }
  }

  /// All elements of a source, in memory of their own.
  /// - Throws: what `source` does, `KernelError.outOfMemory`, `Interrupted`.
  func readElements(of source: any ElementSource, count: Int) throws -> MemoryBlock {
    let block = try memoryPool.allocate(count, elementSize: ElementType.f32.size)
    let place = block.pointer.bindMemory(to: Float.self, capacity: count)
    try source.readingAll {
      try parallel(count, grain: 1 << 16, operation: "reading") { range in
        try source.read(
          range,
          into: UnsafeMutableBufferPointer(start: place + range.lowerBound, count: range.count))
      }
    }
    return block
  }
}
