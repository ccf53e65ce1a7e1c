import Compression
import Kernels
import Language
import Tensors

/// A tensor in the language.
final class TensorObject: DescribedObject {
  let tensor: Tensor
  /// The measurement that the tensor shows, where it is one of layers: what prune asks for. Tensors
  /// computed from it have none.
  let depth: DepthImportance?

  init(_ tensor: Tensor, depth: DepthImportance? = nil) {
    self.tensor = tensor
    self.depth = depth
  }

  var typeName: String { "tensor" }

  func representation() throws -> String { try tensor.printed() }

  func representation(width: Int?) throws -> String {
    try tensor.printed(width: min(width ?? Tensor.longestLine, Tensor.longestLine))
  }

  func length() throws -> Int? {
    guard let length = tensor.shape.first else {
      throw LanguageError("a tensor without axes has no length")
    }
    return length
  }

  func iterate() throws -> ValueIterator? {
    guard let length = try length() else { return nil }
    let tensor = tensor
    var position = 0
    return ValueIterator {
      guard position < length else { return nil }
      defer { position += 1 }
      return .tensor(try tensor.indexed([.at(position)]))
    }
  }

  func truth() throws -> Bool {
    guard tensor.count == 1 else {
      throw LanguageError(
        "the truth of a tensor with \(tensor.count) elements is ambiguous: use .any() or .all()")
    }
    return try tensor.truths()[0]
  }

  func number() throws -> Value? {
    guard tensor.count == 1 else { return nil }
    switch tensor.type {
    case .f32: return .float(Double(try tensor.floats()[0]))
    case .i64: return .int(Int(try tensor.integers()[0]))
    case .bool: return .bool(try tensor.truths()[0])
    }
  }

  func contains(_ value: Value) throws -> Bool? {
    guard let other = try Tensor.operand(value, on: tensor.device) else { return nil }
    return try tensor.binary(.equal, other).any().truths()[0]
  }

  func item(_ index: Value) throws -> Value {
    .tensor(try tensor.indexed(try axisIndices(index, of: tensor)))
  }

  func setItem(_ index: Value, to value: Value) throws {
    guard let value = try Tensor.operand(value, on: tensor.device) else {
      throw LanguageError("a tensor's elements are set to numbers or tensors")
    }
    try tensor.setItem(try axisIndices(index, of: tensor), to: value)
  }

  func binary(
    _ operation: BinaryOperator, _ other: Value, reflected: Bool
  ) throws -> Value? {
    guard let other = try Tensor.operand(other, on: tensor.device) else { return nil }
    let (left, right) = reflected ? (other, tensor) : (tensor, other)
    if operation == .matrixMultiply { return .tensor(try left.matmul(right)) }
    guard let elementwise = BinaryOperation(operation, left.type, right.type) else { return nil }
    return .tensor(try left.binary(elementwise, right))
  }

  func unary(_ operation: UnaryOperator) throws -> Value? {
    switch operation {
    case .negate: return .tensor(try tensor.negated())
    case .plus: return .tensor(tensor)
    case .invert: return .tensor(try tensor.inverted())
    }
  }
}

extension Value {
  /// A tensor as a value of the language.
  static func tensor(_ tensor: Tensor) -> Value { .object(TensorObject(tensor)) }
}

extension BinaryOperation {
  /// The operation behind an operator, nil where tensors have none.
  init?(_ operation: BinaryOperator, _ left: ElementType, _ right: ElementType) {
    switch operation {
    case .add: self = .add
    case .subtract: self = .subtract
    case .multiply: self = .multiply
    case .divide: self = .divide
    case .floorDivide: self = .floorDivide
    case .modulo: self = .remainder
    case .power: self = .power
    case .equal: self = .equal
    case .notEqual: self = .notEqual
    case .less: self = .less
    case .lessEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .greaterEqual: self = .greaterOrEqual
    case .bitAnd: self = .and
    case .bitOr: self = .or
    case .matrixMultiply, .bitXor, .shiftLeft, .shiftRight: return nil
    }
  }
}
