import JSONFormat
import Kernels
import Language
import Workbench

/// execute_request: runs a cell.
extension Worker {
  func execute(_ message: Message) {
    publish("status", Self.state("busy"), message)
    let request = ExecuteRequest(message)
    if !request.isSilent {
      publish(
        "execute_input",
        ["code": .string(request.code), "execution_count": .int(session.cellCount + 1)], message)
    }
    let output = CellOutput(message, request, self)
    cell.withLock { $0 = message }
    let ending = running.run { run(request, output, message) }
    cell.withLock { $0 = nil }
    // What waits by now was asked for before anybody could know of the error.
    let aborted = ending.hasFailed && request.stopsOnError ? queue.takeCells() : []
    outbox.send(
      Reply(channel: .shell, type: "execute_reply", content: ending.content, parent: message))
    outbox.send(
      Reply(
        channel: .iopub, type: "status", content: Self.state("idle"), parent: message,
        endsRequest: true))
    abort(aborted)
  }

  /// Answers cells that will not run.
  func abort(_ cells: [Message]) {
    for cell in cells {
      outbox.answer(cell, on: .shell) { ("execute_reply", ["status": "aborted"]) }
    }
  }

  private func run(
    _ request: ExecuteRequest, _ output: CellOutput, _ message: Message
  ) -> (content: JSON, hasFailed: Bool) {
    session.output = output.receive
    session.interpreter.input = { [unowned self] prompt in
      try ask(prompt, for: message, isAllowed: request.allowsInput)
    }
    defer {
      session.output = { _ in }
      session.interpreter.input = { _ in nil }
    }
    var ending = session.executeForDisplay(request.code, isKept: request.isKept)
    let count = session.cellCount
    output.end()
    if case .finished(let display?) = ending { output.show(result: display, count: count) }
    if case .finished = ending, let failure = output.failure {
      ending = CellEnding(failure)
    }
    switch ending {
    case .finished:
      let content: JSON = [
        "status": "ok", "execution_count": .int(count), "payload": .array(output.payload),
        "user_expressions": userExpressions(request),
      ]
      return (content, false)
    case .failed(let error): return (fail("Error", error, output, count), true)
    case .interrupted:
      let text = "interrupted" + (session.interruptedWork.map { "; \($0)" } ?? "")
      let error = Session.CellError(message: text, rendered: text)
      return (fail("Interrupted", error, output, count), true)
    }
  }

  private func fail(
    _ name: String, _ error: Session.CellError, _ output: CellOutput, _ count: Int
  ) -> JSON {
    let lines = error.rendered.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var content = JSONObject([
      ("ename", .string(name)), ("evalue", .string(error.message)),
      ("traceback", .array(lines.map { .string(String($0)) })),
    ])
    output.publish("error", .object(content))
    content["status"] = "error"
    content["execution_count"] = .int(count)
    content["payload"] = .array(output.payload)
    content["user_expressions"] = [:]
    return .object(content)
  }

  /// Asks the front end that runs the cell for a line.
  private func ask(_ prompt: String, for message: Message, isAllowed: Bool) throws -> String? {
    guard isAllowed else {
      throw LanguageError("input() needs a front end that can ask; this one cannot")
    }
    outbox.send(
      Reply(
        channel: .stdin, type: "input_request",
        content: ["prompt": .string(prompt), "password": false], parent: message))
    return try answers.wait()
  }

  private func userExpressions(_ request: ExecuteRequest) -> JSON {
    .object(
      JSONObject(
        request.userExpressions.map { name, source in
          switch session.executeForDisplay(source, name: name, isKept: false) {
          case .finished(let display):
            let data: JSON = ["text/plain": .string(display?.text ?? "None")]
            return (name, ["status": "ok", "data": data, "metadata": [:]])
          case .failed(let error):
            return (name, Self.expressionError("Error", error.message))
          case .interrupted: return (name, Self.expressionError("Interrupted", "interrupted"))
          }
        }))
  }

  private static func expressionError(_ name: String, _ message: String) -> JSON {
    [
      "status": "error", "ename": .string(name), "evalue": .string(message),
      "traceback": [.string(message)],
    ]
  }
}

/// The content of an execute_request.
struct ExecuteRequest {
  let code: String
  /// Whether nothing of it is sent to others.
  let isSilent: Bool
  /// Whether the cell counts and is remembered.
  let isKept: Bool
  let stopsOnError: Bool
  let allowsInput: Bool
  let userExpressions: [(name: String, source: String)]

  init(_ message: Message) {
    code = message.content["code"]?.string ?? ""
    isSilent = message.flag("silent", default: false)
    isKept = !isSilent && message.flag("store_history", default: true)
    stopsOnError = message.flag("stop_on_error", default: true)
    allowsInput = message.flag("allow_stdin", default: true)
    let expressions = message.content["user_expressions"]?.object?.members ?? []
    userExpressions = expressions.map { ($0.key, $0.value.string ?? "") }
  }
}
