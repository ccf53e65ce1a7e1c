extension Interpreter {
  func evaluateComprehension(_ comprehension: Comprehension, _ frame: Frame) throws -> Value {
    let walk = try ComprehensionWalk(comprehension, self, frame)
    switch comprehension.result {
    case .list(let element):
      var values: [Value] = []
      while try walk.advance() {
        if values.count >= Limits.elements { throw Limits.tooLarge("a list", values.count) }
        values.append(try evaluate(element, walk.frame))
      }
      return .list(values)
    case .dict(let key, let value):
      let dict = DictObject()
      while try walk.advance() {
        let name = try evaluate(key, walk.frame)
        let element = try evaluate(value, walk.frame)
        try located(key, walk.frame) { try dict.set(name, to: element) }
      }
      return .dict(dict)
    case .generator(let element):
      return .object(
        IteratorObject("generator", self) {
          try walk.advance() ? try self.evaluate(element, walk.frame) : nil
        })
    }
  }
}

/// The nested loops of a comprehension, one step at a time, so that a generator can pause.
private final class ComprehensionWalk {
  let frame: Frame
  private let clauses: [Comprehension.Clause]
  private let interpreter: Interpreter
  /// The loops that are running, outermost first.
  private var loops: [ValueIterator]

  init(_ comprehension: Comprehension, _ interpreter: Interpreter, _ frame: Frame) throws {
    self.clauses = comprehension.clauses
    self.interpreter = interpreter
    self.frame = Frame(
      source: frame.source, function: frame.function,
      scope: Scope(names: comprehension.names, parent: frame.scope))
    // Python evaluates the first iterable outside, so that `[x for x in x]` works.
    let first = comprehension.clauses[0].iterable
    loops = [
      try interpreter.located(first, frame) {
        try interpreter.evaluate(first, frame).makeIterator()
      }
    ]
  }

  /// Moves to the next element that passes all conditions; false at the end.
  func advance() throws -> Bool {
    while let loop = loops.last {
      let clause = clauses[loops.count - 1]
      guard
        let element = try interpreter.located(clause.iterable, frame, { try loop.next() })
      else {
        loops.removeLast()
        continue
      }
      try interpreter.poll()
      try interpreter.assign(element, to: clause.target, frame)
      guard try clause.conditions.allSatisfy({ try interpreter.truth(of: $0, frame) }) else {
        continue
      }
      if loops.count == clauses.count { return true }
      let inner = clauses[loops.count].iterable
      loops.append(
        try interpreter.located(inner, frame) {
          try interpreter.evaluate(inner, frame).makeIterator()
        })
    }
    return false
  }
}
