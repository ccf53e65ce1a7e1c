import Files

/// A tensor as it lies in a mapped file: nothing is read before it is asked for. It keeps the
/// mapping alive.
public struct StoredTensor: Sendable {
  /// The name in the checkpoint.
  public let name: String
  /// The stored type.
  public let type: StoredType
  /// The sizes, outermost first (PyTorch's order).
  public let shape: [Int]
  /// The number of elements.
  public let count: Int
  /// Where the bytes lie in the file.
  public let byteRange: Range<Int>
  /// The file.
  public let file: MappedFile

  /// A tensor whose place was checked: `byteRange` lies inside the file and has just the bytes that
  /// `shape` and `type` need.
  init(name: String, type: StoredType, shape: [Int], start: Int, file: MappedFile) {
    guard let count = elementCount(shape: shape), let bytes = type.byteCount(shape: shape) else {
      preconditionFailure("a stored tensor's shape is checked before it is made")
    }
    precondition(start >= 0 && start <= file.bytes.count && bytes <= file.bytes.count - start)
    self.name = name
    self.type = type
    self.shape = shape
    self.count = count
    self.byteRange = start..<start + bytes
    self.file = file
  }

  /// The path of the file.
  public var path: String { file.path }

  /// The bytes that the file stores for the tensor.
  public var byteCount: Int { byteRange.count }

  /// An error about this tensor.
  public func fault(_ reason: String) -> CheckpointError {
    CheckpointError(file: path, tensor: name, byte: byteRange.lowerBound, reason: reason)
  }

  /// Calls `body` with the stored bytes of `blocks`, counted in the type's blocks.
  func withBytes<Result>(
    ofBlocks blocks: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let size = type.bytesPerBlock
    let start = byteRange.lowerBound + blocks.lowerBound * size
    let end = byteRange.lowerBound + blocks.upperBound * size
    return file.withBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }
}

extension StoredTensor {
  /// All values as floats.
  /// - Throws: `CheckpointError` for an integer type, or where the array would take more memory
  ///   than the file's size and 256 MB; `readFloats` into memory of your own has no such bound.
  public func floats() throws -> [Float] {
    try checkFloat()
    try file.checkAllocation(count, of: Float.self, for: name)
    return try [Float](unsafeUninitializedCapacity: count) { buffer, used in
      try readFloats(0..<count, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      used = count
    }
  }

  /// All values as integers; Booleans are 0 and 1.
  /// - Throws: `CheckpointError` for a floating-point type, or where the array would take more
  ///   memory than the file's size and 256 MB; `readIntegers` into memory of your own has no such
  ///   bound.
  public func integers() throws -> [Int64] {
    try checkInteger()
    try file.checkAllocation(count, of: Int64.self, for: name)
    return try [Int64](unsafeUninitializedCapacity: count) { buffer, used in
      try readIntegers(0..<count, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      used = count
    }
  }

  func checkFloat() throws {
    if !type.isFloat { throw fault("is stored as \(type.rawValue), where floats are needed") }
  }

  func checkInteger() throws {
    if type.isFloat { throw fault("is stored as \(type.rawValue), where integers are needed") }
  }
}
