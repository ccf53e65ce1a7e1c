/// Host pointers to a region's elements, checked against the buffer's bounds and type. They are
/// good while the region's buffer lives and is neither exchanged nor unloaded, so at least until
/// the operation that received it returns.
extension Region {
  /// `count` f32 elements to read.
  func floats(_ count: Int) throws -> UnsafePointer<Float> {
    try hostBuffer(.f32).read(offset, count)
  }

  /// `count` f32 elements to write.
  func writableFloats(_ count: Int) throws -> UnsafeMutablePointer<Float> {
    try hostBuffer(.f32).write(offset, count)
  }

  /// `count` i64 elements to read.
  func ints(_ count: Int) throws -> UnsafePointer<Int64> {
    try hostBuffer(.i64).read(offset, count)
  }

  /// `count` i64 elements to write.
  func writableInts(_ count: Int) throws -> UnsafeMutablePointer<Int64> {
    try hostBuffer(.i64).write(offset, count)
  }

  /// `count` bool elements to read, a byte each.
  func bools(_ count: Int) throws -> UnsafePointer<UInt8> {
    try hostBuffer(.bool).read(offset, count)
  }

  /// `count` bool elements to write, a byte each.
  func writableBools(_ count: Int) throws -> UnsafeMutablePointer<UInt8> {
    try hostBuffer(.bool).write(offset, count)
  }

  /// The buffer behind the region.
  /// - Throws: `KernelError.unsupported` for a buffer of another device.
  func hostBuffer() throws -> CPUBuffer {
    guard let buffer = buffer as? CPUBuffer else {
      throw KernelError.unsupported(
        "the cpu cannot reach a tensor of device \(buffer.device.name): "
          + "move it with .to(\"cpu\") first")
    }
    return buffer
  }

  private func hostBuffer(_ type: ElementType) throws -> CPUBuffer {
    let buffer = try hostBuffer()
    precondition(buffer.type == type, "a \(type.name) operation on a buffer of \(buffer.type.name)")
    return buffer
  }
}
