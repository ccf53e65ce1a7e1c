/// Python's `==` on whole structures, with bounds on depth and work.
struct Equality {
  private var steps = 0

  /// Whether two values are equal.
  static func holds(_ left: Value, _ right: Value) throws -> Bool {
    var equality = Equality()
    return try equality.holds(left, right, depth: 0)
  }

  /// As `in` and `index` compare: the same object is equal to itself, even NaN.
  static func holdsOrSame(_ left: Value, _ right: Value) throws -> Bool {
    try left.isIdentical(to: right) || holds(left, right)
  }

  private mutating func holds(_ left: Value, _ right: Value, depth: Int) throws -> Bool {
    steps += 1
    if depth > Limits.nesting || steps > 100_000_000 {
      throw LanguageError("the values are nested too deeply to be compared")
    }
    switch (left, right) {
    case (.object(let object), _):
      if let result = try object.binary(.equal, right, reflected: false) {
        return try result.truth()
      }
      if case .object(let other) = right,
        let result = try other.binary(.equal, left, reflected: true)
      {
        return try result.truth()
      }
      return left.isIdentical(to: right)
    case (_, .object(let object)):
      return try object.binary(.equal, left, reflected: true)?.truth() ?? false
    case (.list(let a), .list(let b)):
      return try a === b || holds(a.elements, b.elements, depth: depth + 1)
    case (.tuple(let a), .tuple(let b)):
      return try a.isIdentical(to: b) || holds(a.elements, b.elements, depth: depth + 1)
    case (.dict(let a), .dict(let b)): return try a === b || holds(a, b, depth: depth + 1)
    default: return left.equalsPlainly(right)
    }
  }

  private mutating func holds(_ left: [Value], _ right: [Value], depth: Int) throws -> Bool {
    guard left.count == right.count else { return false }
    for (a, b) in zip(left, right) where !a.isIdentical(to: b) {
      guard try holds(a, b, depth: depth) else { return false }
    }
    return true
  }

  private mutating func holds(_ left: DictObject, _ right: DictObject, depth: Int) throws -> Bool {
    guard left.count == right.count else { return false }
    for (key, value) in left.entries {
      guard let other = try right.value(for: key) else { return false }
      if value.isIdentical(to: other) { continue }
      guard try holds(value, other, depth: depth) else { return false }
    }
    return true
  }
}

extension Value {
  /// Equality of values that hold no others.
  fileprivate func equalsPlainly(_ other: Value) -> Bool {
    if let a = asInt {
      if let b = other.asInt { return a == b }
      if case .float(let b) = other { return NumberOrder.compare(a, b) == .same }
      return false
    }
    if case .float(let a) = self {
      if case .float(let b) = other { return a == b }
      return other.asInt.map { NumberOrder.compare($0, a) == .same } ?? false
    }
    return isIdentical(to: other)
  }
}
