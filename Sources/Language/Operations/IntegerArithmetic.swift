/// Python's operators on 64-bit ints; a result that does not fit is an error.
enum IntegerArithmetic {
  static func apply(_ operation: BinaryOperator, _ left: Int, _ right: Int) throws -> Value {
    switch operation {
    case .add: return .int(try checked(left.addingReportingOverflow(right), operation, left, right))
    case .subtract:
      return .int(try checked(left.subtractingReportingOverflow(right), operation, left, right))
    case .multiply:
      return .int(try checked(left.multipliedReportingOverflow(by: right), operation, left, right))
    case .divide:
      if right == 0 { throw LanguageError("division by zero") }
      return .float(quotient(left, right))
    case .floorDivide: return .int(try floorDivide(left, right).quotient)
    case .modulo: return .int(try floorDivide(left, right).remainder)
    case .power: return try power(left, right)
    case .bitAnd: return .int(left & right)
    case .bitOr: return .int(left | right)
    case .bitXor: return .int(left ^ right)
    case .shiftLeft, .shiftRight: return .int(try shift(operation, left, right))
    case .matrixMultiply:
      throw LanguageError("'@' multiplies tensors, not ints; '*' is for numbers")
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual:
      return .bool(holds(operation, left, right))
    }
  }

  private static func holds(_ operation: BinaryOperator, _ left: Int, _ right: Int) -> Bool {
    switch operation {
    case .equal: left == right
    case .notEqual: left != right
    default: NumberOrder.compare(left, right).satisfies(operation)
    }
  }

  private static func checked(
    _ result: (partialValue: Int, overflow: Bool), _ operation: BinaryOperator, _ left: Int,
    _ right: Int
  ) throws -> Int {
    if result.overflow { throw overflow(operation, left, right) }
    return result.partialValue
  }

  private static func overflow(
    _ operation: BinaryOperator, _ left: Int, _ right: Int
  ) -> LanguageError {
    LanguageError(
      "\(left) \(operation.rawValue) \(right) does not fit in 64 bits; use a float, such as "
        + "float(\(left))")
  }

  /// Python's `divmod`: the quotient rounds down, the remainder has the divisor's sign.
  static func floorDivide(_ left: Int, _ right: Int) throws -> (quotient: Int, remainder: Int) {
    if right == 0 { throw LanguageError("division by zero") }
    // Int.min / -1 is the one quotient that does not fit; its remainder does.
    if right == -1 {
      let (quotient, isOverflow) = Int(0).subtractingReportingOverflow(left)
      if isOverflow { throw overflow(.floorDivide, left, right) }
      return (quotient, 0)
    }
    let (quotient, remainder) = left.quotientAndRemainder(dividingBy: right)
    if remainder != 0, (remainder < 0) != (right < 0) { return (quotient - 1, remainder + right) }
    return (quotient, remainder)
  }

  /// The quotient rounded once, as Python rounds it; two conversions would round thrice.
  private static func quotient(_ left: Int, _ right: Int) -> Double {
    let exact = UInt(1) << 53
    if left.magnitude <= exact, right.magnitude <= exact { return Double(left) / Double(right) }
    let shift = UInt128(left.magnitude).leadingZeroBitCount
    let (whole, rest) = (UInt128(left.magnitude) << shift)
      .quotientAndRemainder(dividingBy: UInt128(right.magnitude))
    // At least 64 bits of quotient; the lowest stands for all that were cut off.
    let value = Double(whole | (rest == 0 ? 0 : 1))
    let scaled = Double(sign: .plus, exponent: -shift, significand: value)
    return (left < 0) != (right < 0) ? -scaled : scaled
  }

  private static func power(_ base: Int, _ exponent: Int) throws -> Value {
    if exponent < 0 {
      if base == 0 { throw LanguageError("0 cannot be raised to a negative power") }
      return .float(try FloatArithmetic.power(Double(base), Double(exponent)))
    }
    if base == 0 || base == 1 { return .int(exponent == 0 ? 1 : base) }
    if base == -1 { return .int(exponent % 2 == 0 ? 1 : -1) }
    var result = 1
    var factor = base
    var remaining = exponent
    while true {
      if remaining & 1 == 1 {
        let product = result.multipliedReportingOverflow(by: factor)
        if product.overflow { throw overflow(.power, base, exponent) }
        result = product.partialValue
      }
      remaining >>= 1
      if remaining == 0 { return .int(result) }
      let square = factor.multipliedReportingOverflow(by: factor)
      if square.overflow { throw overflow(.power, base, exponent) }
      factor = square.partialValue
    }
  }

  private static func shift(
    _ operation: BinaryOperator, _ left: Int, _ right: Int
  ) throws -> Int {
    if right < 0 { throw LanguageError("a shift needs a count of 0 or more, not \(right)") }
    if operation == .shiftRight { return left >> min(right, 63) }
    if left == 0 { return 0 }
    guard right < 63, (left << right) >> right == left else {
      // -1 << 63 is the one that still fits.
      if right == 63, left == -1 { return .min }
      throw overflow(operation, left, right)
    }
    return left << right
  }
}
