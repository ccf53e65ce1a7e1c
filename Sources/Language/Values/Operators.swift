/// An operator between two values.
public enum BinaryOperator: String, Sendable, CaseIterable {
  /// `+`
  case add = "+"
  /// `-`
  case subtract = "-"
  /// `*`
  case multiply = "*"
  /// `/`
  case divide = "/"
  /// `//`
  case floorDivide = "//"
  /// `%`
  case modulo = "%"
  /// `**`
  case power = "**"
  /// `@`
  case matrixMultiply = "@"
  /// `&`
  case bitAnd = "&"
  /// `|`
  case bitOr = "|"
  /// `^`
  case bitXor = "^"
  /// `<<`
  case shiftLeft = "<<"
  /// `>>`
  case shiftRight = ">>"
  /// `==`
  case equal = "=="
  /// `!=`
  case notEqual = "!="
  /// `<`
  case less = "<"
  /// `<=`
  case lessEqual = "<="
  /// `>`
  case greater = ">"
  /// `>=`
  case greaterEqual = ">="

  /// The operator with its operands swapped: `<` for `>`; itself where order does not matter or
  /// there is none.
  public var mirrored: BinaryOperator {
    switch self {
    case .less: .greater
    case .lessEqual: .greaterEqual
    case .greater: .less
    case .greaterEqual: .lessEqual
    default: self
    }
  }
}

/// An operator before one value.
public enum UnaryOperator: String, Sendable, CaseIterable {
  /// `-`
  case negate = "-"
  /// `+`
  case plus = "+"
  /// `~`
  case invert = "~"
}
