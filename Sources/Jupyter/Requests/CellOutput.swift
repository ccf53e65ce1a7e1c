import JSONFormat
import NotebookFormat
import Workbench

/// Sends what one cell puts out.
final class CellOutput {
  private let message: Message
  private let request: ExecuteRequest
  private let worker: Worker
  /// The display that shows the progress, and what it showed last.
  private var progress: (display: String, state: ProgressState)?
  /// Why an output was lost.
  private(set) var failure: (any Error)?
  /// What the reply asks the front end to show beside the cell: help.
  private(set) var payload: [JSON] = []

  /// Operations that are over sooner show no progress.
  private static let worthShowing = 0.5

  init(_ message: Message, _ request: ExecuteRequest, _ worker: Worker) {
    self.message = message
    self.request = request
    self.worker = worker
  }

  /// Sends one event.
  func receive(_ event: OutputEvent) {
    switch event {
    case .printed(let text): send("stdout", text)
    case .paged(let text):
      payload.append(["source": "page", "start": 0, "data": ["text/plain": .string(text)]])
    case .notice(let line): send("stderr", line + "\n")
    case .displayed(let display): show(display)
    case .progress(let state?): show(state)
    case .progress(nil): end()
    case .cleared(let waits):
      // The display of the progress goes with the rest.
      progress = nil
      publish("clear_output", ["wait": .bool(waits)])
    }
  }

  private func send(_ stream: String, _ text: String) {
    guard !request.isSilent, !text.isEmpty else { return }
    worker.outbox.send(stream: stream, text, parent: message)
  }

  /// Sends a message of the cell, unless it is a silent one.
  func publish(_ type: String, _ content: JSON) {
    if !request.isSilent { worker.publish(type, content, message) }
  }

  private func show(_ display: Display) {
    do {
      let rich = try RichOutput(display, worker.session.figureStyle)
      publish(
        "display_data",
        ["data": .object(rich.data), "metadata": .object(rich.metadata), "transient": [:]])
    } catch {
      failure = failure ?? error
    }
  }

  /// Sends the value that the cell ends with.
  func show(result display: Display, count: Int) {
    do {
      let rich = try RichOutput(display, worker.session.figureStyle)
      publish(
        "execute_result",
        [
          "data": .object(rich.data), "metadata": .object(rich.metadata),
          "execution_count": .int(count),
        ])
    } catch {
      failure = failure ?? error
    }
  }

  // MARK: Progress

  private func show(_ state: ProgressState) {
    if let display = progress?.display {
      progress = (display, state)
      publish("update_display_data", Self.content(state.line, display))
    } else if state.seconds >= Self.worthShowing {
      worker.displays += 1
      let display = "progress-\(worker.displays)"
      progress = (display, state)
      publish("display_data", Self.content(state.line, display))
    }
  }

  /// Leaves one line of the operation that has ended.
  func end() {
    guard let (display, state) = progress else { return }
    progress = nil
    publish("update_display_data", Self.content(state.lastLine, display))
  }

  private static func content(_ line: String, _ display: String) -> JSON {
    [
      "data": ["text/plain": .string(line)], "metadata": [:],
      "transient": ["display_id": .string(display)],
    ]
  }
}
