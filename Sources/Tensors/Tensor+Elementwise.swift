import Kernels

extension Tensor {
  /// -x. f32 or i64.
  public func negated() throws -> Tensor {
    try unary(.negate, "negation") { tensor, result, gradient, gradients in
      try gradients.add(try gradient.scaled(by: -1), to: tensor)
    }
  }

  /// |x|. f32 or i64.
  public func absolute() throws -> Tensor {
    try unary(.absolute, "abs") { tensor, _, gradient, gradients in
      let zero = try Tensor.full([], 0, on: tensor.device)
      let sign = try tensor.binary(.greater, zero).converted(to: .f32)
        .minus(tensor.binary(.less, zero).converted(to: .f32))
      try gradients.add(try gradient.times(sign), to: tensor)
    }
  }

  /// eˣ.
  public func exponential() throws -> Tensor {
    try unary(.exp, "exp") { tensor, result, gradient, gradients in
      try gradients.add(try gradient.times(result), to: tensor)
    }
  }

  /// The natural logarithm.
  public func logarithm() throws -> Tensor {
    try unary(.log, "log") { tensor, _, gradient, gradients in
      try gradients.add(try gradient.divided(by: tensor.detached()), to: tensor)
    }
  }

  /// √x.
  public func squareRoot() throws -> Tensor {
    try unary(.sqrt, "sqrt") { tensor, result, gradient, gradients in
      try gradients.add(try gradient.divided(by: result.scaled(by: 2)), to: tensor)
    }
  }

  /// The hyperbolic tangent.
  public func hyperbolicTangent() throws -> Tensor {
    try unary(.tanh, "tanh") { tensor, result, gradient, gradients in
      let one = try Tensor.full([], 1, on: tensor.device)
      let slope = try one.minus(result.times(result))
      try gradients.add(try gradient.times(slope), to: tensor)
    }
  }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() throws -> Tensor {
    try unary(.sigmoid, "sigmoid") { tensor, result, gradient, gradients in
      let one = try Tensor.full([], 1, on: tensor.device)
      let slope = try result.times(one.minus(result))
      try gradients.add(try gradient.times(slope), to: tensor)
    }
  }

  /// The opposite truth value. bool alone.
  public func inverted() throws -> Tensor {
    guard type == .bool else {
      throw TensorError.type(operation: "not", type: type, wanted: "a tensor of type bool")
    }
    let result = try Tensor(uninitialized: shape, .bool, on: device)
    try device.apply(.not, region, to: result.region, count: count)
    return result
  }

  /// x + y.
  public func plus(_ other: Tensor) throws -> Tensor { try binary(.add, other) }
  /// x − y.
  public func minus(_ other: Tensor) throws -> Tensor { try binary(.subtract, other) }
  /// x · y.
  public func times(_ other: Tensor) throws -> Tensor { try binary(.multiply, other) }
  /// x / y, in f32.
  public func divided(by other: Tensor) throws -> Tensor { try binary(.divide, other) }

  /// scale · x.
  package func scaled(by scale: Float) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, on: device)
    try device.scale(region, by: scale, to: result.region, count: count)
    let target = target
    result.recordOrigin([self]) { gradient, gradients in
      try gradients.add(try gradient.scaled(by: scale), to: target)
    }
    return result
  }

  /// The same elements without a record of how they came about.
  package func detached() -> Tensor {
    needsGradient ? Tensor(region, shape: shape) : self
  }

  private func unary(
    _ operation: UnaryOperation, _ name: String,
    _ flow: @escaping (Tensor, Tensor, Tensor, Gradients) throws -> Void
  ) throws -> Tensor {
    let takesIntegers = operation == .negate || operation == .absolute
    if type == .bool || (type == .i64 && !takesIntegers) {
      return try converted(to: takesIntegers ? .i64 : .f32).unary(operation, name, flow)
    }
    let result = try Tensor(uninitialized: shape, type, on: device)
    try device.apply(operation, region, to: result.region, count: count)
    if type == .f32 {
      let kept = Tensor(result.region, shape: shape)
      result.recordOrigin([self]) { try flow(self, kept, $0, $1) }
    }
    return result
  }
}

// MARK: - Two operands

extension Tensor {
  /// An operation on two tensors that broadcast. Types are promoted as in NumPy: bool to i64 to
  /// f32; division and powers are computed in f32.
  /// - Throws: `TensorError` where shapes, types or devices do not fit.
  public func binary(_ operation: BinaryOperation, _ other: Tensor) throws -> Tensor {
    try requireSameDevice(other, operation.verb)
    let common = try operation.operandType(type, other.type)
    let left = try converted(to: common)
    let right = try other.converted(to: common)
    let shape = try Shape.broadcast(left.shape, right.shape, verb: operation.verb)
    let result = try Tensor(
      uninitialized: shape, operation.isComparison ? .bool : common, on: device)
    try device.apply(
      operation, left.strided(as: shape), right.strided(as: shape), to: result.region, shape: shape)
    if result.type == .f32 {
      let flow = operation.flow(left, right)
      result.recordOrigin([left, right]) { try flow($0, $1) }
    }
    return result
  }

  /// Where the condition holds this tensor's elements, elsewhere the other's.
  /// - Throws: `TensorError` where shapes or types do not fit.
  public static func select(_ condition: Tensor, _ yes: Tensor, _ no: Tensor) throws -> Tensor {
    guard condition.type == .bool else {
      throw TensorError.type(
        operation: "where", type: condition.type, wanted: "a condition of type bool")
    }
    try condition.requireSameDevice(yes, "choose between")
    try condition.requireSameDevice(no, "choose between")
    let common = try BinaryOperation.add.operandType(yes.type, no.type, allowsBool: true)
    let (a, b) = (try yes.converted(to: common), try no.converted(to: common))
    let pair = try Shape.broadcast(a.shape, b.shape, verb: "choose between")
    let shape = try Shape.broadcast(condition.shape, pair, verb: "choose between")
    let result = try Tensor(uninitialized: shape, common, on: condition.device)
    try condition.device.select(
      condition.strided(as: shape), a.strided(as: shape), b.strided(as: shape), to: result.region,
      shape: shape)
    if common == .f32 {
      result.recordOrigin([a, b]) { gradient, gradients in
        let zero = try Tensor.full([], 0, on: gradient.device)
        try gradients.add(try select(condition, gradient, zero).summed(to: a.shape), to: a)
        try gradients.add(try select(condition, zero, gradient).summed(to: b.shape), to: b)
      }
    }
    return result
  }

  /// Sums over the axes along which `shape` was broadcast to this shape: the gradient of
  /// broadcasting.
  package func summed(to target: [Int]) throws -> Tensor {
    if shape == target { return self }
    var result = self
    let missing = rank - target.count
    for axis in 0..<rank where axis < missing || (target[axis - missing] == 1 && shape[axis] != 1) {
      result = try result.sum(axis: axis, keepsAxis: true)
    }
    return Tensor(result.region, shape: target)
  }
}

extension BinaryOperation {
  /// The verb of messages, after "cannot".
  var verb: String {
    switch self {
    case .add: "add"
    case .subtract: "subtract"
    case .multiply: "multiply elementwise"
    case .divide, .floorDivide: "divide"
    case .remainder: "take the remainder of"
    case .power: "take the power of"
    case .minimum, .maximum, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      "compare"
    case .and, .or: "combine"
    }
  }

  /// The type to which both operands are converted.
  func operandType(
    _ left: ElementType, _ right: ElementType, allowsBool: Bool = false
  ) throws -> ElementType {
    let order: [ElementType] = [.bool, .i64, .f32]
    let common = order.last { $0 == left || $0 == right } ?? .f32
    switch self {
    case .and, .or:
      guard common == .bool else {
        throw TensorError.type(operation: "\(self)", type: common, wanted: "tensors of type bool")
      }
      return .bool
    case .divide, .power: return .f32
    case _ where isComparison || allowsBool: return common
    default: return common == .bool ? .i64 : common
    }
  }
}
