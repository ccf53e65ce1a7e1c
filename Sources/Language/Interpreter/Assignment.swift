extension Interpreter {
  /// Gives a value to a target.
  func assign(_ value: Value, to target: Expression, _ frame: Frame) throws {
    switch target.kind {
    case .name(let name): set(name, to: value, frame)
    case .attribute(let base, let name):
      let object = try evaluate(base, frame)
      try located(target, frame) { try setAttribute(name, of: object, to: value) }
    case .index(let base, let index):
      let object = try evaluate(base, frame)
      let position = try evaluate(index, frame)
      try located(target, frame) { try setItem(position, of: object, to: value) }
    case .tuple(let targets), .list(let targets):
      let parts = try located(target, frame) { try unpack(value, into: targets) }
      for (part, target) in zip(parts, targets) { try assign(part, to: target, frame) }
    case .starred(let inner): try assign(value, to: inner, frame)
    default:
      throw LanguageError("this cannot be assigned to").located(frame.place(target.span))
    }
  }

  /// One value for each target; a starred target takes a list of what is left.
  /// - Throws: `LanguageError` for a value that has no elements, or too many or too few.
  private func unpack(_ value: Value, into targets: [Expression]) throws -> [Value] {
    let star = targets.firstIndex { if case .starred = $0.kind { true } else { false } }
    let wanted = targets.count
    var elements: [Value] = []
    let iterator: ValueIterator
    do {
      iterator = try value.makeIterator()
    } catch let error as LanguageError where error.message.hasSuffix("cannot be walked by a loop") {
      throw LanguageError("cannot unpack \(value.typePhrase) into \(wanted) targets")
    }
    // One element more than wanted tells that there are too many, without walking all of them.
    while star != nil || elements.count <= wanted, let element = try iterator.next() {
      try Limits.check(count: elements.count, of: "a list")
      elements.append(element)
    }
    guard let star else {
      if elements.count == wanted { return elements }
      let found = elements.count > wanted ? "more" : "\(elements.count)"
      throw LanguageError("cannot unpack: \(wanted) targets, but \(found) values")
    }
    let surplus = elements.count - (wanted - 1)
    if surplus < 0 {
      throw LanguageError(
        "cannot unpack: at least \(wanted - 1) values are needed, there are \(elements.count)")
    }
    let middle = Value.list(Array(elements[star..<star + surplus]))
    return elements[..<star] + [middle] + elements[(star + surplus)...]
  }

  /// `target op= value`; the target's parts are evaluated once.
  func augment(
    _ target: Expression, _ operation: BinaryOperator, _ value: Expression, _ span: Span,
    _ frame: Frame
  ) throws {
    switch target.kind {
    case .name(let name):
      let old = try evaluate(target, frame)
      let result = try combine(old, operation, value, span, frame)
      set(name, to: result, frame)
    case .attribute(let base, let name):
      let object = try evaluate(base, frame)
      let old = try located(target, frame) { try attribute(name, of: object) }
      let result = try combine(old, operation, value, span, frame)
      try located(span, frame) { try setAttribute(name, of: object, to: result) }
    case .index(let base, let index):
      let object = try evaluate(base, frame)
      let position = try evaluate(index, frame)
      let old = try located(target, frame) { try item(position, of: object) }
      let result = try combine(old, operation, value, span, frame)
      try located(span, frame) { try setItem(position, of: object, to: result) }
    default:
      throw LanguageError("this cannot be assigned to").located(frame.place(target.span))
    }
  }

  private func combine(
    _ old: Value, _ operation: BinaryOperator, _ expression: Expression, _ span: Span,
    _ frame: Frame
  ) throws -> Value {
    let value = try evaluate(expression, frame)
    return try located(span, frame) {
      // Lists and dicts change in place, for everyone who names them.
      switch (old, operation) {
      case (.list(let list), .add):
        try list.append(contentsOf: try value.elements())
        return old
      case (.list(let list), .multiply):
        guard let times = value.asInt else { break }
        list.elements = try Sequences.repeated(list.elements, times: times, of: "a list")
        return old
      case (.dict(let dict), .bitOr):
        try dict.merge(value)
        return old
      default: break
      }
      return try Arithmetic.apply(operation, old, value)
    }
  }

  func delete(_ target: Expression, _ frame: Frame) throws {
    switch target.kind {
    case .name(let name): try located(target, frame) { try delete(name, frame) }
    case .index(let base, let index):
      let object = try evaluate(base, frame)
      let position = try evaluate(index, frame)
      try located(target, frame) { try deleteItem(position, of: object) }
    default:
      throw LanguageError("only variables and items can be deleted")
        .located(frame.place(target.span))
    }
  }
}
