import Dispatch
import Synchronization

/// Requests of the shell that wait for their turn.
final class RequestQueue: Sendable {
  private struct State {
    var waiting: [Message] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let posted = DispatchSemaphore(value: 0)
  /// Told of a cell before anybody can miss it here.
  private let running: RunningCell

  init(_ running: RunningCell) { self.running = running }

  /// Puts a request at the end.
  func post(_ message: Message) {
    state.withLock { $0.waiting.append(message) }
    posted.signal()
  }

  /// Waits for the next request; nil once the queue is closed.
  func next() -> Message? {
    while true {
      posted.wait()
      let (message, isClosed) = state.withLock { state -> (Message?, Bool) in
        if state.isClosed { return (nil, true) }
        // One that was taken out left its signal behind.
        guard !state.waiting.isEmpty else { return (nil, false) }
        let message = state.waiting.removeFirst()
        if message.type == "execute_request" { running.take() }
        return (message, false)
      }
      if isClosed { return nil }
      if let message { return message }
    }
  }

  /// Asks the cell that is at work to stop, whose end sees to those behind it; gives the cells that
  /// wait where none is.
  func interrupt() -> [Message] {
    let isAtWork = state.withLock { _ in running.interrupt() }
    return isAtWork ? [] : takeCells()
  }

  /// Takes out the cells that wait.
  func takeCells() -> [Message] {
    state.withLock { state in
      let cells = state.waiting.filter { $0.type == "execute_request" }
      state.waiting.removeAll { $0.type == "execute_request" }
      return cells
    }
  }

  /// No request is run any more.
  func close() {
    state.withLock { $0.isClosed = true }
    posted.signal()
  }
}
