import Kernels

extension BinaryOperation {
  /// What sends a gradient back to both operands. It asks for an operand's elements where the
  /// other's gradient does: sums and differences keep nothing of either.
  func flow(
    _ left: Tensor, _ right: Tensor
  ) -> (_ gradient: Tensor, _ gradients: Gradients) throws -> Void {
    let targets = (left.target, right.target)
    if self == .add || self == .subtract {
      let sign: Float = self == .add ? 1 : -1
      return { gradient, gradients in
        try gradients.send(to: targets.0, of: gradient) { gradient }
        try gradients.send(to: targets.1, of: gradient) {
          sign < 0 ? try gradient.scaled(by: sign) : gradient
        }
      }
    }
    if self == .multiply {
      // Each gradient asks for the other operand alone.
      let x = right.needsGradient ? left.saved : nil
      let y = left.needsGradient ? right.saved : nil
      return { gradient, gradients in
        if let y {
          try gradients.send(to: targets.0, of: gradient) { try gradient.times(y.value()) }
        }
        if let x {
          try gradients.send(to: targets.1, of: gradient) { try gradient.times(x.value()) }
        }
      }
    }
    let (x, y) = (left.saved, right.saved)
    return { try flow(targets, x, y, $0, $1) }
  }

  private func flow(
    _ targets: (left: GradientTarget, right: GradientTarget), _ x: SavedTensor, _ y: SavedTensor,
    _ gradient: Tensor, _ gradients: Gradients
  ) throws {
    let (left, right) = targets
    func send(_ target: GradientTarget, _ value: () throws -> Tensor) throws {
      try gradients.send(to: target, of: gradient, value)
    }
    switch self {
    case .divide:
      let (x, y) = try (x.value(), y.value())
      try send(left) { try gradient.divided(by: y) }
      try send(right) { try gradient.times(x).divided(by: y.times(y)).scaled(by: -1) }
    case .power:
      let (x, y) = try (x.value(), y.value())
      let one = try Tensor.full([], 1, on: left.device)
      try send(left) { try gradient.times(y).times(x.binary(.power, y.minus(one))) }
      try send(right) { try gradient.times(x.binary(.power, y)).times(x.logarithm()) }
    case .minimum, .maximum:
      let (x, y) = try (x.value(), y.value())
      let takesLeft = try x.binary(self == .maximum ? .greaterOrEqual : .lessOrEqual, y)
      let zero = try Tensor.full([], 0, on: left.device)
      try send(left) { try Tensor.select(takesLeft, gradient, zero) }
      try send(right) { try Tensor.select(takesLeft, zero, gradient) }
    case .add, .subtract, .multiply, .floorDivide, .remainder, .equal, .notEqual, .less,
      .lessOrEqual,
      .greater, .greaterOrEqual, .and, .or:
      throw TensorError.invalid("there is no gradient of \(self)")
    }
  }
}

extension Gradients {
  /// Adds a value of the shape of `gradient`, summed to the operand's, where a gradient is wanted.
  fileprivate func send(
    to target: GradientTarget, of gradient: Tensor, _ value: () throws -> Tensor
  ) throws {
    guard target.needsGradient else { return }
    let full = try value()
    let summed = try full.summed(to: target.shape)
    try add(summed, to: target, isFresh: full !== gradient || summed !== gradient)
  }
}
