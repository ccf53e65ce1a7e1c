import Foundation
import JSONFormat
import Synchronization

/// Messages on their way out, from any thread to the one that owns the sockets.
///
/// Text of one stream that follows at once is one message: a cell that prints ten thousand lines
/// sends a few.
final class Outbox: Sendable {
  /// Text of one stream that more may follow.
  private struct Stream {
    let name: String
    let parent: Message
    let since: ContinuousClock.Instant
    var text: String

    var reply: Reply {
      Reply(
        channel: .iopub, type: "stream",
        content: ["name": .string(name), "text": .string(text)], parent: parent)
    }
  }

  private struct State {
    var replies: [Reply] = []
    /// What comes after them.
    var open: Stream?

    mutating func close() {
      if let open { replies.append(open.reply) }
      open = nil
    }
  }

  private let state = Mutex(State())
  /// Wakes the thread of the sockets.
  let wakeup: Wakeup

  /// How long text waits for more, and from how many bytes on it does not.
  private static let patience = Duration.milliseconds(20)
  private static let fullText = 1 << 16

  init() throws { wakeup = try Wakeup() }

  /// Sends a message.
  func send(_ reply: Reply) {
    state.withLock {
      $0.close()
      $0.replies.append(reply)
    }
    wakeup.signal()
  }

  /// Sends text of a stream.
  func send(stream name: String, _ text: String, parent: Message) {
    state.withLock { state in
      let isSame = state.open.map { $0.name == name && $0.parent.id == parent.id } ?? false
      if isSame, (state.open?.text.utf8.count ?? 0) < Self.fullText {
        state.open?.text += text
      } else {
        state.close()
        state.open = Stream(name: name, parent: parent, since: ContinuousClock().now, text: text)
      }
    }
    wakeup.signal()
  }

  /// Takes out what is to be sent now, and says how many milliseconds the rest may wait; −1 where
  /// there is no rest.
  func take(all: Bool = false) -> (replies: [Reply], wait: Int) {
    state.withLock { state in
      var wait = -1
      if let open = state.open {
        let left = Self.patience - (ContinuousClock().now - open.since)
        if all || left <= .zero || open.text.utf8.count >= Self.fullText {
          state.close()
        } else {
          wait = Int(left / .milliseconds(1)) + 1
        }
      }
      defer { state.replies = [] }
      return (state.replies, wait)
    }
  }
}

extension Message {
  /// What tells it from others.
  var id: String { header["msg_id"]?.string ?? "" }
}

/// A pipe whose reading end a thread waits at together with its sockets.
final class Wakeup: Sendable {
  /// What becomes readable.
  let descriptor: Int32
  private let writing: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SocketError("make a pipe") }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (descriptor, writing) = (ends[0], ends[1])
  }

  func signal() {
    var byte: UInt8 = 1
    // A full pipe wakes too.
    _ = write(writing, &byte, 1)
  }

  /// Makes it quiet again.
  func drain() {
    var bytes = [UInt8](repeating: 0, count: 4096)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }

  deinit {
    close(descriptor)
    close(writing)
  }
}
