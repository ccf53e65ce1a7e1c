import Foundation

/// What went wrong with a file, by its path.
public struct FileError: Error, CustomStringConvertible, Equatable {
  /// The file's path as it was given.
  public let path: String
  /// The fault, as a clause.
  public let reason: String

  /// An error with a reason of our own.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// The error that the last system call left in `errno`.
  init(path: String, doing action: String, code: Int32 = errno) {
    self.init(
      path: path, reason: "cannot \(action): \(String(cString: strerror(code)).lowercased())")
  }

  /// `path: reason`.
  public var description: String { "\(path): \(reason)" }
}
