internal import CZlib

/// The content of a gzip file's bytes, several members joined.
///
/// - Parameter limit: the most bytes to make.
/// - Throws: `FileError` for damaged data, data that ends early, or content past the limit.
public func gunzip(
  _ bytes: UnsafeRawBufferPointer, path: String, limit: Int = 4 << 30
) throws -> [UInt8] {
  var stream = z_stream()
  let windowWithGzipHeader: Int32 = 15 + 16
  guard
    inflateInit2_(
      &stream, windowWithGzipHeader, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  else { throw FileError(path: path, reason: "cannot start zlib") }
  defer { inflateEnd(&stream) }

  var output: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 18)
  var rest = bytes[...]
  var status = Z_OK
  repeat {
    let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
    stream.next_in = UnsafeMutablePointer(
      mutating: piece.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(piece.count)
    try chunk.withUnsafeMutableBufferPointer { chunk in
      stream.next_out = chunk.baseAddress
      stream.avail_out = UInt32(chunk.count)
      status = inflate(&stream, Z_NO_FLUSH)
      guard status == Z_OK || status == Z_STREAM_END else {
        throw FileError(path: path, reason: "the gzip data is damaged or ends early")
      }
      output.append(contentsOf: chunk.prefix(chunk.count - Int(stream.avail_out)))
    }
    rest = rest.dropFirst(piece.count - Int(stream.avail_in))
    guard output.count <= limit else {
      throw FileError(path: path, reason: "holds more than \(limit) bytes")
    }
    if status == Z_STREAM_END, !rest.isEmpty { inflateReset(&stream) }
  } while status != Z_STREAM_END || !rest.isEmpty
  return output
}
