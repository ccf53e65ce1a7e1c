/// The operators on values.
enum Arithmetic {
  /// `left op right`.
  /// - Throws: `LanguageError` naming the operands where the operation is not there for them.
  static func apply(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws -> Value {
    if case .int(let a) = left, case .int(let b) = right {
      return try IntegerArithmetic.apply(operation, a, b)
    }
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
    if let result = try applyPlain(operation, left, right) { return result }
    throw LanguageError(
      "'\(operation.rawValue)' is not there for \(left.typePhrase) and \(right.typePhrase)"
        + hint(operation, left, right))
  }

  private static func hint(_ operation: BinaryOperator, _ left: Value, _ right: Value) -> String {
    switch (operation, left, right) {
    case (.add, .string, _), (.add, _, .string): "; str(x) makes a string, f\"{x}\" too"
    case (.bitXor, .float, _), (.bitXor, _, .float): "; '**' is the power"
    default: ""
    }
  }

  private static func applyPlain(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws -> Value? {
    if case .bool(let a) = left, case .bool(let b) = right {
      switch operation {
      case .bitAnd: return .bool(a && b)
      case .bitOr: return .bool(a || b)
      case .bitXor: return .bool(a != b)
      default: break
      }
    }
    if let a = left.asInt, let b = right.asInt {
      return try IntegerArithmetic.apply(operation, a, b)
    }
    if let a = left.asDouble, let b = right.asDouble {
      return try FloatArithmetic.apply(operation, a, b).map { .float($0) }
    }
    return try Sequences.apply(operation, left, right)
  }

  /// `left op right` for a comparison, whose result a host's object may make a tensor.
  static func compare(
    _ left: Value, _ operation: BinaryOperator, _ right: Value
  ) throws -> Value {
    guard operation == .equal || operation == .notEqual else {
      return try Ordering.compare(left, operation, right)
    }
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
    return .bool(try Equality.holds(left, right) == (operation == .equal))
  }

  /// `op operand`.
  static func apply(_ operation: UnaryOperator, _ operand: Value) throws -> Value {
    if case .object(let object) = operand, let result = try object.unary(operation) {
      return result
    }
    if let number = operand.asInt {
      switch operation {
      case .plus: return .int(number)
      case .invert: return .int(~number)
      case .negate:
        let (result, overflow) = Int(0).subtractingReportingOverflow(number)
        if overflow { throw LanguageError("-(\(number)) does not fit in 64 bits") }
        return .int(result)
      }
    }
    if case .float(let number) = operand, operation != .invert {
      return .float(operation == .negate ? -number : number)
    }
    throw LanguageError("'\(operation.rawValue)' is not there for \(operand.typePhrase)")
  }
}
