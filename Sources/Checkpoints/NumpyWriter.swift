import Files

/// Writes an array as `.npy` version 1.0 in C order, byte for byte as `numpy.save` does.
///
/// - Parameters:
///   - path: the file; its folder exists.
///   - tensor: f32, i64, bool or any other type that NumPy has; its name is not written.
/// - Throws: `CheckpointError` for a type that NumPy lacks, or a value that does not fit the type;
///   `FileError`. What was at `path` is then as it was.
public func writeNumpy(_ path: String, _ tensor: WritableTensor) throws {
  guard let descr = descr(of: tensor.type) else {
    throw CheckpointError(
      file: path, reason: "NumPy has no type \(tensor.type.rawValue); write it as f32")
  }
  let count = try tensor.byteCount(path: path) / tensor.type.bytesPerBlock
  let sizes = tensor.shape.map(String.init)
  let shape = sizes.count == 1 ? "(\(sizes[0]),)" : "(\(sizes.joined(separator: ", ")))"
  var header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }"
  // NumPy leaves room for the first size to grow to 21 digits in place.
  header += String(repeating: " ", count: sizes.first.map { max(0, 21 - $0.utf8.count) } ?? 0)
  // Magic, version, length, header and newline end at a multiple of 64.
  let prefix = 6 + 2 + 2
  header += String(repeating: " ", count: 64 - (prefix + header.utf8.count + 1) % 64) + "\n"
  guard let length = UInt16(exactly: header.utf8.count) else {
    throw CheckpointError(file: path, reason: "\(sizes.count) dimensions are too many for .npy")
  }
  try writeFile(path) { writer in
    try writer.write([0x93] + Array("NUMPY".utf8) + [1, 0])
    try withUnsafeBytes(of: length.littleEndian) { try writer.write($0) }
    try writer.write(header)
    try writer.write(valuesOf: tensor, count: count, path: path)
  }
}

private func descr(of type: StoredType) -> String? {
  switch type {
  case .f64: "<f8"
  case .f32: "<f4"
  case .f16: "<f2"
  case .i64: "<i8"
  case .i32: "<i4"
  case .i16: "<i2"
  case .i8: "|i1"
  case .u32: "<u4"
  case .u16: "<u2"
  case .u8: "|u1"
  case .bool: "|b1"
  case .bf16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_k, .q6_k: nil
  }
}
