import Files
import JSONFormat

extension MappedFile {
  /// Reads a range of the file as a JSON object.
  /// - Throws: `CheckpointError` with the byte at fault, or where the values would take more memory
  ///   than the file's size and 256 MB.
  func readObject(in range: Range<Int>, what: String) throws -> JSONObject {
    try withBytes { bytes in
      let text = UnsafeRawBufferPointer(rebasing: bytes[range])
      let cost = memoryCost(ofJSON: text)
      guard cost <= allocationLimit else {
        throw CheckpointError(
          file: path, byte: range.lowerBound,
          reason: "\(what) holds so many values that reading it could take \(cost) bytes of memory")
      }
      let value: JSON
      do {
        value = try JSON(reading: text)
      } catch let error as JSONError {
        throw CheckpointError(
          file: path, byte: range.lowerBound + error.byte,
          reason: "\(what) is not valid JSON: \(error.reason)")
      }
      guard let object = value.object else {
        throw CheckpointError(
          file: path, byte: range.lowerBound, reason: "\(what) is not a JSON object")
      }
      return object
    }
  }

  /// Reads the whole file as a JSON object.
  func readObject(what: String) throws -> JSONObject {
    try readObject(in: 0..<bytes.count, what: what)
  }
}

/// A bound on the memory that the values of a JSON text take, and the tensors made of them: each
/// follows a comma or opens a list, and two bytes of text can make an element of an array that
/// doubles as it grows.
private func memoryCost(ofJSON text: UnsafeRawBufferPointer) -> Int {
  var commas = 0
  var lists = 0
  for byte in text {
    commas &+= byte == UInt8(ascii: ",") ? 1 : 0
    lists &+= byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") ? 1 : 0
  }
  return commas * 64 + lists * 128
}
