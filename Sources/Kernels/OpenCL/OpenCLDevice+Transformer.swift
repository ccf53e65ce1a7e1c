/// Norm, rotary embedding, activation and softmax: norm.cl, rotary.cl, activation.cl, softmax.cl.
extension OpenCLDevice {
  /// Rows whose share of a norm's weight gradient is summed in one piece.
  static let normBlock = 64

  /// out = weight · x / √(Σ x² / divisor + ε); see `TransformerOperations`.
  /// - Throws: `KernelError`, `Interrupted`.
  public func rmsNorm(
    _ x: Region, weight: Region, to out: Region, inverse: Region, _ shape: NormShape
  ) throws {
    let count = shape.rows * shape.width
    try launchRows(
      "rms_norm", of: .norm,
      [
        .region(x, count: count), .region(weight, count: shape.width), .region(out, count: count),
        .region(inverse, count: shape.rows), .long(shape.width), .float(Float(shape.divisor)),
        .float(shape.epsilon),
      ], rows: shape.rows, width: shape.width)
  }

  /// The gradients of `rmsNorm`; see `TransformerOperations`. That of the weight is summed over
  /// fixed blocks of rows, then over the blocks in order.
  /// - Throws: `KernelError`, `Interrupted`.
  public func rmsNormGradient(
    _ dOut: Region, x: Region, weight: Region, inverse: Region, dx: Region, dWeight: Region?,
    accumulates: Bool, _ shape: NormShape
  ) throws {
    let (rows, width) = (shape.rows, shape.width)
    // The weight's gradient first: dx may be the place of dOut.
    if let dWeight {
      let blocks = (rows + Self.normBlock - 1) / Self.normBlock
      let partial = try allocate(blocks * width, .f32).start
      try launchItems(
        "rms_norm_weight_gradient", of: .norm,
        [
          .region(dOut, count: rows * width), .region(x, count: rows * width),
          .region(inverse, count: rows), .region(partial, count: blocks * width), .long(rows),
          .long(width), .long(Self.normBlock),
        ], items: blocks * units(width), work: rows * width * 4)
      try sumNormShares(partial, blocks: blocks, width: width, to: dWeight, accumulates)
    }
    try launchRows(
      "rms_norm_gradient", of: .norm,
      [
        .region(dOut, count: rows * width), .region(x, count: rows * width),
        .region(weight, count: width), .region(inverse, count: rows),
        .region(dx, count: rows * width), .long(width), .float(Float(shape.divisor)),
      ], rows: rows, width: width)
  }

  /// Rotary position embedding; see `TransformerOperations`.
  /// - Throws: `KernelError`, `Interrupted`.
  public func rotary(
    _ x: Region, cosines: Region, sines: Region, to out: Region, _ shape: RotaryShape
  ) throws {
    let positions = shape.batch * shape.time
    let row = shape.heads * shape.headDim
    let tables = (shape.firstPosition + shape.time) * (shape.rotary / 2)
    try launchRows(
      "rotary", of: .rotary,
      [
        .region(x, count: positions * row), .region(cosines, count: tables),
        .region(sines, count: tables), .region(out, count: positions * row), .int(shape.time),
        .int(shape.heads), .int(shape.headDim), .int(shape.rotary), .long(shape.firstPosition),
        .float(shape.inverse ? -1 : 1),
      ], rows: positions, width: row)
  }

  /// out = silu(gate) · up.
  /// - Throws: `KernelError`, `Interrupted`.
  public func swiglu(gate: Region, up: Region, to out: Region, count: Int) throws {
    try launchElements(
      "swiglu", of: .activation,
      [.region(gate, count: count), .region(up, count: count), .region(out, count: count)],
      count: count, workAnElement: 16)
  }

  /// The gradients of `swiglu`; dUp may be the place of dOut.
  /// - Throws: `KernelError`, `Interrupted`.
  public func swigluGradient(
    _ dOut: Region, gate: Region, up: Region, dGate: Region, dUp: Region, count: Int
  ) throws {
    try launchElements(
      "swiglu_gradient", of: .activation,
      [
        .region(dOut, count: count), .region(gate, count: count), .region(up, count: count),
        .region(dGate, count: count), .region(dUp, count: count),
      ], count: count, workAnElement: 16)
  }

  /// out = softmax of each row; x may be the place of out.
  /// - Throws: `KernelError`, `Interrupted`.
  public func softmax(_ x: Region, to out: Region, rows: Int, width: Int) throws {
    try launchRows(
      "softmax", of: .softmax,
      [.region(x, count: rows * width), .region(out, count: rows * width), .long(width)],
      rows: rows, width: width)
  }
}
