/// A function of one element.
public enum UnaryOperation: String, Sendable, Equatable, CaseIterable {
  /// f32 or i64.
  case negate, absolute
  /// f32 alone.
  case exp, log, sqrt, tanh, sigmoid
  /// bool alone.
  case not
}

/// A function of two elements of one type.
public enum BinaryOperation: String, Sendable, Equatable, CaseIterable {
  /// f32 or i64 (i64 wraps around); `minimum` and `maximum` pass NaN on, as NumPy does.
  case add, subtract, multiply, minimum, maximum
  /// f32 alone.
  case divide, power
  /// f32 or i64, rounding to minus infinity with the remainder's sign that of the divisor, as in
  /// Python; an i64 divided by 0 gives 0.
  case floorDivide, remainder
  /// Any type to bool, by IEEE rules for NaN.
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  /// bool alone.
  case and, or

  /// Whether the result is of type bool whatever the operands are.
  public var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }
}

/// Operations on elements of equal position. A target may be the buffer of an operand where both
/// are contiguous at the same place.
public protocol ElementwiseOperations {
  /// target[i] = operation(x[i]).
  func apply(_ operation: UnaryOperation, _ x: Region, to target: Region, count: Int) throws

  /// target = operation(a, b) with broadcasting by strides of 0; the target is contiguous in
  /// `shape`.
  func apply(
    _ operation: BinaryOperation, _ a: Strided, _ b: Strided, to target: Region, shape: [Int])
    throws

  /// target = condition ? a : b, with the condition of type bool; f32, i64 or bool.
  func select(
    _ condition: Strided, _ a: Strided, _ b: Strided, to target: Region, shape: [Int]) throws

  /// target[i] += scale · x[i], in f32.
  func accumulate(_ x: Region, scale: Float, into target: Region, count: Int) throws

  /// target[i] = scale · x[i], in f32.
  func scale(_ x: Region, by scale: Float, to target: Region, count: Int) throws
}
