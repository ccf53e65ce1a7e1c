import Files

/// An array in NumPy's `.npy` format, versions 1 to 3, mapped.
///
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
public struct NumpyFile: Sendable {
  /// The array: its type, sizes and values; its name is empty.
  public let tensor: StoredTensor

  /// The sizes, outermost first; empty for a scalar.
  public var shape: [Int] { tensor.shape }

  /// Opens and checks a file; the values are not touched.
  /// - Throws: `FileError` where it cannot be opened; `CheckpointError` where it is damaged, of a
  ///   type that is not read, big-endian or in Fortran's order.
  public init(path: String) throws {
    let file = try MappedFile(path: path)
    var reader = ByteReader(file: file)
    let range = try Self.readHeaderRange(&reader)
    let header = try file.withBytes {
      var parser = NumpyHeaderParser(
        path: path, text: UnsafeRawBufferPointer(rebasing: $0[range]), offset: range.lowerBound)
      return try parser.parse()
    }
    func fault(_ reason: String) -> CheckpointError {
      CheckpointError(file: path, byte: range.lowerBound, reason: reason)
    }
    let type = try storedType(descr: header.descr, fault)
    if header.isFortranOrder, header.shape.count > 1 {
      throw fault("is in Fortran's order, which is not read; save numpy.ascontiguousarray(array)")
    }
    guard let bytes = type.byteCount(shape: header.shape), bytes == reader.remaining else {
      let needed = type.byteCount(shape: header.shape).map { "\($0) bytes" }
      throw CheckpointError(
        file: path, byte: reader.position,
        reason: "is cut short or damaged: shape \(header.shape) of \(header.descr) needs"
          + " \(needed ?? "more bytes than 2^63"), \(reader.remaining) are there")
    }
    tensor = StoredTensor(
      name: "", type: type, shape: header.shape, start: reader.position, file: file)
  }

  /// The place of the header's text, after the magic, the version and the length.
  private static func readHeaderRange(_ reader: inout ByteReader) throws -> Range<Int> {
    let start = reader
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    let begins = reader.file.withBytes { $0.prefix(6).elementsEqual(magic) }
    guard begins else { throw start.fault("is not a .npy file") }
    try reader.skip(6, "the magic")
    let major = try reader.read(UInt8.self, "the version")
    let minor = try reader.read(UInt8.self, "the version")
    guard (1...3).contains(major), minor == 0 else {
      throw reader.fault("is a .npy file of version \(major).\(minor); 1.0 to 3.0 are read")
    }
    let what = "the header"
    let length =
      major == 1
      ? Int(try reader.read(UInt16.self, what)) : Int(try reader.read(UInt32.self, what))
    let position = try reader.skip(length, what)
    return position..<position + length
  }
}

/// The type of a `descr` such as `<f4`.
private func storedType(
  descr: String, _ fault: (String) -> CheckpointError
) throws -> StoredType {
  let types: [String: StoredType] = [
    "f8": .f64, "f4": .f32, "f2": .f16, "i8": .i64, "i4": .i32, "i2": .i16, "i1": .i8,
    "u4": .u32, "u2": .u16, "u1": .u8, "b1": .bool,
  ]
  guard let order = descr.first, let type = types[String(descr.dropFirst())] else {
    let known = types.keys.sorted().joined(separator: ", ")
    throw fault("is of type \(printable(descr)), which is not read; \(known) are")
  }
  switch order {
  case "<": return type
  case "|" where type.bytesPerBlock == 1, ">" where type.bytesPerBlock == 1: return type
  case ">":
    let native = "<" + descr.dropFirst()
    throw fault("is big-endian (\(descr)), which is not read; save array.astype('\(native)')")
  default: throw fault("has the unknown byte order \(printable(descr))")
  }
}
