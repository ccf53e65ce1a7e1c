import Foundation

/// A file that grows by whole lines, each handed to the system at once: what is written is there
/// after a crash of the process, and after `synchronize` when the power fails.
public final class AppendingFile {
  private let path: String
  private let descriptor: Int32

  /// Opens a file for appending; one that is missing is made.
  /// - Throws: `FileError`.
  public init(path: String) throws {
    self.path = path
    descriptor = open(expandingHome(path), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path: path, doing: "write") }
  }

  deinit { close(descriptor) }

  /// Appends text, all of it or nothing.
  /// - Throws: `FileError`, a full disk among its reasons.
  public func append(_ text: String) throws {
    let end = lseek(descriptor, 0, SEEK_END)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        let failure = FileError(path: path, doing: "write")
        if end >= 0 { ftruncate(descriptor, end) }
        throw failure
      }
    }
  }

  /// Waits until everything appended is on the disk.
  /// - Throws: `FileError`.
  public func synchronize() throws {
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw FileError(path: path, doing: "write")
    }
  }
}
