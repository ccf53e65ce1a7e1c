import Foundation

/// A buffered writer of one file that nobody sees before it is whole.
public final class FileWriter {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// The bytes handed to the writer so far.
  public private(set) var count = 0

  private static let bufferSize = 1 << 20

  fileprivate init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
    buffer.reserveCapacity(Self.bufferSize)
  }

  /// Appends bytes.
  /// - Throws: `FileError`, a full disk among its reasons.
  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    count += bytes.count
    if buffer.count + bytes.count > Self.bufferSize { try flush() }
    if bytes.count >= Self.bufferSize {
      try put(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  /// Appends bytes.
  /// - Throws: `FileError`.
  public func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  /// Appends text in UTF-8.
  /// - Throws: `FileError`.
  public func write(_ text: String) throws {
    try write(Array(text.utf8))
  }

  /// Hands everything written so far to the system.
  /// - Throws: `FileError`, a full disk among its reasons.
  public func flush() throws {
    try buffer.withUnsafeBytes { try put($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while rest.count > 0 {
      let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, doing: "write")
      }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
    }
  }
}

/// Writes the file at `path` whole: beside its place first, then renamed over it, so that a reader
/// never sees half a file and a failure leaves what was there.
/// - Throws: `FileError`, or what `body` throws; the file is then as it was.
public func writeFile<Result>(_ path: String, _ body: (FileWriter) throws -> Result) throws
  -> Result
{
  let target = expandingHome(path)
  if kind(ofFile: target) == .folder { throw FileError(path: path, reason: "is a folder") }
  // A link keeps pointing to its file.
  let final = resolvingLinks(target)
  let name = lastName(of: final)
  let folder = parentFolder(of: final)
  let temporary = (folder.isEmpty ? "." : folder) + "/.\(name).\(getpid()).tmp"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw FileError(path: path, doing: "write") }
  do {
    defer { close(descriptor) }
    let writer = FileWriter(path: path, descriptor: descriptor)
    let result = try body(writer)
    try writer.flush()
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw FileError(path: path, doing: "write")
    }
    guard rename(temporary, final) == 0 else { throw FileError(path: path, doing: "write") }
    return result
  } catch {
    unlink(temporary)
    throw error
  }
}

/// The path of the file that links at `path` lead to; `path` itself where nothing is there yet.
private func resolvingLinks(_ path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}
