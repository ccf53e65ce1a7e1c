extension Interpreter {
  /// How a statement ends.
  enum Flow {
    case next, breakLoop, continueLoop
    case returned(Value)
  }

  func execute(_ block: [Statement], _ frame: Frame) throws -> Flow {
    for statement in block {
      let flow = try execute(statement, frame)
      if case .next = flow { continue }
      return flow
    }
    return .next
  }

  func execute(_ statement: Statement, _ frame: Frame) throws -> Flow {
    try poll()
    switch statement.kind {
    case .expression(let expression): _ = try evaluate(expression, frame)
    case .assign(let targets, let value):
      let result = try evaluate(value, frame)
      for target in targets { try assign(result, to: target, frame) }
    case .augmented(let target, let operation, let value):
      try augment(target, operation, value, statement.span, frame)
    case .delete(let targets): for target in targets { try delete(target, frame) }
    case .branch(let branches, let otherwise):
      for (condition, body) in branches where try truth(of: condition, frame) {
        return try execute(body, frame)
      }
      return try execute(otherwise, frame)
    case .whileLoop(let condition, let body, let otherwise):
      return try runWhile(condition, body, otherwise, frame)
    case .forLoop(let target, let iterable, let body, let otherwise):
      return try runFor(target, iterable, body, otherwise, frame)
    case .define(let definition):
      set(definition.name, to: try makeFunction(definition, frame), frame)
    case .returnValue(let value):
      return .returned(try value.map { try evaluate($0, frame) } ?? .none)
    case .assert(let condition, let message): try assert(condition, message, frame)
    case .pass, .declaration: break
    case .breakLoop: return .breakLoop
    case .continueLoop: return .continueLoop
    case .magic, .shell, .help: _ = try executeHostLine(statement, frame)
    }
    return .next
  }

  private func runWhile(
    _ condition: Expression, _ body: [Statement], _ otherwise: [Statement], _ frame: Frame
  ) throws -> Flow {
    while try truth(of: condition, frame) {
      try poll()
      switch try execute(body, frame) {
      case .next, .continueLoop: continue
      case .breakLoop: return .next
      case .returned(let value): return .returned(value)
      }
    }
    return try execute(otherwise, frame)
  }

  private func runFor(
    _ target: Expression, _ iterable: Expression, _ body: [Statement], _ otherwise: [Statement],
    _ frame: Frame
  ) throws -> Flow {
    let iterator = try located(iterable, frame) { try evaluate(iterable, frame).makeIterator() }
    while let element = try located(iterable, frame, { try iterator.next() }) {
      try poll()
      try assign(element, to: target, frame)
      switch try execute(body, frame) {
      case .next, .continueLoop: continue
      case .breakLoop: return .next
      case .returned(let value): return .returned(value)
      }
    }
    return try execute(otherwise, frame)
  }

  private func assert(_ condition: Expression, _ message: Expression?, _ frame: Frame) throws {
    if try truth(of: condition, frame) { return }
    let detail = try message.map { ": " + (try evaluate($0, frame).text()) } ?? ""
    throw LanguageError("assertion failed\(detail)").located(frame.place(condition.span))
  }

  /// `%magic`, `!command` and `?name`, which the host runs.
  func executeHostLine(_ statement: Statement, _ frame: Frame) throws -> Value? {
    try poll()
    let host = self.host ?? NoHost.shared
    return try located(statement.span, frame) {
      switch statement.kind {
      case .magic(let name, let arguments): return try host.magic(name, arguments, self)
      case .shell(let command): try host.shell(command, self)
      case .help(let name): try host.help(name, self)
      default: break
      }
      return nil
    }
  }

  func truth(of condition: Expression, _ frame: Frame) throws -> Bool {
    let value = try evaluate(condition, frame)
    if case .bool(let result) = value { return result }
    return try located(condition, frame) { try value.truth() }
  }

  /// Runs a step whose errors belong to an expression.
  func located<Result>(
    _ expression: Expression, _ frame: Frame, _ body: () throws -> Result
  ) throws -> Result {
    try located(expression.span, frame, body)
  }

  func located<Result>(
    _ span: Span, _ frame: Frame, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch {
      throw try LanguageError.wrapping(error).located(frame.place(span))
    }
  }
}

/// The host where there is none: every line of its kind is refused.
private final class NoHost: InterpreterHost, Sendable {
  static let shared = NoHost()
}
