/// The layer norm and the activations of an MLP without a gate: layer_norm.cl, activation.cl.
extension OpenCLDevice {
  /// out = weight · (x − mean) · inverse + bias; see `TransformerOperations`.
  /// - Throws: `KernelError`, `Interrupted`.
  public func layerNorm(
    _ x: Region, weight: Region, bias: Region, to out: Region, mean: Region, inverse: Region,
    _ shape: NormShape
  ) throws {
    let count = shape.rows * shape.width
    try launchRows(
      "layer_norm", of: .norm,
      [
        .region(x, count: count), .region(weight, count: shape.width),
        .region(bias, count: shape.width), .region(out, count: count),
        .region(mean, count: shape.rows), .region(inverse, count: shape.rows), .long(shape.width),
        .float(Float(shape.divisor)), .float(Float(shape.width - shape.divisor)),
        .float(shape.epsilon),
      ], rows: shape.rows, width: shape.width)
  }

  /// The gradients of `layerNorm`; see `TransformerOperations`. That of the weight is summed over
  /// fixed blocks of rows, then over the blocks in order.
  /// - Throws: `KernelError`, `Interrupted`.
  public func layerNormGradient(
    _ dOut: Region, x: Region, weight: Region, mean: Region, inverse: Region, dx: Region,
    dWeight: Region?, accumulates: Bool, _ shape: NormShape
  ) throws {
    let (rows, width) = (shape.rows, shape.width)
    // The weight's gradient first: dx may be the place of dOut.
    if let dWeight {
      let blocks = (rows + Self.normBlock - 1) / Self.normBlock
      let partial = try allocate(blocks * width, .f32).start
      try launchItems(
        "layer_norm_weight_gradient", of: .norm,
        [
          .region(dOut, count: rows * width), .region(x, count: rows * width),
          .region(mean, count: rows), .region(inverse, count: rows),
          .region(partial, count: blocks * width), .long(rows), .long(width),
          .long(Self.normBlock),
        ], items: blocks * units(width), work: rows * width * 4)
      try sumNormShares(partial, blocks: blocks, width: width, to: dWeight, accumulates)
    }
    try launchRows(
      "layer_norm_gradient", of: .norm,
      [
        .region(dOut, count: rows * width), .region(x, count: rows * width),
        .region(weight, count: width), .region(mean, count: rows), .region(inverse, count: rows),
        .region(dx, count: rows * width), .long(width), .float(Float(shape.divisor)),
      ], rows: rows, width: width)
  }

  /// The blocks' shares of a norm's weight gradient, [blocks, width], summed into it in their
  /// order.
  func sumNormShares(
    _ partial: Region, blocks: Int, width: Int, to dWeight: Region, _ accumulates: Bool
  ) throws {
    try launchItems(
      "norm_weight_sum", of: .norm,
      [
        .region(partial, count: blocks * width), .region(dWeight, count: width), .long(blocks),
        .long(width), .bool(accumulates),
      ], items: units(width), work: blocks * width)
  }

  /// out[i] = f(x[i]); x may be the place of out.
  /// - Throws: `KernelError`, `Interrupted`.
  public func activate(_ function: ActivationFunction, _ x: Region, to out: Region, count: Int)
    throws
  {
    try launchElements(
      function.kernel, of: .activation, [.region(x, count: count), .region(out, count: count)],
      count: count, workAnElement: 16)
  }

  /// dx[i] = dOut[i] · f'(x[i]); dx may be the place of dOut.
  /// - Throws: `KernelError`, `Interrupted`.
  public func activationGradient(
    _ function: ActivationFunction, _ dOut: Region, x: Region, dx: Region, count: Int
  ) throws {
    try launchElements(
      function.kernel + "_gradient", of: .activation,
      [.region(dOut, count: count), .region(x, count: count), .region(dx, count: count)],
      count: count, workAnElement: 16)
  }
}

extension ActivationFunction {
  fileprivate var kernel: String {
    switch self {
    case .squaredReLU: "squared_relu"
    case .tanhGELU: "tanh_gelu"
    }
  }
}
