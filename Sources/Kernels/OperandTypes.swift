// Which types of elements each operation takes: asked by every device before it starts one.

/// An operation on elements of some types.
protocol TypedOperation {
  /// Whether it takes elements of a type.
  func takes(_ type: ElementType) -> Bool
}

extension TypedOperation {
  /// Refuses elements of a type that the operation does not take.
  /// - Throws: `KernelError.unsupported`.
  func require(_ type: ElementType) throws {
    guard takes(type) else {
      throw KernelError.unsupported("\(self) does not take elements of type \(type.name)")
    }
  }
}

extension UnaryOperation: TypedOperation {
  /// Whether it takes elements of a type.
  func takes(_ type: ElementType) -> Bool {
    switch self {
    case .negate, .absolute: type != .bool
    case .exp, .log, .sqrt, .tanh, .sigmoid: type == .f32
    case .not: type == .bool
    }
  }
}

extension BinaryOperation: TypedOperation {
  /// Whether it takes elements of a type.
  func takes(_ type: ElementType) -> Bool {
    switch self {
    case .add, .subtract, .multiply, .minimum, .maximum, .floorDivide, .remainder: type != .bool
    case .divide, .power: type == .f32
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    case .and, .or: type == .bool
    }
  }
}

extension Reduction: TypedOperation {
  /// Whether it takes elements of a type.
  func takes(_ type: ElementType) -> Bool {
    switch self {
    case .sum, .maximum, .minimum: type != .bool
    case .any, .all: type == .bool
    }
  }
}
