/// A value to fill memory with, converted to the buffer's type.
public enum Scalar: Sendable, Equatable {
  case float(Float)
  case int(Int64)
  case bool(Bool)
}

extension Scalar {
  /// The value as an f32.
  var float: Float {
    switch self {
    case .float(let value): value
    case .int(let value): Float(value)
    case .bool(let value): value ? 1 : 0
    }
  }

  /// The value as an i64, truncated toward zero, saturated; NaN is 0.
  var int: Int64 {
    switch self {
    case .float(let value):
      Int64(exactly: value.rounded(.towardZero)) ?? (value > 0 ? .max : value < 0 ? .min : 0)
    case .int(let value): value
    case .bool(let value): value ? 1 : 0
    }
  }

  /// The value as a bool: 1 where it is not 0.
  var byte: UInt8 {
    switch self {
    case .float(let value): value != 0 ? 1 : 0
    case .int(let value): value != 0 ? 1 : 0
    case .bool(let value): value ? 1 : 0
    }
  }
}

/// Operations that move elements without computing.
public protocol MovementOperations {
  /// Copies elements of one type from strided to strided places (slices, transposes, broadcasts,
  /// assignment into a slice). Source and target do not overlap.
  func copy(_ source: Strided, to target: Strided, shape: [Int]) throws

  /// Sets every element of a strided place.
  func fill(_ target: Strided, shape: [Int], with value: Scalar) throws

  /// Converts `count` elements to the type of the target's buffer: floats truncate toward zero as
  /// ints, nonzero is true.
  func convert(_ source: Region, to target: Region, count: Int) throws

  /// target[i] = table[rows[i]].
  ///
  /// Shape: table [R, width], rows i64 [count] with every entry in 0..<R (the caller checked),
  /// target [count, width]; f32 or i64.
  func gatherRows(
    _ table: Region, width: Int, rows: Region, count: Int, to target: Region) throws

  /// table[rows[i]] += source[i], in the order of i, for f32: the gradient of `gatherRows`.
  ///
  /// Shape: source [count, width], rows i64 [count] in 0..<tableRows, table [tableRows, width].
  func scatterAddRows(
    _ source: Region, width: Int, rows: Region, count: Int, to table: Region, tableRows: Int) throws
}
