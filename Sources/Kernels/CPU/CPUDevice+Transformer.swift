internal import CKernels

/// Norm, rotary embedding, activation and softmax, cut into pieces of rows; attention has its own
/// file.
extension CPUDevice {
  /// Elements of a piece of work: enough to outweigh handing it to a thread.
  static let grain = 1 << 14
  /// Rows whose share of a norm's weight gradient is summed in one piece.
  static let normBlock = 64

  static func rows(ofWidth width: Int) -> Int { max(1, grain / max(1, width)) }

  /// Memory for the length of `body`.
  /// - Throws: `KernelError.outOfMemory`, and what `body` throws.
  func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Void) throws {
    let buffer = try allocate(count, .f32)
    try withExtendedLifetime(buffer) { try body(buffer.start.writableFloats(count)) }
  }

  /// out = weight · x / √(Σ x² / divisor + ε); see `TransformerOperations`.
  /// - Throws: `Interrupted`.
  public func rmsNorm(
    _ x: Region, weight: Region, to out: Region, inverse: Region, _ shape: NormShape
  ) throws {
    let width = shape.width
    let count = shape.rows * width
    let (x, weight) = try (x.floats(count), weight.floats(width))
    let (out, inverse) = try (out.writableFloats(count), inverse.writableFloats(shape.rows))
    try parallel(shape.rows, grain: Self.rows(ofWidth: width)) { rows in
      let offset = rows.lowerBound * width
      kernels.pointee.rms_norm(
        x + offset, weight, out + offset, inverse + rows.lowerBound, Int64(rows.count),
        Int64(width), Int64(shape.divisor), shape.epsilon)
    }
  }

  /// The gradients of `rmsNorm`; see `TransformerOperations`. That of the weight is summed over
  /// fixed blocks of rows, then over the blocks in order.
  /// - Throws: `Interrupted`, `KernelError.outOfMemory`.
  public func rmsNormGradient(
    _ dOut: Region, x: Region, weight: Region, inverse: Region, dx: Region, dWeight: Region?,
    accumulates: Bool, _ shape: NormShape
  ) throws {
    let (rows, width) = (shape.rows, shape.width)
    let count = rows * width
    let (dOut, x) = try (dOut.floats(count), x.floats(count))
    let (weight, inverse) = try (weight.floats(width), inverse.floats(rows))
    let dx = try dx.writableFloats(count)
    let block = dWeight == nil ? Self.rows(ofWidth: width) : Self.normBlock
    try sumByBlocks(rows, block, width, to: dWeight, accumulates) { rows, sums in
      let offset = rows.lowerBound * width
      kernels.pointee.rms_norm_gradient(
        dOut + offset, x + offset, weight, inverse + rows.lowerBound, dx + offset, sums,
        Int64(rows.count), Int64(width), Int64(shape.divisor))
    }
  }

  /// Calls `body` with every block of rows, in parallel, and where there is a target with zeros
  /// [width] for it to add the block's share to; the target receives their sum in the blocks'
  /// order.
  /// - Throws: `Interrupted`, `KernelError.outOfMemory`.
  func sumByBlocks(
    _ rows: Int, _ block: Int, _ width: Int, to target: Region?, _ accumulates: Bool,
    operation: String = #function, _ body: (Range<Int>, UnsafeMutablePointer<Float>?) -> Void
  ) throws {
    guard let target = try target?.writableFloats(width) else {
      return try parallel(rows, grain: block, operation: operation) { body($0, nil) }
    }
    let blocks = (rows + block - 1) / block
    if blocks == 0, !accumulates { target.update(repeating: 0, count: width) }
    try withScratch(blocks * width) { partial in
      try parallel(rows, grain: block, operation: operation) { rows in
        let sums = partial + rows.lowerBound / block * width
        sums.update(repeating: 0, count: width)
        body(rows, sums)
      }
      let grain = max(1, Self.grain / max(1, blocks))
      try parallel(width, grain: grain, operation: operation) { columns in
        kernels.pointee.norm_weight_sum(
          partial, Int64(blocks), Int64(width), target, Int64(columns.lowerBound),
          Int64(columns.upperBound), accumulates ? 1 : 0)
      }
    }
  }

  /// Rotary position embedding; see `TransformerOperations`.
  /// - Throws: `Interrupted`.
  public func rotary(
    _ x: Region, cosines: Region, sines: Region, to out: Region, _ shape: RotaryShape
  ) throws {
    let row = shape.heads * shape.headDim
    let positions = shape.batch * shape.time
    let half = shape.rotary / 2
    let tables = (shape.firstPosition + shape.time) * half
    let (x, out) = try (x.floats(positions * row), out.writableFloats(positions * row))
    let (cosines, sines) = try (cosines.floats(tables), sines.floats(tables))
    try parallel(positions, grain: Self.rows(ofWidth: row)) { range in
      for index in range {
        let entry = (shape.firstPosition + index % shape.time) * half
        kernels.pointee.rotary(
          x + index * row, cosines + entry, sines + entry, out + index * row, Int64(shape.heads),
          Int64(shape.headDim), Int64(shape.rotary), shape.inverse ? -1 : 1)
      }
    }
  }

  /// out = silu(gate) · up.
  /// - Throws: `Interrupted`.
  public func swiglu(gate: Region, up: Region, to out: Region, count: Int) throws {
    let (gate, up) = try (gate.floats(count), up.floats(count))
    let out = try out.writableFloats(count)
    try parallel(count, grain: Self.grain) { range in
      let first = range.lowerBound
      kernels.pointee.swiglu(gate + first, up + first, out + first, Int64(range.count))
    }
  }

  /// The gradients of `swiglu`; dUp may be the place of dOut.
  /// - Throws: `Interrupted`.
  public func swigluGradient(
    _ dOut: Region, gate: Region, up: Region, dGate: Region, dUp: Region, count: Int
  ) throws {
    let (dOut, gate, up) = try (dOut.floats(count), gate.floats(count), up.floats(count))
    let (dGate, dUp) = try (dGate.writableFloats(count), dUp.writableFloats(count))
    try parallel(count, grain: Self.grain) { range in
      let first = range.lowerBound
      kernels.pointee.swiglu_gradient(
        dOut + first, gate + first, up + first, dGate + first, dUp + first, Int64(range.count))
    }
  }

  /// out = softmax of each row; x may be the place of out.
  /// - Throws: `Interrupted`.
  public func softmax(_ x: Region, to out: Region, rows: Int, width: Int) throws {
    let (x, out) = try (x.floats(rows * width), out.writableFloats(rows * width))
    try parallel(rows, grain: Self.rows(ofWidth: width)) { rows in
      let offset = rows.lowerBound * width
      kernels.pointee.softmax(x + offset, out + offset, Int64(rows.count), Int64(width))
    }
  }
}
