import Foundation

/// A file's bytes, mapped read-only: opening reads nothing, pages come in as they are touched.
public final class MappedFile: @unchecked Sendable {
  /// The path as it was given.
  public let path: String
  /// The file's bytes, valid only as long as this object lives: who keeps them keeps the file.
  public let bytes: UnsafeRawBufferPointer
  private let opened: Descriptor
  private let stamp: Stamp

  /// Maps the file at `path`; a leading `~` is the home folder.
  /// - Throws: `FileError` where the file is missing, a folder, or not readable.
  public init(path: String) throws {
    self.path = path
    let descriptor = open(expandingHome(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, doing: "open") }
    opened = Descriptor(descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, doing: "read") }
    stamp = Stamp(status)
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

  /// An open file, closed when it is dropped.
  private final class Descriptor {
    let number: CInt

    init(_ number: CInt) { self.number = number }

    deinit { close(number) }
  }

  /// What another program's writing into the file changes.
  private struct Stamp: Equatable {
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    init(_ status: stat) {
      size = Int(status.st_size)
      seconds = Int(status.st_mtim.tv_sec)
      nanoseconds = Int(status.st_mtim.tv_nsec)
    }
  }

  /// Refuses bytes that are no longer those that were mapped, for who reads long after opening. A
  /// file that another has taken the place of is still the one that was opened.
  /// - Throws: `FileError` where somebody wrote into the file.
  public func requireUnchanged() throws {
    var status = stat()
    guard fstat(opened.number, &status) == 0 else { throw FileError(path: path, doing: "read") }
    guard Stamp(status) == stamp else {
      throw FileError(path: path, reason: "was written to after it was loaded: load it again")
    }
  }

  /// Calls `body` with the bytes, keeping the mapping alive meanwhile.
  public func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) { try body(bytes) }
  }

  /// Gives back the memory of the pages of a range of bytes; they are read from the file again
  /// where they are touched again.
  public func release(_ range: Range<Int>) { advise(range, MADV_DONTNEED) }

  /// Brings the pages of a range of bytes in at once, which costs less than page by page.
  public func prefetch(_ range: Range<Int>) {
    let populateForReading: CInt = 22  // MADV_POPULATE_READ, since Linux 5.14; refused before.
    advise(range, populateForReading)
  }

  /// Calls `body`, which touches a few places of a range: what lies between them is not read ahead.
  public func withoutReadingAhead<Result>(
    _ range: Range<Int>, _ body: () throws -> Result
  ) rethrows -> Result {
    advise(range, MADV_RANDOM)
    defer { advise(range, MADV_NORMAL) }
    return try body()
  }

  private func advise(_ range: Range<Int>, _ advice: CInt) {
    guard let start = bytes.baseAddress, !range.isEmpty else { return }
    // A page that is touched brings its neighbours in, those before it too, up to 64 KB in all.
    let neighbourhood = 1 << 16
    let first = range.lowerBound / neighbourhood * neighbourhood
    madvise(UnsafeMutableRawPointer(mutating: start + first), range.upperBound - first, advice)
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}
