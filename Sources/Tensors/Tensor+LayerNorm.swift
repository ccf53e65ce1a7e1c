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
    let (x, target) = (saved, target)
    func remake() throws -> Tensor {
      let again = try Tensor(uninitialized: target.shape, on: target.device)
      // Means and reciprocal deviations are the same as before.
      try target.device.layerNorm(
        x.value().region, weight: weight.region, bias: bias.region, to: again.region,
        mean: mean.region, inverse: inverse.region, norm)
      return again
    }
    result.recordOrigin([self, weight, bias], remake: remake) { gradient, gradients in
      if bias.needsGradient { try gradients.add(try gradient.summedRows(), to: bias) }
      let dx = try Tensor(uninitialized: target.shape, on: target.device)
      let dWeight = try gradients.destination(for: weight)
      try target.device.layerNormGradient(
        gradient.region, x: x.value().region, weight: weight.region, mean: mean.region,
        inverse: inverse.region, dx: dx.region, dWeight: dWeight?.region,
        accumulates: dWeight?.accumulates ?? false, norm)
      try gradients.add(dx, to: target)
    }
    return result
  }

  /// f(x), for the MLP without a gate.
  /// - Throws: what the device throws.
  package func activated(by function: ActivationFunction) throws -> Tensor {
    func image(of x: Tensor) throws -> Tensor {
      let result = try Tensor(uninitialized: x.shape, on: x.device)
      try x.device.activate(function, x.region, to: result.region, count: x.count)
      return result
    }
    let result = try image(of: self)
    let (x, target) = (saved, target)
    result.recordOrigin([self], remake: { try image(of: x.value()) }) { gradient, gradients in
      let x = try x.value()
      let dx = try Tensor(uninitialized: x.shape, on: x.device)
      try x.device.activationGradient(
        function, gradient.region, x: x.region, dx: dx.region, count: x.count)
      try gradients.add(dx, to: target)
    }
    return result
  }

  /// The sum over all axes but the last, [..., width] to [width], in one pass: a bias's gradient.
  func summedRows() throws -> Tensor {
    let width = shape.last ?? 1
    return try Tensor(region, shape: [count / Swift.max(width, 1), width]).sum(axis: 0)
  }
}
