import Kernels

extension Tensor {
  /// Root-mean-square norm over the last axis (arXiv 1910.07467).
  ///
  /// Shape: this tensor [..., width], weight [width].
  /// - Parameter divisor: what Σ x² is divided by, the width unless masked channels do not count.
  /// - Throws: what the device throws.
  package func rmsNorm(weight: Tensor, epsilon: Float, divisor: Int? = nil) throws -> Tensor {
    let width = weight.count
    let norm = NormShape(
      rows: count / Swift.max(width, 1), width: width, divisor: divisor, epsilon: epsilon)
    let result = try Tensor(uninitialized: shape, on: device)
    let inverse = try Tensor(uninitialized: [norm.rows], on: device)
    try device.rmsNorm(
      region, weight: weight.region, to: result.region, inverse: inverse.region, norm)
    result.recordOrigin([self, weight]) { gradient, gradients in
      let dx = try Tensor(uninitialized: self.shape, on: self.device)
      let dWeight = try gradients.destination(for: weight)
      try self.device.rmsNormGradient(
        gradient.region, x: self.region, weight: weight.region, inverse: inverse.region,
        dx: dx.region, dWeight: dWeight?.region, accumulates: dWeight?.accumulates ?? false, norm)
      try gradients.add(dx, to: self)
    }
    return result
  }

  /// Rotary position embedding of heads (arXiv 2104.09864), half-split layout.
  ///
  /// Shape: this tensor [batch, time, heads, headDim]; cosines, sines [positions, rotary/2].
  /// - Throws: what the device throws.
  package func rotary(cosines: Tensor, sines: Tensor, firstPosition: Int) throws -> Tensor {
    var rotation = RotaryShape(
      batch: shape[0], time: shape[1], heads: shape[2], headDim: shape[3],
      rotary: 2 * cosines.shape[1], firstPosition: firstPosition)
    precondition(firstPosition + shape[1] <= cosines.shape[0], "rotary: past the tables")
    let result = try Tensor(uninitialized: shape, on: device)
    try device.rotary(
      region, cosines: cosines.region, sines: sines.region, to: result.region, rotation)
    rotation.inverse = true
    let back = rotation
    result.recordOrigin([self]) { gradient, gradients in
      let dx = try Tensor(uninitialized: gradient.shape, on: gradient.device)
      try gradient.device.rotary(
        gradient.region, cosines: cosines.region, sines: sines.region, to: dx.region, back)
      try gradients.add(dx, to: self)
    }
    return result
  }

  /// Causal grouped-query attention of queries that end where the keys end.
  ///
  /// Shape: q [batch, T, heads, headDim]; k, v [batch, capacity, kvHeads, headDim], of which the
  /// first `keys` positions are used; result as q.
  /// - Throws: what the device throws.
  package static func attention(
    q: Tensor, k: Tensor, v: Tensor, keys: Int? = nil, window: Int? = nil
  ) throws -> Tensor {
    let sizes = AttentionShape(
      batch: q.shape[0], heads: q.shape[2], kvHeads: k.shape[2], headDim: q.shape[3],
      queries: q.shape[1], keys: keys ?? k.shape[1], keyCapacity: k.shape[1], window: window)
    let device = q.device
    let isRecorded = q.needsGradient || k.needsGradient || v.needsGradient
    let result = try Tensor(uninitialized: q.shape, on: device)
    let logSumExp =
      isRecorded
      ? try Tensor(uninitialized: [sizes.batch, sizes.heads, sizes.queries], on: device) : nil
    try device.attention(
      q: q.region, k: k.region, v: v.region, to: result.region, logSumExp: logSumExp?.region, sizes)
    guard let logSumExp else { return result }
    let out = Tensor(result.region, shape: result.shape)
    result.recordOrigin([q, k, v]) { gradient, gradients in
      let dq = try Tensor(uninitialized: q.shape, on: device)
      let dk = try Tensor(uninitialized: k.shape, on: device)
      let dv = try Tensor(uninitialized: v.shape, on: device)
      try device.attentionGradient(
        gradient.region, q: q.region, k: k.region, v: v.region, out: out.region,
        logSumExp: logSumExp.region, dq: dq.region, dk: dk.region, dv: dv.region, sizes)
      try gradients.add(dq, to: q)
      try gradients.add(dk, to: k)
      try gradients.add(dv, to: v)
    }
    return result
  }

  /// silu(gate) · up (arXiv 2002.05202), with this tensor as the gate.
  /// - Throws: what the device throws.
  package func swiglu(up: Tensor) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, on: device)
    try device.swiglu(gate: region, up: up.region, to: result.region, count: count)
    result.recordOrigin([self, up]) { gradient, gradients in
      let dGate = try Tensor(uninitialized: self.shape, on: self.device)
      let dUp = try Tensor(uninitialized: self.shape, on: self.device)
      try self.device.swigluGradient(
        gradient.region, gate: self.region, up: up.region, dGate: dGate.region, dUp: dUp.region,
        count: self.count)
      try gradients.add(dGate, to: self)
      try gradients.add(dUp, to: up)
    }
    return result
  }
}
