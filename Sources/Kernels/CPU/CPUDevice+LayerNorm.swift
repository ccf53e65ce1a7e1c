internal import CKernels

/// The layer norm and the activations of an MLP without a gate.
extension CPUDevice {
  /// out = weight · (x − mean) · inverse + bias; see `TransformerOperations`.
  /// - Throws: `Interrupted`.
  public func layerNorm(
    _ x: Region, weight: Region, bias: Region, to out: Region, mean: Region, inverse: Region,
    _ shape: NormShape
  ) throws {
    let width = shape.width
    let count = shape.rows * width
    let (x, out) = try (x.floats(count), out.writableFloats(count))
    let (weight, bias) = try (weight.floats(width), bias.floats(width))
    let (mean, inverse) = try (
      mean.writableFloats(shape.rows), inverse.writableFloats(shape.rows)
    )
    try parallel(shape.rows, grain: Self.rows(ofWidth: width)) { rows in
      let offset = rows.lowerBound * width
      kernels.pointee.layer_norm(
        x + offset, weight, bias, out + offset, mean + rows.lowerBound, inverse + rows.lowerBound,
        Int64(rows.count), Int64(width), Int64(shape.divisor), shape.epsilon)
    }
  }

  /// The gradients of `layerNorm`; see `TransformerOperations`. That of the weight is summed over
  /// fixed blocks of rows, then over the blocks in order.
  /// - Throws: `Interrupted`, `KernelError.outOfMemory`.
  public func layerNormGradient(
    _ dOut: Region, x: Region, weight: Region, mean: Region, inverse: Region, dx: Region,
    dWeight: Region?, accumulates: Bool, _ shape: NormShape
  ) throws {
    let (rows, width) = (shape.rows, shape.width)
    let count = rows * width
    let (dOut, x) = try (dOut.floats(count), x.floats(count))
    let (mean, inverse) = try (mean.floats(rows), inverse.floats(rows))
    let (weight, dx) = try (weight.floats(width), dx.writableFloats(count))
    let block = dWeight == nil ? Self.rows(ofWidth: width) : Self.normBlock
    try sumByBlocks(rows, block, width, to: dWeight, accumulates) { rows, sums in
      let offset = rows.lowerBound * width
      kernels.pointee.layer_norm_gradient(
        dOut + offset, x + offset, weight, mean + rows.lowerBound, inverse + rows.lowerBound,
        dx + offset, sums, Int64(rows.count), Int64(width), Int64(shape.divisor))
    }
  }

  /// out[i] = f(x[i]); x may be the place of out.
  /// - Throws: `Interrupted`.
  public func activate(_ function: ActivationFunction, _ x: Region, to out: Region, count: Int)
    throws
  {
    let (x, out) = try (x.floats(count), out.writableFloats(count))
    try parallel(count, grain: Self.grain) { range in
      let first = range.lowerBound
      kernels.pointee.activate(function.code, x + first, out + first, Int64(range.count))
    }
  }

  /// dx[i] = dOut[i] · f'(x[i]); dx may be the place of dOut.
  /// - Throws: `Interrupted`.
  public func activationGradient(
    _ function: ActivationFunction, _ dOut: Region, x: Region, dx: Region, count: Int
  ) throws {
    let (dOut, x) = try (dOut.floats(count), x.floats(count))
    let dx = try dx.writableFloats(count)
    try parallel(count, grain: Self.grain) { range in
      let first = range.lowerBound
      kernels.pointee.activation_gradient(
        function.code, dOut + first, x + first, dx + first, Int64(range.count))
    }
  }
}

extension ActivationFunction {
  fileprivate var code: pare_activation {
    switch self {
    case .squaredReLU: PARE_SQUARED_RELU
    case .tanhGELU: PARE_TANH_GELU
    }
  }
}
