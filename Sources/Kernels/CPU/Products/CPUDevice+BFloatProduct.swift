internal import CKernels

/// Products of operands rounded to bf16, with sums in f32.
extension CPUDevice {
  /// One product, on the processor's bf16 units where it has them.
  /// - Throws: `KernelError.outOfMemory`, `KernelError.failed`, `Interrupted`.
  func multiplyRounded(_ p: HostProduct) throws {
    guard let units = units?.pointee else { return try multiplyRoundedFloats(p) }
    let panels = try panels(of: p, units)
    try withExtendedLifetime(panels) {
      if p.rows == 1 { return try multiplyRow(p, panels: panels, units) }
      try multiply(p, panels: panels, units)
    }
  }

  /// The same numbers by f32 products: a product of two bf16 numbers is exact in f32.
  private func multiplyRoundedFloats(_ p: HostProduct) throws {
    let (leftCount, rightCount) = (p.rows * p.inner, p.inner * p.columns)
    let left = try memoryPool.allocate(leftCount, elementSize: 4)
    let right = try memoryPool.allocate(rightCount, elementSize: 4)
    defer { withExtendedLifetime((left, right)) {} }
    var rounded = p
    rounded.left = try round(p.left, leftCount, into: left)
    rounded.right = try round(p.right, rightCount, into: right)
    try multiplyFloats(rounded)
  }

  private func round(_ source: UnsafePointer<Float>, _ count: Int, into block: MemoryBlock) throws
    -> UnsafePointer<Float>
  {
    let target = block.pointer.bindMemory(to: Float.self, capacity: count)
    try parallel(count, grain: Self.elementGrain, operation: "packing") { range in
      kernels.pointee.round_to_bfloat(
        source + range.lowerBound, target + range.lowerBound, Int64(range.count))
    }
    return UnsafePointer(target)
  }

  /// The right factor in panels of bf16: a weight's are kept, others are made for this product.
  private func panels(of p: HostProduct, _ units: pare_bfloat_units) throws -> MemoryBlock {
    let allocate = {
      try self.memoryPool.allocate(p.panelCount * p.paddedInner * 64, elementSize: 2)
    }
    guard let (buffer, offset) = p.weight else {
      let block = try allocate()
      try pack(p, units, into: block)
      return block
    }
    let key = PackedWeights.Key(
      offset: offset, inner: p.inner, columns: p.columns, isTransposed: p.transposeRight)
    return try buffer.packs.pack(key, version: buffer.version, allocate: allocate) {
      try pack(p, units, into: $0)
    }
  }

  private func pack(_ p: HostProduct, _ units: pare_bfloat_units, into block: MemoryBlock) throws {
    let target = block.bfloats
    let loop = p.transposeRight ? units.pack_panels_transposed : units.pack_panels
    let grain = max(1, Self.elementGrain * 2 / (p.paddedInner * 64))
    try parallel(p.panelCount, grain: grain, operation: "packing") { range in
      loop?(
        p.right, Int64(p.rightStride), target, Int64(p.inner), Int64(p.columns),
        Int64(range.lowerBound), Int64(range.upperBound))
    }
  }

  /// One row times packed panels: as fast as memory gives them.
  private func multiplyRow(
    _ p: HostProduct, panels: MemoryBlock, _ units: pare_bfloat_units
  ) throws {
    let block = try memoryPool.allocate(p.paddedInner, elementSize: 4)
    defer { withExtendedLifetime(block) {} }
    let row = block.pointer.bindMemory(to: Float.self, capacity: p.paddedInner)
    row.update(repeating: 0, count: p.paddedInner)
    kernels.pointee.round_to_bfloat(p.left, row, Int64(p.inner))
    let weights = panels.bfloats
    let grain = max(1, Self.elementGrain * 4 / (p.paddedInner * 64))
    try parallel(p.panelCount, grain: grain, operation: "products") { range in
      units.multiply_row(
        row, weights, p.out, Int64(p.paddedInner), Int64(p.columns), Int64(range.lowerBound),
        Int64(range.upperBound), p.accumulates ? 1 : 0)
    }
  }

  private func multiply(
    _ p: HostProduct, panels: MemoryBlock, _ units: pare_bfloat_units
  ) throws {
    try forEachTile(of: p, units) { left, rows, columns in
      let offset = rows.lowerBound * p.columns
      var product = pare_panel_product(
        left: left, panels: panels.bfloats, inner: Int64(p.paddedInner),
        columns: Int64(p.columns), start: p.start.map { $0 + offset },
        start_row: Int64(p.columns), out: p.out + offset, out_row: Int64(p.columns))
      units.multiply(&product, Int64(rows.count), columns.first, columns.end)
    }
  }

  /// The product of a gated MLP: the activation follows the products piece by piece.
  /// - Throws: `KernelError.outOfMemory`, `KernelError.failed`, `Interrupted`.
  public func multiply(_ product: GatedProduct) throws {
    let (rows, columns, inner) = (product.rows, product.columns, product.inner)
    guard precision == .bf16, let units = units?.pointee, rows > 1, columns > 0, inner > 0 else {
      return try multiplySeparately(product)
    }
    record { $0.products += 2 }
    productLog.note(product)
    let out = try product.out.writableFloats(rows * columns)
    let projectedGate = try product.projectedGate?.writableFloats(rows * columns)
    let left = try product.left.floats(rows * inner)
    let weights = try [product.gate, product.up].map { weight in
      HostProduct(
        left: left, right: try weight.floats(columns * inner), out: out, rows: rows,
        columns: columns, inner: inner, transposeLeft: false, transposeRight: true,
        accumulates: false,
        weight: product.rightsAreWeights ? (try weight.hostBuffer(), weight.offset) : nil)
    }
    let panels = try weights.map { try self.panels(of: $0, units) }
    let p = weights[0]
    try withExtendedLifetime(panels) {
      try forEachTile(of: p, units) { left, rows, tile in
        let offset = rows.lowerBound * columns
        var part = pare_gated_product(
          left: left, gate: panels[0].bfloats, up: panels[1].bfloats,
          inner: Int64(p.paddedInner), columns: Int64(columns), out: out + offset,
          projected_gate: projectedGate.map { $0 + offset }, row: Int64(columns))
        units.multiply_gated(&part, Int64(rows.count), tile.first, tile.end)
      }
    }
  }

  /// Calls `body` with the converted left factor, the rows and the panels of every tile. Rows are
  /// converted by the thread that multiplies them, or all beforehand where several tiles need them.
  private func forEachTile(
    of p: HostProduct, _ units: pare_bfloat_units,
    _ body: (UnsafePointer<UInt16>, Range<Int>, _ panels: (first: Int64, end: Int64)) throws -> Void
  ) throws {
    let plan = ProductPlan(rows: p.rows, columns: p.columns, inner: p.paddedInner, isWhole: true)
    let isShared = plan.columnSlice < p.columns
    let converted = try memoryPool.allocate(
      (isShared ? p.rows : threads * plan.rowSlice) * p.paddedInner, elementSize: 2)
    let left = converted.bfloats
    if isShared { try convertLeft(p, units, to: left) }
    try withExtendedLifetime(converted) {
      try parallelTiles(p, plan) { rows, columns, lane in
        let place = left + (isShared ? rows.lowerBound : lane * plan.rowSlice) * p.paddedInner
        if !isShared { convertLeft(p, rows, units, to: place) }
        let panels = (columns.lowerBound / 64, (columns.upperBound + 63) / 64)
        try body(place, rows, (Int64(panels.0), Int64(panels.1)))
      }
    }
  }

  private func convertLeft(
    _ p: HostProduct, _ units: pare_bfloat_units, to target: UnsafeMutablePointer<UInt16>
  ) throws {
    let grain = (max(1, Self.elementGrain / p.paddedInner) + 31) / 32 * 32
    try parallel(p.rows, grain: grain, operation: "packing") { rows in
      convertLeft(p, rows, units, to: target + rows.lowerBound * p.paddedInner)
    }
  }

  private func convertLeft(
    _ p: HostProduct, _ rows: Range<Int>, _ units: pare_bfloat_units,
    to target: UnsafeMutablePointer<UInt16>
  ) {
    if p.transposeLeft {
      units.transpose_rows(
        p.left + rows.lowerBound, Int64(p.rows), target, Int64(p.inner), Int64(rows.count),
        Int64(p.paddedInner))
    } else {
      units.convert_rows(
        p.left + rows.lowerBound * p.inner, Int64(p.inner), target, Int64(rows.count),
        Int64(p.inner), Int64(p.paddedInner))
    }
  }
}

extension HostProduct {
  /// The inner size filled up with zeros to whole blocks of the panels.
  fileprivate var paddedInner: Int { (inner + 31) / 32 * 32 }
  /// Panels of 64 columns.
  fileprivate var panelCount: Int { (columns + 63) / 64 }
}

extension MemoryBlock {
  /// The block as bf16 numbers.
  fileprivate var bfloats: UnsafeMutablePointer<UInt16> {
    pointer.assumingMemoryBound(to: UInt16.self)
  }
}
