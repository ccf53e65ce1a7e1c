/// How two numbers stand to each other; `unordered` where one is NaN.
enum NumberOrder {
  case less, same, greater, unordered

  /// Compares without rounding the integer, as Python does.
  static func compare(_ left: Int, _ right: Double) -> NumberOrder {
    if right.isNaN { return .unordered }
    if right >= 0x1p63 { return .less }
    if right < -0x1p63 { return .greater }
    let whole = right.rounded(.down)
    let integer = Int(whole)
    if left != integer { return left < integer ? .less : .greater }
    return right > whole ? .less : .same
  }

  static func compare<Number: Comparable>(_ left: Number, _ right: Number) -> NumberOrder {
    if left < right { return .less }
    if left > right { return .greater }
    return left == right ? .same : .unordered
  }

  var reversed: NumberOrder {
    switch self {
    case .less: .greater
    case .greater: .less
    case .same, .unordered: self
    }
  }

  /// Whether an ordering operator holds.
  func satisfies(_ operation: BinaryOperator) -> Bool {
    switch operation {
    case .less: self == .less
    case .lessEqual: self == .less || self == .same
    case .greater: self == .greater
    case .greaterEqual: self == .greater || self == .same
    default: false
    }
  }
}

/// Python's `<`, `<=`, `>` and `>=`.
enum Ordering {
  /// The result of an ordering operator.
  /// - Throws: `LanguageError` where the two cannot be ordered.
  static func compare(_ left: Value, _ operation: BinaryOperator, _ right: Value) throws -> Value {
    if case .object(let object) = left,
      let result = try object.binary(operation, right, reflected: false)
    {
      return result
    }
    if case .object(let object) = right,
      let result = try object.binary(operation, left, reflected: true)
    {
      return result
    }
    return .bool(try holds(left, operation, right, depth: 0))
  }

  /// `left < right`, for sorting.
  static func isLess(_ left: Value, _ right: Value) throws -> Bool {
    try compare(left, .less, right).truth()
  }

  private static func holds(
    _ left: Value, _ operation: BinaryOperator, _ right: Value, depth: Int
  ) throws -> Bool {
    if depth > Limits.nesting {
      throw LanguageError("the values are nested too deeply to be compared")
    }
    switch (left, right) {
    case (.string(let a), .string(let b)):
      // The order of UTF-8 bytes is the order of scalars.
      let order: NumberOrder =
        sameText(a, b)
        ? .same : a.utf8.lexicographicallyPrecedes(b.utf8) ? .less : .greater
      return order.satisfies(operation)
    case (.list(let a), .list(let b)):
      return try holds(a.elements, operation, b.elements, depth: depth + 1)
    case (.tuple(let a), .tuple(let b)):
      return try holds(a.elements, operation, b.elements, depth: depth + 1)
    case (.object, _), (_, .object):
      if depth > 0 { return try compare(left, operation, right).truth() }
    default:
      if let order = numberOrder(left, right) { return order.satisfies(operation) }
    }
    throw LanguageError(
      "'\(operation.rawValue)' cannot compare \(left.typePhrase) with \(right.typePhrase)")
  }

  private static func numberOrder(_ left: Value, _ right: Value) -> NumberOrder? {
    switch (left.asInt, right.asInt, left, right) {
    case (let a?, let b?, _, _): NumberOrder.compare(a, b)
    case (let a?, nil, _, .float(let b)): NumberOrder.compare(a, b)
    case (nil, let b?, .float(let a), _): NumberOrder.compare(b, a).reversed
    case (nil, nil, .float(let a), .float(let b)): NumberOrder.compare(a, b)
    default: nil
    }
  }

  private static func holds(
    _ left: [Value], _ operation: BinaryOperator, _ right: [Value], depth: Int
  ) throws -> Bool {
    for (a, b) in zip(left, right) where try !Equality.holdsOrSame(a, b) {
      return try holds(a, operation, b, depth: depth)
    }
    return NumberOrder.compare(left.count, right.count).satisfies(operation)
  }
}
