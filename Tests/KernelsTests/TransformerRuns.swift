import Kernels

extension AttentionReference {
  /// Random operands of a shape, uniform up to `magnitude`.
  init(shape: AttentionShape, magnitude: Float) {
    let keys = shape.batch * shape.keyCapacity * shape.kvHeads * shape.headDim
    let queries = shape.batch * shape.queries * shape.heads * shape.headDim
    self.init(
      shape: shape, q: uniform(queries, seed: 1).map { $0 * magnitude },
      k: uniform(keys, seed: 2).map { $0 * magnitude },
      v: uniform(keys, seed: 3).map { $0 * magnitude })
  }

  /// What a device makes of the same operands.
  func forward(on device: any Device) throws -> (out: [Float], logSumExp: [Float]) {
    let out = try device.blank(q.count)
    let logSumExp = try device.blank(shape.batch * shape.heads * shape.queries)
    try device.attention(
      q: device.floats(q), k: device.floats(k), v: device.floats(v), to: out,
      logSumExp: logSumExp, shape)
    return (try device.read(out), try device.read(logSumExp))
  }

  /// The device's gradients, after its own forward pass.
  func gradients(_ dOut: [Float], on device: any Device) throws
    -> (dq: [Float], dk: [Float], dv: [Float])
  {
    let (q, k, v) = try (device.floats(q), device.floats(k), device.floats(v))
    let out = try device.blank(dOut.count)
    let logSumExp = try device.blank(shape.batch * shape.heads * shape.queries)
    try device.attention(q: q, k: k, v: v, to: out, logSumExp: logSumExp, shape)
    let dq = try device.blank(dOut.count)
    let (dk, dv) = try (device.blank(self.k.count), device.blank(self.v.count))
    try device.attentionGradient(
      device.floats(dOut), q: q, k: k, v: v, out: out, logSumExp: logSumExp, dq: dq, dk: dk,
      dv: dv, shape)
    return (try device.read(dq), try device.read(dk), try device.read(dv))
  }
}

extension NormReference {
  /// Random operands of a shape; elements past the divisor are masked channels, which are zero.
  init(_ shape: NormShape) {
    var x = uniform(shape.rows * shape.width, seed: 11).map { $0 * 3 }
    for i in x.indices where i % shape.width >= shape.divisor { x[i] = 0 }
    self.init(shape: shape, x: x, weight: uniform(shape.width, seed: 12).map { $0 + 1 })
  }

  /// The device's gradients from the exact reciprocal roots; `before` is what dWeight holds.
  func gradients(
    _ dOut: [Float], _ before: [Float], accumulates: Bool, on device: any Device
  ) throws -> (dx: [Float], dWeight: [Float]) {
    let inverse = try device.floats((0..<shape.rows).map { Float(self.inverse($0)) })
    let dx = try device.blank(dOut.count)
    let dWeight = try device.floats(before)
    try device.rmsNormGradient(
      device.floats(dOut), x: device.floats(x), weight: device.floats(weight), inverse: inverse,
      dx: dx, dWeight: dWeight, accumulates: accumulates, shape)
    return (try device.read(dx), try device.read(dWeight))
  }
}
