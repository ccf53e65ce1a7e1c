/// Where the elements of a buffer lie until the device needs them, a file mostly.
public protocol ElementSource: Sendable {
  /// Called before elements are read.
  /// - Throws: where they can no longer be read.
  func requireUnchanged() throws

  /// Reads a range of elements; several threads do so at a time.
  func read(_ elements: Range<Int>, into output: UnsafeMutableBufferPointer<Float>) throws

  /// Says that all elements are about to be read.
  func prefetch()

  /// Says that no element is going to be read soon.
  func release()
}

extension ElementSource {
  /// Reads all elements by `body`, in any order.
  func readingAll(_ body: () throws -> Void) throws {
    try requireUnchanged()
    prefetch()
    defer { release() }
    try body()
  }
}

extension Device {
  /// Reads all elements at once.
  public func allocate(_ count: Int, reading source: any ElementSource) throws -> Buffer {
    let buffer = try allocate(count, .f32)
    try source.readingAll {
      try produce(buffer.start, count: count, granularity: 256) { output, range in
        try source.read(range, into: output)
      }
    }
    return buffer
  }

  /// Keeps them.
  public func unload(_ buffers: [Buffer]) {}
}
