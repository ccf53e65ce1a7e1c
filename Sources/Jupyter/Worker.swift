import Dispatch
import JSONFormat
import Synchronization
import Workbench

/// Runs the requests of the shell, one after another, on one thread.
final class Worker: @unchecked Sendable {
  let session: Session
  let outbox: Outbox
  let queue: RequestQueue
  let running: RunningCell
  let answers: Answers
  private let finished = DispatchSemaphore(value: 0)
  /// The request of the cell that runs.
  let cell = Mutex<Message?>(nil)
  /// Displays that were given a name to be updated by.
  var displays = 0

  init(
    session: Session, outbox: Outbox, queue: RequestQueue, running: RunningCell, answers: Answers
  ) {
    self.session = session
    self.outbox = outbox
    self.queue = queue
    self.running = running
    self.answers = answers
  }

  /// Runs requests until the queue is closed.
  func run() {
    while let message = queue.next() { handle(message) }
    finished.signal()
  }

  /// Waits for the end of `run`.
  func wait(seconds: Double) { _ = finished.wait(timeout: .now() + seconds) }

  private func handle(_ message: Message) {
    switch message.type {
    case "execute_request": execute(message)
    case "complete_request": answer(message, "complete_reply", completion)
    case "inspect_request": answer(message, "inspect_reply", inspection)
    case "is_complete_request": answer(message, "is_complete_reply", completeness)
    case "history_request": answer(message, "history_reply", history)
    case "kernel_info_request": answer(message, "kernel_info_reply") { _ in Self.kernelInfo }
    case "comm_info_request":
      answer(message, "comm_info_reply") { _ in ["status": "ok", "comms": [:]] }
    case "comm_open": refuseComm(message)
    case "comm_msg", "comm_close": bracket(message) {}
    default: refuse(message)
    }
  }

  private func answer(_ message: Message, _ type: String, _ body: (Message) -> JSON) {
    outbox.answer(message, on: .shell) { (type, body(message)) }
  }

  /// Does something between the states busy and idle.
  private func bracket(_ message: Message, _ body: () -> Void) {
    publish("status", Self.state("busy"), message)
    body()
    outbox.send(
      Reply(
        channel: .iopub, type: "status", content: Self.state("idle"), parent: message,
        endsRequest: true))
  }

  /// A type that the kernel does not know is answered as an error, so that nobody waits for it.
  private func refuse(_ message: Message) {
    guard let reply = message.refusal else { return bracket(message) {} }
    answer(message, reply.type) { _ in reply.content }
  }

  /// There are no widgets here: a comm that a front end opens is closed at once.
  private func refuseComm(_ message: Message) {
    bracket(message) {
      publish(
        "comm_close", ["comm_id": message.content["comm_id"] ?? .null, "data": [:]], message)
    }
  }

  /// Sends a message to everybody.
  func publish(_ type: String, _ content: JSON, _ parent: Message) {
    outbox.send(Reply(channel: .iopub, type: type, content: content, parent: parent))
  }

  static func state(_ name: String) -> JSON { ["execution_state": .string(name)] }

  /// What `kernel_info_request` is answered.
  static let kernelInfo: JSON = [
    "status": "ok",
    "protocol_version": .string(MessageCodec.version),
    "implementation": "pare",
    "implementation_version": .string(Session.version),
    "language_info": [
      "name": "pare",
      "version": .string(Session.version),
      "mimetype": "text/x-python",
      "file_extension": ".pare",
      "pygments_lexer": "python",
      "codemirror_mode": ["name": "python", "version": 3],
    ],
    "banner": .string("Pare \(Session.version), a workbench for making language models smaller"),
    "debugger": false,
    "help_links": [],
  ]
}
