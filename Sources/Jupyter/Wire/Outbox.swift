import Foundation
import JSONFormat
import Synchronization

/// Messages on their way out, from any thread to the one that owns the sockets.
///
/// Text of one stream that follows at once is one message: a cell that prints ten thousand lines sends a
/// few.
final class Outbox: Sendable {
  private struct State {
    var replies: [Reply] = []
    /// When the last message was put in, where that is text which more may follow.
    var heldSince: ContinuousClock.Instant?
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
      $0.replies.append(reply)
      $0.heldSince = nil
    }
    wakeup.signal()
  }

  /// Sends text of a stream.
  func send(stream name: String, _ text: String, parent: Message) {
    state.withLock { state in
      if let last = state.replies.last, last.type == "stream", last.parent?.id == parent.id,
        last.content["name"]?.string == name, let before = last.content["text"]?.string
      {
        // Out of its place first, so that the text grows where it is.
        state.replies.removeLast()
        state.replies.append(Self.stream(name, before + text, parent))
      } else {
        state.replies.append(Self.stream(name, text, parent))
      }
      state.heldSince = state.heldSince ?? ContinuousClock().now
    }
    wakeup.signal()
  }

  private static func stream(_ name: String, _ text: String, _ parent: Message) -> Reply {
    Reply(
      channel: .iopub, type: "stream", content: ["name": .string(name), "text": .string(text)],
      parent: parent)
  }

  /// Takes out what is to be sent now, and says how many milliseconds the rest may wait; −1 where there
  /// is no rest.
  func take(all: Bool = false) -> (replies: [Reply], wait: Int) {
    state.withLock { state in
      var taken = state.replies
      var rest: [Reply] = []
      var wait = -1
      if !all, let since = state.heldSince, let last = taken.last,
        last.content["text"]?.string?.utf8.count ?? 0 < Self.fullText
      {
        let left = Self.patience - (ContinuousClock().now - since)
        if left > .zero {
          rest = [taken.removeLast()]
          wait = Int(left / .milliseconds(1)) + 1
        }
      }
      state.replies = rest
      if rest.isEmpty { state.heldSince = nil }
      return (taken, wait)
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
