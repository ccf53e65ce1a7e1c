import Glibc

/// Python's operators on floats.
enum FloatArithmetic {
  /// The result; nil where the operator is not there for floats.
  static func apply(
    _ operation: BinaryOperator, _ left: Double, _ right: Double
  ) throws -> Double? {
    switch operation {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide:
      if right == 0 { throw LanguageError("division by zero") }
      return left / right
    case .floorDivide: return try floorDivide(left, right).quotient
    case .modulo: return try floorDivide(left, right).remainder
    case .power: return try power(left, right)
    default: return nil
    }
  }

  /// Python's `divmod`, step for step, for the same rounding and the same signed zeros.
  static func floorDivide(
    _ left: Double, _ right: Double
  ) throws -> (quotient: Double, remainder: Double) {
    if right == 0 { throw LanguageError("division by zero") }
    var remainder = fmod(left, right)
    var quotient = (left - remainder) / right
    if remainder != 0 {
      if (right < 0) != (remainder < 0) {
        remainder += right
        quotient -= 1
      }
    } else {
      remainder = copysign(0, right)
    }
    guard quotient != 0 else { return (copysign(0, left / right), remainder) }
    var whole = quotient.rounded(.down)
    if quotient - whole > 0.5 { whole += 1 }
    return (whole, remainder)
  }

  static func power(_ base: Double, _ exponent: Double) throws -> Double {
    if base == 0, exponent < 0 { throw LanguageError("0 cannot be raised to a negative power") }
    if base < 0, base.isFinite, exponent.isFinite, exponent != exponent.rounded() {
      throw LanguageError(
        "a negative number to a fractional power is complex, which is not supported")
    }
    let result = pow(base, exponent)
    if result.isInfinite, base.isFinite, exponent.isFinite {
      throw LanguageError(
        "\(FloatText.representation(base)) ** \(FloatText.representation(exponent)) is too large "
          + "for a float")
    }
    return result
  }
}
