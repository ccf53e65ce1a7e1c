internal import CZeroMQ
import Foundation
import JSONFormat
import Kernels
import Workbench

/// The Jupyter kernel (jupyter-client.readthedocs.io, "Messaging in Jupyter", 5.3).
///
/// One thread owns the sockets and answers what must not wait: heartbeats, interrupts, shutdown.
/// Another one runs the requests of the shell, one after another.
public final class Kernel: @unchecked Sendable {
  private var sockets: [Channel: Socket]
  private var codec: MessageCodec
  private let outbox: Outbox
  private let running = RunningCell()
  private let queue: RequestQueue
  private let answers = Answers()
  private let worker: Worker
  private var isStopping = false
  /// Told what is wrong with messages that are dropped.
  public var log: (String) -> Void = { _ in }

  /// How long a cell may take to stop once the kernel is shut down.
  private static let grace = 2.0

  /// Binds the sockets.
  /// - Throws: where ZeroMQ refuses, an address that is taken among the reasons.
  public init(_ connection: Connection, session: Session) throws {
    let context = try SocketContext()
    func socket(_ kind: Socket.Kind, _ channel: Channel) throws -> (Channel, Socket) {
      (channel, try Socket(kind, context, bindingTo: connection.endpoint(channel)))
    }
    sockets = try Dictionary(
      uniqueKeysWithValues: [
        socket(.router, .shell), socket(.router, .control), socket(.router, .stdin),
        socket(.publish, .iopub), socket(.reply, .heartbeat),
      ])
    codec = MessageCodec(key: connection.key)
    outbox = try Outbox()
    queue = RequestQueue(running)
    worker = Worker(
      session: session, outbox: outbox, queue: queue, running: running, answers: answers)
  }

  /// Runs the requests until the kernel is shut down. On a thread whose stack is deep enough for
  /// cells.
  public func work() { worker.run() }

  /// Says on the standard error of the cell that runs what is being waited for; on any thread.
  @Sendable public func announce(_ text: String) {
    guard let cell = worker.cell.withLock({ $0 }) else { return }
    outbox.send(stream: "stderr", text + "\n", parent: cell)
  }

  /// Serves the sockets until a front end shuts the kernel down or the process that started it is
  /// gone.
  public func serve() {
    let parent = getppid()
    let isChild = getenv("JPY_PARENT_PID") != nil
    outbox.send(
      Reply(channel: .iopub, type: "status", content: Worker.state("starting"), parent: nil))
    while !isStopping {
      let wait = sendReplies()
      for channel in readable(within: wait < 0 ? 1000 : wait) { receive(on: channel) }
      if isChild, getppid() != parent { stop() }
    }
    queue.close()
    running.interrupt()
    answers.close()
    worker.wait(seconds: Self.grace)
    sendReplies(all: true)
    // Closed here, so that what was sent has left when the process ends.
    sockets = [:]
  }

  /// Sends what is due; how many milliseconds the rest may wait, −1 where there is none.
  @discardableResult private func sendReplies(all: Bool = false) -> Int {
    let (replies, wait) = outbox.take(all: all)
    for reply in replies { sockets[reply.channel]?.send(codec.encode(reply)) }
    return wait
  }

  /// The channels on which something is to be received.
  private func readable(within milliseconds: Int) -> [Channel] {
    let channels: [Channel] = [.control, .heartbeat, .stdin, .shell]
    var items = channels.map { channel in
      zmq_pollitem_t(
        socket: sockets[channel]?.pointer, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
    }
    items.append(
      zmq_pollitem_t(
        socket: nil, fd: outbox.wakeup.descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
    guard zmq_poll(&items, Int32(items.count), milliseconds) > 0 else { return [] }
    if items[channels.count].revents != 0 { outbox.wakeup.drain() }
    return zip(channels, items).filter { $1.revents != 0 }.map(\.0)
  }

  /// Takes everything that a socket has, but no more than lets the others have their turn.
  private func receive(on channel: Channel) {
    for _ in 0..<100 {
      guard let frames = sockets[channel]?.receive() else { return }
      if channel == .heartbeat {
        sockets[channel]?.send(frames)
        continue
      }
      do {
        take(try codec.decode(frames), from: channel)
      } catch {
        log("dropped \(error)")
      }
    }
  }

  private func take(_ message: Message, from channel: Channel) {
    switch (channel, message.type) {
    case (.stdin, "input_reply"): answers.put(message.content["value"]?.string ?? "")
    case (.stdin, _): log("dropped a message of type \(message.type) on stdin")
    case (_, "shutdown_request"): shutDown(message, on: channel)
    case (.control, "interrupt_request"):
      // Cells that were sent before it may still wait in their socket.
      receive(on: .shell)
      worker.abort(queue.interrupt())
      answer(message, on: channel, "interrupt_reply", ["status": "ok"])
    case (.control, "kernel_info_request"):
      answer(message, on: channel, "kernel_info_reply", Worker.kernelInfo)
    case (.control, _):
      guard let reply = message.refusal else {
        return log("dropped a message of type \(message.type) on control")
      }
      answer(message, on: channel, reply.type, reply.content)
    default: queue.post(message)
    }
  }

  private func shutDown(_ message: Message, on channel: Channel) {
    let restarts = message.flag("restart", default: false)
    let content: JSON = ["status": "ok", "restart": .bool(restarts)]
    answer(message, on: channel, "shutdown_reply", content)
    outbox.send(Reply(channel: .iopub, type: "shutdown_reply", content: content, parent: message))
    stop()
  }

  private func answer(_ message: Message, on channel: Channel, _ type: String, _ content: JSON) {
    outbox.answer(message, on: channel) { (type, content) }
  }

  private func stop() { isStopping = true }
}

extension Outbox {
  /// Answers a request between the states busy and idle.
  func answer(
    _ message: Message, on channel: Channel, _ body: () -> (type: String, content: JSON)
  ) {
    send(Reply(channel: .iopub, type: "status", content: Worker.state("busy"), parent: message))
    let (type, content) = body()
    send(Reply(channel: channel, type: type, content: content, parent: message))
    send(
      Reply(
        channel: .iopub, type: "status", content: Worker.state("idle"), parent: message,
        endsRequest: true))
  }
}
