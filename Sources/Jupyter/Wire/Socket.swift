internal import CZeroMQ
import Foundation

/// A failure of ZeroMQ.
struct SocketError: Error, CustomStringConvertible {
  let description: String

  /// What the last call failed of.
  init(_ action: String) {
    description = "cannot \(action): " + String(cString: zmq_strerror(zmq_errno())).lowercased()
  }
}

/// What sockets belong to.
final class SocketContext {
  let pointer: UnsafeMutableRawPointer

  init() throws {
    guard let pointer = zmq_ctx_new() else { throw SocketError("start ZeroMQ") }
    self.pointer = pointer
  }

  /// Waits until what was sent has left, a second at most. All sockets are closed by then.
  deinit { zmq_ctx_term(pointer) }
}

/// A bound ZeroMQ socket of messages in several frames. It belongs to one thread.
final class Socket {
  /// The pattern that it follows.
  enum Kind {
    case router, publish, reply
  }

  let pointer: UnsafeMutableRawPointer
  /// What must outlive the socket.
  private let context: SocketContext

  /// Larger messages end their sender's connection.
  private static let largestFrame: Int64 = 1 << 28
  /// Messages that wait for a slow listener before the next one is lost.
  private static let patience: Int32 = 10_000
  /// A message has no more frames than this; what is longer is dropped.
  private static let mostFrames = 64

  /// - Throws: `SocketError`, an address that is taken among its reasons.
  init(_ kind: Kind, _ context: SocketContext, bindingTo endpoint: String) throws {
    let type =
      switch kind {
      case .router: ZMQ_ROUTER
      case .publish: ZMQ_PUB
      case .reply: ZMQ_REP
      }
    guard let pointer = zmq_socket(context.pointer, type) else {
      throw SocketError("make a socket")
    }
    self.pointer = pointer
    self.context = context
    set(ZMQ_LINGER, Int32(1000))
    set(ZMQ_MAXMSGSIZE, Self.largestFrame)
    set(ZMQ_SNDHWM, Self.patience)
    // A front end that comes back under its old name takes the place of the one that went away.
    if kind == .router { set(ZMQ_ROUTER_HANDOVER, Int32(1)) }
    guard zmq_bind(pointer, endpoint) == 0 else { throw SocketError("listen at \(endpoint)") }
  }

  deinit { zmq_close(pointer) }

  private func set<Value>(_ option: Int32, _ value: Value) {
    _ = withUnsafePointer(to: value) {
      zmq_setsockopt(pointer, option, $0, MemoryLayout<Value>.size)
    }
  }

  /// The frames of the next message, nil where none is there; of one that is too long the first
  /// ones.
  func receive() -> [[UInt8]]? {
    var frames: [[UInt8]] = []
    while true {
      var message = zmq_msg_t()
      zmq_msg_init(&message)
      defer { zmq_msg_close(&message) }
      // All frames of a message come together: only the first may be missing.
      guard zmq_msg_recv(&message, pointer, ZMQ_DONTWAIT) >= 0 else {
        if zmq_errno() == EINTR { continue }
        return nil
      }
      if frames.count < Self.mostFrames {
        frames.append(
          Array(
            UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message))))
      }
      if zmq_msg_more(&message) == 0 { return frames }
    }
  }

  /// Sends a message; one that nobody is there for is lost.
  func send(_ frames: [[UInt8]]) {
    for (index, frame) in frames.enumerated() {
      let flags = index < frames.count - 1 ? ZMQ_SNDMORE | ZMQ_DONTWAIT : ZMQ_DONTWAIT
      while zmq_send(pointer, frame, frame.count, flags) < 0 {
        guard zmq_errno() == EINTR else { return }
      }
    }
  }
}
