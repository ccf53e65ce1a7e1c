extension Interpreter {
  /// The value of an expression; an error gets the place of the innermost expression at fault.
  func evaluate(_ expression: Expression, _ frame: Frame) throws -> Value {
    switch expression.kind {
    case .constant(let value): return value
    default: break
    }
    if stack.isExhausted { throw tooDeep().located(frame.place(expression.span)) }
    do {
      return try evaluateInner(expression, frame)
    } catch {
      throw try LanguageError.wrapping(error).located(frame.place(expression.span))
    }
  }

  func tooDeep() -> LanguageError {
    LanguageError("calls and expressions are nested too deeply")
  }

  private func evaluateInner(_ expression: Expression, _ frame: Frame) throws -> Value {
    switch expression.kind {
    case .constant(let value): return value
    case .name(let name): return try lookUp(name, frame)
    case .formatted(let pieces): return .string(try format(pieces, frame))
    case .list(let elements): return .list(try evaluateElements(elements, frame))
    case .tuple(let elements): return .tuple(try evaluateElements(elements, frame))
    case .dict(let entries): return try evaluateDict(entries, frame)
    case .comprehension(let comprehension): return try evaluateComprehension(comprehension, frame)
    case .unary(let operation, let operand):
      return try Arithmetic.apply(operation, try evaluate(operand, frame))
    case .not(let operand): return .bool(!(try truth(of: operand, frame)))
    case .binary(let operation, let left, let right):
      let first = try evaluate(left, frame)
      return try Arithmetic.apply(operation, first, try evaluate(right, frame))
    case .comparison(let first, let links): return try evaluateComparison(first, links, frame)
    case .all(let operands): return try evaluateLogical(operands, stopsAt: false, frame)
    case .any(let operands): return try evaluateLogical(operands, stopsAt: true, frame)
    case .conditional(let condition, let yes, let no):
      return try evaluate(try truth(of: condition, frame) ? yes : no, frame)
    case .lambda(let definition): return try makeFunction(definition, frame)
    case .call(let callee, let arguments): return try evaluateCall(callee, arguments, frame)
    case .attribute(let base, let name): return try attribute(name, of: try evaluate(base, frame))
    case .index(let base, let index):
      let object = try evaluate(base, frame)
      return try item(try evaluate(index, frame), of: object)
    case .slice(let start, let stop, let step):
      let part = { (part: Expression?) in try part.map { try self.evaluate($0, frame) } ?? .none }
      return .slice(SliceValue(start: try part(start), stop: try part(stop), step: try part(step)))
    case .starred: throw LanguageError("'*' cannot stand here")
    }
  }

  /// The elements of a list, tuple or call, `*` ones unpacked.
  func evaluateElements(_ elements: [Expression], _ frame: Frame) throws -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements {
      if case .starred(let inner) = element.kind {
        let more = try located(element, frame) { try evaluate(inner, frame).elements() }
        try Limits.check(count: values.count + more.count, of: "a list")
        values += more
      } else {
        values.append(try evaluate(element, frame))
      }
    }
    return values
  }

  private func evaluateDict(_ entries: [DictEntry], _ frame: Frame) throws -> Value {
    let dict = DictObject()
    for entry in entries {
      switch entry {
      case .pair(let key, let value):
        let name = try evaluate(key, frame)
        let element = try evaluate(value, frame)
        try located(key, frame) { try dict.set(name, to: element) }
      case .unpacked(let mapping):
        let value = try evaluate(mapping, frame)
        try located(mapping, frame) {
          guard case .dict = value else {
            throw LanguageError("'**' needs a dict, not \(value.typePhrase)")
          }
          try dict.merge(value)
        }
      }
    }
    return .dict(dict)
  }

  private func evaluateLogical(
    _ operands: [Expression], stopsAt: Bool, _ frame: Frame
  ) throws -> Value {
    var value = Value.none
    for (index, operand) in operands.enumerated() {
      value = try evaluate(operand, frame)
      if index + 1 == operands.count { break }
      if try located(operand, frame, { try value.truth() }) == stopsAt { break }
    }
    return value
  }

  private func evaluateComparison(
    _ first: Expression, _ links: [(ComparisonOperator, Expression)], _ frame: Frame
  ) throws -> Value {
    var left = try evaluate(first, frame)
    var result = Value.bool(true)
    for (index, (operation, expression)) in links.enumerated() {
      let right = try evaluate(expression, frame)
      switch operation {
      case .value(let operation): result = try Arithmetic.compare(left, operation, right)
      case .contains(let negated): result = .bool(try right.contains(left) != negated)
      case .identity(let negated): result = .bool(left.isIdentical(to: right) != negated)
      }
      if index + 1 < links.count, try !result.truth() { break }
      left = right
    }
    return result
  }
}
