import Files
import Foundation
import Kernels

/// The process's standard output and error, written to at once and without buffers of their own.
///
/// A reader that closes its end stops the work; that is no fault. Any other failure is kept.
final class Console {
  /// Whether nobody reads the output any more.
  private(set) var isClosed = false
  /// Why output was lost, a full disk among the reasons.
  private(set) var failure: FileError?

  /// Whether standard error is a terminal that understands more than text.
  let hasTerminal =
    isatty(STDERR_FILENO) == 1 && getenv("TERM").map { strcmp($0, "dumb") != 0 } == true
  /// Whether errors are coloured.
  private(set) lazy var hasColor: Bool = {
    let refused = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    return hasTerminal && !refused
  }()

  /// Whether work goes on when the reader of the output has left.
  let outlivesReader: Bool

  /// A console.
  init(outlivesReader: Bool = false) {
    self.outlivesReader = outlivesReader
  }

  /// Whether what standard output received ends its line; typed lines end one too.
  var isAtLineStart = true

  /// Writes to standard output.
  func write(_ text: String) {
    if let last = text.utf8.last { isAtLineStart = last == UInt8(ascii: "\n") }
    guard !isClosed, failure == nil, let code = put(text, STDOUT_FILENO) else { return }
    if code == EPIPE {
      isClosed = true
      if outlivesReader { return }
    } else {
      failure = FileError(
        path: "standard output",
        reason: "cannot write: " + String(cString: strerror(code)).lowercased())
    }
    // The cell has nobody to work for.
    Interrupt.request()
  }

  /// Writes to standard error, where a failure has nobody to be told to.
  func writeError(_ text: String) {
    _ = put(text, STDERR_FILENO)
  }

  /// Writes an error as a cell or command ends with it, `error:` in red where colours are wanted.
  func report(_ rendered: String) {
    let prefix = "error:"
    if hasColor, rendered.hasPrefix(prefix) {
      writeError("\u{1B}[1;31m\(prefix)\u{1B}[0m\(rendered.dropFirst(prefix.count))\n")
    } else {
      writeError(rendered + "\n")
    }
  }

  /// Says that the user stopped the work, below the `^C` that a terminal shows.
  func reportInterrupt(_ text: String = "interrupted") {
    writeError((hasTerminal ? "\n" : "") + text + "\n")
  }

  /// The columns of the terminal on standard error, 80 where there is none.
  var width: Int {
    let columns = Int(Self.size(STDERR_FILENO).ws_col)
    return columns > 0 ? columns : 80
  }

  /// The columns of the terminal on standard output, nil where there is none.
  var outputWidth: Int? {
    let columns = Int(outputSize.ws_col)
    return columns > 0 ? columns : nil
  }

  /// The size of the terminal on standard output, zeros where there is none.
  var outputSize: winsize { Self.size(STDOUT_FILENO) }

  private static func size(_ descriptor: Int32) -> winsize {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : winsize()
  }

  /// The error number of a write that failed, nil where all was written.
  private func put(_ text: String, _ descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if written >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        } else if errno == EAGAIN {
          var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&state, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }
}
