import JSONFormat
import NotebookFormat

/// Gathers what one cell puts out as a notebook keeps it.
struct OutputCollector {
  private let style: FigureStyle
  private var closed: [Output] = []
  /// The stream that the next text may continue, kept apart so that a long one grows in place.
  private var stream: (name: String, text: String)?
  /// The position of the output that shows the progress.
  private var progress: Int?
  private var clearsWithNext = false

  /// - Parameter style: how figures are drawn.
  init(style: FigureStyle) {
    self.style = style
  }

  /// The outputs so far, the progress of a running operation among them.
  var outputs: [Output] {
    closed + (stream.map { [.stream(name: $0.name, text: $0.text)] } ?? [])
  }

  /// Takes one event.
  /// - Throws: `FigureError` where a figure cannot be drawn, `Interrupted` where it was stopped.
  mutating func receive(_ event: OutputEvent) throws {
    switch event {
    case .printed(let text), .paged(let text): extendStream("stdout", text)
    case .notice(let line): extendStream("stderr", line + "\n")
    case .displayed(let display): append(.displayData(try RichOutput(display, style)))
    case .progress(let state?): show(state)
    case .progress(nil): endProgress()
    case .cleared(waits: true): clearsWithNext = true
    case .cleared(waits: false): clear()
    }
  }

  /// Takes the value that the cell ends with.
  /// - Throws: `FigureError` where a figure cannot be drawn, `Interrupted` where it was stopped.
  mutating func receive(result display: Display, executionCount: Int) throws {
    let rich = try RichOutput(display, style)
    append(.executeResult(rich, executionCount: executionCount))
  }

  /// Takes the error that ends the cell.
  mutating func receive(error name: String, _ error: Session.CellError) {
    let lines = error.rendered.split(separator: "\n", omittingEmptySubsequences: false)
    append(.error(name: name, value: error.message, traceback: lines.map(String.init)))
  }

  private mutating func clear() {
    closed = []
    stream = nil
    progress = nil
    clearsWithNext = false
  }

  private mutating func append(_ output: Output) {
    if clearsWithNext { clear() }
    closeStream()
    closed.append(output)
  }

  private mutating func extendStream(_ name: String, _ text: String) {
    if clearsWithNext { clear() }
    if stream?.name != name { closeStream() }
    if stream == nil { stream = (name, "") }
    stream?.text += text
  }

  private mutating func closeStream() {
    if let stream { closed.append(.stream(name: stream.name, text: stream.text)) }
    stream = nil
  }

  /// The progress is one output, replaced as it goes on.
  private mutating func show(_ state: ProgressState) {
    let output = Output.displayData(
      RichOutput(data: JSONObject([("text/plain", .string(state.line))])))
    if let progress {
      closed[progress] = output
    } else {
      append(output)
      progress = closed.count - 1
    }
  }

  /// Removes the progress; text printed before it and after it is one stream again.
  private mutating func endProgress() {
    guard let position = progress else { return }
    progress = nil
    closed.remove(at: position)
    guard position > 0, case .stream(let name, let before) = closed[position - 1] else { return }
    if position < closed.count {
      guard case .stream(name, let after) = closed[position] else { return }
      closed[position - 1] = .stream(name: name, text: before + after)
      closed.remove(at: position)
    } else if stream == nil || stream?.name == name {
      closed.removeLast()
      stream = (name, before + (stream?.text ?? ""))
    }
  }
}
