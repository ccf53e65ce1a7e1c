import Foundation

/// A file held for one process at a time, until this object goes or the process ends in any way.
public final class FileLock {
  private let descriptor: Int32

  /// Takes hold of a file, which exists.
  /// - Parameter reason: the error's reason where another holds it.
  /// - Throws: `FileError`.
  public init(path: String, orReason reason: String) throws {
    descriptor = open(expandingHome(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, doing: "open") }
    // A file system without locks goes without. What throws from here on closes in `deinit`.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      throw FileError(path: path, reason: reason)
    }
  }

  deinit { close(descriptor) }
}
