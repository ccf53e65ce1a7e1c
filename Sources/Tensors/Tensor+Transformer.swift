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
    let (x, target) = (saved, target)
    func remake() throws -> Tensor {
      let again = try Tensor(uninitialized: target.shape, on: target.device)
      // The reciprocal roots are the same as before.
      try target.device.rmsNorm(
        x.value().region, weight: weight.region, to: again.region, inverse: inverse.region, norm)
      return again
    }
    result.recordOrigin([self, weight], remake: remake) { gradient, gradients in
      let dx = try Tensor(uninitialized: target.shape, on: target.device)
      let dWeight = try gradients.destination(for: weight)
      try target.device.rmsNormGradient(
        gradient.region, x: x.value().region, weight: weight.region, inverse: inverse.region,
        dx: dx.region, dWeight: dWeight?.region, accumulates: dWeight?.accumulates ?? false, norm)
      try gradients.add(dx, to: target)
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
    let target = target
    result.recordOrigin([self]) { gradient, gradients in
      let dx = try Tensor(uninitialized: gradient.shape, on: gradient.device)
      try gradient.device.rotary(
        gradient.region, cosines: cosines.region, sines: sines.region, to: dx.region, back)
      try gradients.add(dx, to: target)
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
    func product(_ gate: Tensor, _ up: Tensor) throws -> Tensor {
      let result = try Tensor(uninitialized: gate.shape, on: gate.device)
      try gate.device.swiglu(
        gate: gate.region, up: up.region, to: result.region, count: gate.count)
      return result
    }
    let result = try product(self, up)
    let (gate, upper, gateTarget, upTarget) = (saved, up.saved, target, up.target)
    result.recordOrigin([self, up], remake: { try product(gate.value(), upper.value()) }) {
      gradient, gradients in
      let (gate, up) = try (gate.value(), upper.value())
      let dGate = try Tensor(uninitialized: gate.shape, on: gate.device)
      let dUp = try Tensor(uninitialized: up.shape, on: up.device)
      try gate.device.swigluGradient(
        gradient.region, gate: gate.region, up: up.region, dGate: dGate.region, dUp: dUp.region,
        count: gate.count)
      try gradients.add(dGate, to: gateTarget)
      try gradients.add(dUp, to: upTarget)
    }
    return result
  }
}
