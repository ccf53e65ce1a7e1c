/// The operators on strings, lists, tuples and dicts.
enum Sequences {
  /// The result; nil where the operator is not there for the operands.
  static func apply(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws -> Value? {
    switch (operation, left, right) {
    case (.add, .string(let a), .string(let b)):
      try Limits.check(bytes: a.utf8.count + b.utf8.count)
      return .string(a + b)
    case (.add, .list(let a), .list(let b)):
      try Limits.check(count: a.elements.count + b.elements.count, of: "a list")
      return .list(a.elements + b.elements)
    case (.add, .tuple(let a), .tuple(let b)):
      try Limits.check(count: a.count + b.count, of: "a tuple")
      return .tuple(a.elements + b.elements)
    case (.multiply, _, _):
      if let times = right.asInt { return try multiply(left, times) }
      return try left.asInt.flatMap { try multiply(right, $0) }
    case (.modulo, .string(let text), _):
      return .string(try PercentFormat.apply(text, right))
    case (.bitOr, .dict(let a), .dict):
      let union = DictObject()
      try union.merge(.dict(a))
      try union.merge(right)
      return .dict(union)
    default: return nil
    }
  }

  private static func multiply(_ value: Value, _ times: Int) throws -> Value? {
    switch value {
    case .string(let text):
      let (bytes, overflow) = text.utf8.count.multipliedReportingOverflow(by: max(0, times))
      try Limits.check(bytes: overflow ? .max : bytes)
      return .string(bytes == 0 ? "" : String(repeating: text, count: max(0, times)))
    case .list(let list): return .list(try repeated(list.elements, times: times, of: "a list"))
    case .tuple(let tuple): return .tuple(try repeated(tuple.elements, times: times, of: "a tuple"))
    default: return nil
    }
  }

  /// The elements over and over, within the limit.
  static func repeated(_ elements: [Value], times: Int, of what: String) throws -> [Value] {
    let times = try Limits.repeated(elements.count, times: times, of: what)
    if elements.isEmpty { return [] }
    if elements.count == 1 { return Array(repeating: elements[0], count: times) }
    var result: [Value] = []
    result.reserveCapacity(elements.count * times)
    for _ in 0..<times { result += elements }
    return result
  }
}

extension ListObject {
  /// Adds elements at the end, within the limit.
  func append(contentsOf values: [Value]) throws {
    try Limits.check(count: elements.count + values.count, of: "a list")
    elements += values
  }
}

extension DictObject {
  /// Sets all entries of a dict, or of a list of pairs.
  func merge(_ value: Value) throws {
    if case .dict(let other) = value {
      for (key, element) in other.entries { try set(key, to: element) }
      return
    }
    let iterator = try value.makeIterator()
    while let pair = try iterator.next() {
      let parts = try pair.elements()
      guard parts.count == 2 else {
        throw LanguageError("a dict is made of pairs, but one element has \(parts.count) parts")
      }
      try set(parts[0], to: parts[1])
    }
  }
}
