internal import COpenCL

/// Copies between host bytes and buffers.
extension OpenCLDevice {
  /// Bytes of one copy: between two of them a request to stop is heard.
  private static let piece = 64 << 20

  /// Copies host bytes into the buffer.
  /// - Throws: `KernelError.failed`, `Interrupted`.
  public func upload(_ source: UnsafeRawBufferPointer, to target: Region) throws {
    guard let from = source.baseAddress, source.count > 0 else { return }
    let buffer = try target.openCLBuffer(of: self)
    let start = try byteOffset(target, buffer, byteCount: source.count)
    let memory = buffer.memory
    for first in stride(from: 0, to: source.count, by: Self.piece) {
      try Interrupt.check()
      let count = min(Self.piece, source.count - first)
      try context.driver.check(
        context.driver.cl.clEnqueueWriteBuffer(
          queue.handle, memory.handle, cl_uint(CL_TRUE), start + first, count, from + first, 0,
          nil, nil),
        "copying \(source.count) bytes to \(name)")
    }
    counts.withLock {
      $0.uploads += 1
      $0.uploadedBytes += source.count
    }
  }

  /// Copies elements to host bytes, `target.count` of them, once everything queued before is done.
  /// - Throws: `KernelError.failed`, also where earlier work failed; `Interrupted`.
  public func download(_ source: Region, to target: UnsafeMutableRawBufferPointer) throws {
    guard let place = target.baseAddress, target.count > 0 else { return }
    let buffer = try source.openCLBuffer(of: self)
    let start = try byteOffset(source, buffer, byteCount: target.count)
    let memory = buffer.memory
    for first in stride(from: 0, to: target.count, by: Self.piece) {
      try Interrupt.check()
      var event: cl_event?
      let count = min(Self.piece, target.count - first)
      let operation = "copying \(target.count) bytes from \(name)"
      try context.driver.check(
        context.driver.cl.clEnqueueReadBuffer(
          queue.handle, memory.handle, cl_uint(CL_FALSE), start + first, count, place + first, 0,
          nil, &event),
        operation)
      guard let event else {
        try queue.finish(operation)
        continue
      }
      defer { _ = context.driver.cl.clReleaseEvent(event) }
      // The driver writes to the caller's memory until then: a stop waits, for what is under way.
      try queue.wait(for: event, operation, stops: false)
    }
    counts.withLock {
      $0.downloads += 1
      $0.downloadedBytes += target.count
    }
    try Interrupt.check()
  }

  /// Fills f32 elements by `body` on the host's threads, in memory that the driver lends.
  /// - Throws: what `body` throws, `KernelError.failed`, `Interrupted`.
  public func produce(
    _ target: Region, count: Int, granularity: Int,
    _ body: @Sendable (UnsafeMutableBufferPointer<Float>, Range<Int>) throws -> Void
  ) throws {
    guard count > 0 else { return }
    let buffer = try target.openCLBuffer(of: self)
    let bytes = count * MemoryLayout<Float>.size
    let start = try byteOffset(target, buffer, byteCount: bytes)
    let memory = buffer.memory
    let operation = "copying \(bytes) bytes to \(name)"
    var status: cl_int = 0
    let mapped = context.driver.cl.clEnqueueMapBuffer(
      queue.handle, memory.handle, cl_uint(CL_TRUE), CL_MAP_WRITE_INVALIDATE_REGION, start, bytes,
      0, nil, nil, &status)
    try context.driver.check(status, operation)
    guard let mapped else {
      throw KernelError.failed(operation: operation, reason: "the driver lent no memory")
    }
    let place = Place(floats: mapped.bindMemory(to: Float.self, capacity: count))
    let result = Swift.Result {
      let granularity = max(1, granularity)
      let grain = max(1, (1 << 16) / granularity) * granularity
      try producers.run(count: count, grain: grain) { range, _ in
        try body(
          UnsafeMutableBufferPointer(start: place.floats + range.lowerBound, count: range.count),
          range)
      }
    }
    try context.driver.check(
      context.driver.cl.clEnqueueUnmapMemObject(queue.handle, memory.handle, mapped, 0, nil, nil),
      operation)
    try result.get()
    counts.withLock {
      $0.uploads += 1
      $0.uploadedBytes += bytes
    }
  }

  private struct Place: @unchecked Sendable { let floats: UnsafeMutablePointer<Float> }

  private func byteOffset(_ region: Region, _ buffer: OpenCLBuffer, byteCount: Int) throws -> Int {
    let size = buffer.type.size
    precondition(
      region.offset >= 0 && region.offset * size + byteCount <= buffer.count * size,
      "\(byteCount) bytes from element \(region.offset) of a buffer of \(buffer.count)")
    return region.offset * size
  }
}
