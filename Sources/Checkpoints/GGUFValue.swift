/// A value of a GGUF file's metadata.
public enum GGUFValue: Sendable {
  case u8(UInt8)
  case i8(Int8)
  case u16(UInt16)
  case i16(Int16)
  case u32(UInt32)
  case i32(Int32)
  case u64(UInt64)
  case i64(Int64)
  case f32(Float)
  case f64(Double)
  case bool(Bool)
  /// A string's bytes, which need not be UTF-8.
  case string([UInt8])
  case array(GGUFArray)
}

/// The types of metadata values, by their numbers in the format.
public enum GGUFValueType: UInt32, Sendable {
  case u8, i8, u16, i16, u32, i32, f32, bool, string, array, u64, i64, f64

  /// The bytes that a value takes, at least for strings and arrays.
  var minimumSize: Int {
    switch self {
    case .u8, .i8, .bool: 1
    case .u16, .i16: 2
    case .u32, .i32, .f32: 4
    case .u64, .i64, .f64, .string: 8
    case .array: 12
    }
  }
}

extension GGUFValue {
  /// The value as an integer, nil for another type or past 63 bits.
  public var int: Int? {
    switch self {
    case .u8(let value): Int(value)
    case .i8(let value): Int(value)
    case .u16(let value): Int(value)
    case .i16(let value): Int(value)
    case .u32(let value): Int(value)
    case .i32(let value): Int(value)
    case .u64(let value): Int(exactly: value)
    case .i64(let value): Int(value)
    default: nil
    }
  }

  /// The value as a number, integers included, or nil.
  public var double: Double? {
    switch self {
    case .f32(let value): Double(value)
    case .f64(let value): value
    case .u64(let value): Double(value)
    default: int.map(Double.init)
    }
  }

  /// The value as a Boolean, or nil.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The bytes of a string, or nil.
  public var bytes: [UInt8]? { if case .string(let value) = self { value } else { nil } }

  /// The value as text, nil for another type or bytes that are not UTF-8.
  public var string: String? { bytes.flatMap { String(validating: $0, as: UTF8.self) } }

  /// The value as an array, or nil.
  public var array: GGUFArray? { if case .array(let value) = self { value } else { nil } }
}
