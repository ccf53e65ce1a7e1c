internal import CKernels

extension CPUDevice {
  /// The product of a gated MLP. In bf16 the activation follows the products piece by piece.
  /// - Throws: `KernelError.outOfMemory`, `KernelError.failed`, `Interrupted`.
  public func multiply(_ product: GatedProduct) throws {
    let (rows, columns, inner) = (product.rows, product.columns, product.inner)
    let isRow = rows == 1 && product.rightsAreWeights
    guard precision == .bf16, isRow || units != nil, rows > 0, columns > 0, inner > 0 else {
      return try multiplySeparately(product)
    }
    record { $0.products += 2 }
    productLog.note(product)
    let out = try product.out.writableFloats(rows * columns)
    let projectedGate = try product.projectedGate?.writableFloats(rows * columns)
    let left = try product.left.floats(rows * inner)
    func host(_ weight: Region) -> HostProduct {
      HostProduct(
        left: left, right: weight, out: out, rows: rows,
        columns: columns, inner: inner, transposeLeft: false, transposeRight: true,
        accumulates: false, rightIsWeight: product.rightsAreWeights)
    }
    let (gate, up) = (host(product.gate), host(product.up))
    if isRow {
      try multiplyGatedRow(gate: gate, up: up, projectedGate: projectedGate)
    } else if let units = units?.pointee {
      try multiplyGatedTiles(gate: gate, up: up, projectedGate: projectedGate, units)
    }
  }

  private func multiplyGatedTiles(
    gate: HostProduct, up: HostProduct, projectedGate: UnsafeMutablePointer<Float>?,
    _ units: pare_bfloat_units
  ) throws {
    let panels = try (gate: panels(of: gate), up: panels(of: up))
    try forEachTile(of: gate, units) { left, rows, tile in
      let offset = rows.lowerBound * gate.columns
      var part = pare_gated_product(
        left: left, gate: panels.gate.bfloats, up: panels.up.bfloats,
        inner: Int64(gate.paddedInner), columns: Int64(gate.columns), out: gate.out + offset,
        projected_gate: projectedGate.map { $0 + offset }, row: Int64(gate.columns))
      units.multiply_gated(&part, Int64(rows.count), tile.first, tile.end)
    }
    withExtendedLifetime(panels) {}
  }
}
