extension CPUBuffer {
  /// The bytes of a strided operand to read, from where its index zero stands.
  func read(_ operand: Int, of walk: StridedWalk, at offset: Int) throws -> UnsafeRawPointer {
    let bounds = walk.bounds(operand)
    return try readBytes(from: offset + bounds.lowerBound, byteCount: bounds.count * type.size)
      - bounds.lowerBound * type.size
  }

  /// The bytes of a strided operand to write, from where its index zero stands; a new version.
  func write(_ operand: Int, of walk: StridedWalk, at offset: Int) throws -> UnsafeMutableRawPointer
  {
    let bounds = walk.bounds(operand)
    return try writeBytes(from: offset + bounds.lowerBound, byteCount: bounds.count * type.size)
      - bounds.lowerBound * type.size
  }
}
