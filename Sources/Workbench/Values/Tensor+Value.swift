import Kernels
import Language
import Tensors

extension Tensor {
  /// A value as an operand of a tensor operation: a tensor or a number; nil for anything else.
  static func operand(_ value: Value, on device: any Device) throws -> Tensor? {
    switch value {
    case .object(let object):
      if let tensor = (object as? TensorObject)?.tensor { return tensor }
      return try object.number().flatMap { try operand($0, on: device) }
    case .bool(let value): return try filled([], .bool, .bool(value), on: device)
    case .int(let value): return try filled([], .i64, .int(Int64(value)), on: device)
    case .float(let value): return try filled([], .f32, .float(Float(value)), on: device)
    default: return nil
    }
  }

  /// A tensor of a tensor, number or nested list: ints make i64, any float f32, truth values bool.
  /// - Throws: `LanguageError` for ragged lists and for anything that is no number.
  static func nested(_ value: Value, on device: any Device) throws -> Tensor {
    if let tensor = try operand(value, on: device) { return tensor }
    if case .object(let object) = value, let tokens = object as? TokensObject {
      return try tokens.tensor()
    }
    var reader = NestedReader()
    let shape = try reader.read(value)
    switch reader.type {
    case .f32: return try Tensor(reader.numbers.map { Float($0) }, shape: shape, on: device)
    case .i64: return try Tensor(reader.integers, shape: shape, on: device)
    case .bool: return try Tensor(reader.integers.map { $0 != 0 }, shape: shape, on: device)
    }
  }

  /// The numbers of a tensor, number or nested list, row by row, and their shape: those of lists as
  /// they were given, which f32 may round or not reach, and NaN for None.
  /// - Throws: `LanguageError` for ragged lists and for anything that is no number.
  static func numbers(
    of value: Value, on device: any Device
  ) throws -> (values: [Double], shape: [Int]) {
    switch value {
    case .list, .tuple, .range:
      var reader = NestedReader(takesNone: true)
      let shape = try reader.read(value)
      return (reader.numbers, shape)
    default:
      let tensor = try nested(value, on: device)
      return (try tensor.floats().map { Double($0) }, tensor.shape)
    }
  }
}

/// Collects the numbers of nested lists, row by row.
private struct NestedReader {
  private(set) var numbers: [Double] = []
  private(set) var integers: [Int64] = []
  /// Whether None is a number that is not there.
  private let takesNone: Bool
  private var sawFloat = false
  private var sawInteger = false

  init(takesNone: Bool = false) { self.takesNone = takesNone }

  var type: ElementType {
    if numbers.isEmpty || sawFloat { return .f32 }
    return sawInteger ? .i64 : .bool
  }

  /// Reads a value and gives its shape.
  mutating func read(_ value: Value, depth: Int = 0) throws -> [Int] {
    switch value {
    case .bool(let flag): append(flag ? 1 : 0, Double(flag ? 1 : 0))
    case .int(let number):
      sawInteger = true
      append(Int64(number), Double(number))
    case .float(let number):
      sawFloat = true
      append(0, number)
    case .list, .tuple, .range:
      guard depth < 32 else { throw LanguageError("a tensor has at most 32 axes") }
      return try readList(value.elements(), depth: depth)
    case .object(let object):
      guard let tensor = (object as? TensorObject)?.tensor else { fallthrough }
      return try read(tensor.listValue(), depth: depth)
    case .none where takesNone:
      sawFloat = true
      append(0, .nan)
    default: throw LanguageError("a tensor holds numbers, not \(value.typePhrase)")
    }
    return []
  }

  private mutating func append(_ integer: Int64, _ number: Double) {
    integers.append(integer)
    numbers.append(number)
  }

  private mutating func readList(_ elements: [Value], depth: Int) throws -> [Int] {
    var inner: [Int]?
    for element in elements {
      let shape = try read(element, depth: depth + 1)
      if let inner, inner != shape {
        throw LanguageError("the lists are ragged: a row of shape \(inner) stands beside \(shape)")
      }
      inner = shape
    }
    return [elements.count] + (inner ?? [])
  }
}
