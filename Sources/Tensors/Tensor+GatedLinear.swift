import Kernels

extension Tensor {
  /// The neurons of a gated MLP, silu(x Gᵀ) · (x Uᵀ) (arXiv 2002.05202), and the gate's projection
  /// x Gᵀ: in one product that keeps neither projection where no gradient asks for them.
  ///
  /// Shape: this tensor [..., in], both weights [out, in]; results [..., out].
  /// - Parameter showsGate: whether the gate's projection is wanted.
  /// - Throws: what the device throws.
  package func gatedLinear(
    gate: Tensor, up: Tensor, showsGate: Bool = false
  ) throws -> (neurons: Tensor, gate: Tensor?) {
    precondition(
      shape.last == gate.shape[1] && gate.shape == up.shape,
      "gatedLinear: \(shape) meets weights \(gate.shape) and \(up.shape)")
    if needsGradient || gate.needsGradient || up.needsGradient {
      let projection = try linear(gate)
      return (try projection.swiglu(up: linear(up)), projection)
    }
    let columns = gate.shape[0]
    let lead = shape.dropLast()
    let neurons = try Tensor(uninitialized: lead + [columns], on: device)
    let projection = showsGate ? try Tensor(uninitialized: neurons.shape, on: device) : nil
    var product = GatedProduct(
      region, gate: gate.region, up: up.region, to: neurons.region, rows: lead.reduce(1, *),
      columns: columns, inner: gate.shape[1])
    product.rightsAreWeights = true
    product.projectedGate = projection?.region
    try device.multiply(product)
    return (neurons, projection)
  }
}
