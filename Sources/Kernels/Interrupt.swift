internal import CKernels

/// Thrown where running work notices that the user asked for a stop.
public struct Interrupted: Error, CustomStringConvertible {
  /// Made where the request is noticed.
  public init() {}
  /// `"interrupted"`.
  public var description: String { "interrupted" }
}

/// The process's one request to stop, raised by Ctrl-C and polled by kernels and loops.
public enum Interrupt {
  /// Asks running work to stop. Safe in a signal handler.
  public static func request() { pare_interrupt_set(1) }

  /// Forgets a request, before new work starts.
  public static func clear() { pare_interrupt_set(0) }

  /// Whether a stop was asked for.
  public static var isRequested: Bool { pare_interrupt_get() != 0 }

  /// Throws where a stop was asked for.
  /// - Throws: `Interrupted`.
  public static func check() throws {
    if isRequested { throw Interrupted() }
  }
}
