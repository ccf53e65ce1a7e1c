// Which types of elements each operation takes: asked by every device before it starts one.

extension UnaryOperation {
  /// Whether it takes elements of a type.
  func takes(_ type: ElementType) -> Bool {
    switch self {
    case .negate, .absolute: type != .bool
    case .exp, .log, .sqrt, .tanh, .sigmoid: type == .f32
    case .not: type == .bool
    }
  }
}

extension BinaryOperation {
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

extension Reduction {
  /// Whether it takes elements of a type.
  func takes(_ type: ElementType) -> Bool {
    switch self {
    case .sum, .maximum, .minimum: type != .bool
    case .any, .all: type == .bool
    }
  }
}
