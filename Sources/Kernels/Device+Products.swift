/// What fused products come to on a device that has none.
extension Device {
  /// The same product with its addend copied to the place of the result.
  func addendInPlace(_ product: MatrixProduct) throws -> MatrixProduct {
    var product = product
    if let addend = product.addend {
      let count = product.batch * product.rows * product.columns
      try copy(
        Strided(addend, contiguous: [count]), to: Strided(product.out, contiguous: [count]),
        shape: [count])
      product.addend = nil
      product.accumulates = true
    }
    return product
  }

  /// The two products, each by itself, and the activation.
  /// - Throws: what they throw.
  package func multiplySeparately(_ p: GatedProduct) throws {
    let count = p.rows * p.columns
    let gate = try p.projectedGate ?? allocate(count, .f32).start
    let up = try allocate(count, .f32).start
    for (weight, projection) in [(p.gate, gate), (p.up, up)] {
      var product = MatrixProduct(
        p.left, weight, to: projection, rows: p.rows, columns: p.columns, inner: p.inner,
        transposeRight: true)
      product.rightIsWeight = p.rightsAreWeights
      try multiply(product)
    }
    try swiglu(gate: gate, up: up, to: p.out, count: count)
  }
}
