import Foundation

/// A file's bytes, mapped read-only: opening reads nothing, pages come in as they are touched.
public final class MappedFile: @unchecked Sendable {
  /// The path as it was given.
  public let path: String
  /// The file's bytes, valid only as long as this object lives: who keeps them keeps the file.
  public let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`; a leading `~` is the home folder.
  /// - Throws: `FileError` where the file is missing, a folder, or not readable.
  public init(path: String) throws {
    self.path = path
    let descriptor = open(expandingHome(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, doing: "open") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, doing: "read") }
    if status.st_mode & S_IFMT == S_IFDIR { throw FileError(path: path, reason: "is a folder") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(path: path, reason: "is not a regular file")
    }
    let count = Int(status.st_size)
    if count == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw FileError(path: path, doing: "map") }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  /// Calls `body` with the bytes, keeping the mapping alive meanwhile.
  public func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) { try body(bytes) }
  }

  /// Gives back the memory of the whole pages inside a range of bytes; they are read from the file
  /// again where they are touched again.
  public func release(_ range: Range<Int>) {
    guard let start = bytes.baseAddress, !range.isEmpty else { return }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let first = (range.lowerBound + page - 1) / page * page
    let end = min(range.upperBound, bytes.count) / page * page
    if first < end {
      madvise(UnsafeMutableRawPointer(mutating: start + first), end - first, MADV_DONTNEED)
    }
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}
