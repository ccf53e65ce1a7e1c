internal import CKernels

/// The optimizer's passes.
extension CPUDevice {
  private static let chunk = 1 << 16

  /// target[0] = Σ x², or += where `accumulates`: chunks in f64, added in their order.
  /// - Throws: `Interrupted`, `KernelError.outOfMemory`.
  public func sumOfSquares(_ x: Region, count: Int, to target: Region, accumulates: Bool) throws {
    let from = try x.floats(count)
    let to = try target.writableFloats(1)
    let chunks = (count + Self.chunk - 1) / Self.chunk
    var partials = [Double](repeating: 0, count: chunks)
    try partials.withUnsafeMutableBufferPointer { partials in
      try parallel(count, grain: Self.chunk) { range in
        partials[range.lowerBound / Self.chunk] =
          kernels.pointee.sum_of_squares(from + range.lowerBound, Int64(range.count))
      }
    }
    let total = partials.reduce(0, +)
    to[0] = accumulates ? Float(Double(to[0]) + total) : Float(total)
  }

  /// One AdamW update: the parameter that comes of it is written over the gradient.
  /// - Throws: `Interrupted`.
  public func adamW(
    parameter: Region, gradient: Region, firstMoment: Region, secondMoment: Region,
    squaredNorm: Region, count: Int, _ step: AdamWStep
  ) throws {
    let p = try parameter.floats(count)
    let g = try gradient.writableFloats(count)
    let m = try firstMoment.writableFloats(count)
    let v = try secondMoment.writableFloats(count)
    var scale: Float = 1
    if let clip = step.clip {
      let ratio = try clip / (squaredNorm.floats(1)[0].squareRoot() + 1e-6)
      // A NaN must reach the weights, where it is found, rather than be taken for 1.
      scale = ratio >= 1 ? 1 : ratio
    }
    var numbers = step.numbers(gradientScale: scale)
    try withUnsafePointer(to: &numbers) { numbers in
      try parallel(count, grain: Self.elementGrain) { range in
        let i = range.lowerBound
        kernels.pointee.adam_w(numbers, p + i, g + i, m + i, v + i, Int64(range.count))
      }
    }
  }
}

extension AdamWStep {
  /// What the loop needs.
  fileprivate func numbers(gradientScale: Float) -> pare_adam_w {
    pare_adam_w(
      gradient_scale: gradientScale, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
      rate: rate, second_correction: secondCorrection)
  }
}
