import Kernels

extension Tensor {
  /// Layer norm over the last axis (arXiv 1607.06450).
  ///
  /// Shape: this tensor [..., width]; weight, bias [width].
  /// - Parameter divisor: how many elements mean and variance are over: the width, unless masked
  ///   channels, which are zero, do not count.
  /// - Throws: what the device throws.
  package func layerNorm(
    weight: Tensor, bias: Tensor, epsilon: Float, divisor: Int? = nil
  ) throws -> Tensor {
    let width = weight.count
    let norm = NormShape(
      rows: count / Swift.max(width, 1), width: width, divisor: divisor, epsilon: epsilon)
    let result = try Tensor(uninitialized: shape, on: device)
    let mean = try Tensor(uninitialized: [norm.rows], on: device)
    let inverse = try Tensor(uninitialized: [norm.rows], on: device)
    try device.layerNorm(
      region, weight: weight.region, bias: bias.region, to: result.region, mean: mean.region,
      inverse: inverse.region, norm)
    result.recordOrigin([self, weight, bias]) { gradient, gradients in
      if bias.needsGradient { try gradients.add(try gradient.summedRows(), to: bias) }
      let dx = try Tensor(uninitialized: self.shape, on: self.device)
      let dWeight = try gradients.destination(for: weight)
      try self.device.layerNormGradient(
        gradient.region, x: self.region, weight: weight.region, mean: mean.region,
        inverse: inverse.region, dx: dx.region, dWeight: dWeight?.region,
        accumulates: dWeight?.accumulates ?? false, norm)
      try gradients.add(dx, to: self)
    }
    return result
  }

  /// f(x), for the MLP without a gate.
  /// - Throws: what the device throws.
  package func activated(by function: ActivationFunction) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, on: device)
    try device.activate(function, region, to: result.region, count: count)
    result.recordOrigin([self]) { gradient, gradients in
      let dx = try Tensor(uninitialized: self.shape, on: self.device)
      try self.device.activationGradient(
        function, gradient.region, x: self.region, dx: dx.region, count: self.count)
      try gradients.add(dx, to: self)
    }
    return result
  }

  /// The sum over all axes but the last, [..., width] to [width], in one pass: a bias's gradient.
  func summedRows() throws -> Tensor {
    let width = shape.last ?? 1
    return try Tensor(region, shape: [count / Swift.max(width, 1), width]).sum(axis: 0)
  }
}
