import Files

/// A position in a mapped file that moves forward as numbers and strings are read, and never past
/// the end. What is read is described for errors alone, so the descriptions are closures.
struct ByteReader {
  let file: MappedFile
  private(set) var position: Int

  init(file: MappedFile, at position: Int = 0) {
    precondition(position >= 0 && position <= file.bytes.count)
    self.file = file
    self.position = position
  }

  /// The bytes from here to the end of the file.
  var remaining: Int { file.bytes.count - position }

  /// An error at the current position.
  func fault(_ reason: String, in name: String? = nil) -> CheckpointError {
    CheckpointError(file: file.path, tensor: name, byte: position, reason: reason)
  }

  /// The next number, little-endian.
  mutating func read<Number: FixedWidthInteger & BitwiseCopyable>(
    _: Number.Type, _ what: @autoclosure () -> String
  ) throws -> Number {
    let start = try skip(MemoryLayout<Number>.size, what())
    return file.withBytes {
      Number(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: Number.self))
    }
  }

  /// A u64 count of things of which each takes `size` bytes at least, so that what is left of the
  /// file bounds it.
  mutating func readCount(
    ofSize size: Int, _ what: @autoclosure () -> String
  ) throws -> Int {
    let start = position
    let count = try read(UInt64.self, what())
    guard count <= UInt64(remaining / size) else {
      throw CheckpointError(
        file: file.path, byte: start,
        reason: "\(what()) is \(count), and only \(remaining) bytes are left of the file")
    }
    return Int(count)
  }

  /// The range of a string's bytes: a u64 length, then the bytes.
  mutating func readString(_ what: @autoclosure () -> String) throws -> Range<Int> {
    let length = try readCount(ofSize: 1, "the length of \(what())")
    let start = try skip(length, what())
    return start..<start + length
  }

  /// A string that must be UTF-8.
  mutating func readName(_ what: String) throws -> String {
    let range = try readString(what)
    let text = file.withBytes { bytes in
      String(validating: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }
    guard let text else {
      throw CheckpointError(
        file: file.path, byte: range.lowerBound, reason: "\(what) is not UTF-8")
    }
    return text
  }

  /// Passes over `size` bytes.
  /// - Returns: the position before them.
  @discardableResult
  mutating func skip(_ size: Int, _ what: @autoclosure () -> String) throws -> Int {
    guard size <= remaining else {
      throw fault("is cut short: \(remaining) bytes are left where \(what()) should be")
    }
    defer { position += size }
    return position
  }
}
