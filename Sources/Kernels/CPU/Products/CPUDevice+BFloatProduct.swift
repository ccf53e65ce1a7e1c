internal import CKernels

/// Products of operands rounded to bf16, with sums in f32.
extension CPUDevice {
  /// One product, on the processor's bf16 units where it has them.
  /// - Throws: `KernelError.outOfMemory`, `KernelError.failed`, `Interrupted`.
  func multiplyRounded(_ p: HostProduct) throws {
    if p.rows == 1, p.rightIsWeight { return try multiplyRow(p) }
    guard let units = units?.pointee else { return try multiplyRoundedFloats(p) }
    let panels = try panels(of: p)
    try withExtendedLifetime(panels) {
      try forEachTile(of: p, units) { left, rows, columns in
        let offset = rows.lowerBound * p.columns
        var product = pare_panel_product(
          left: left, panels: panels.bfloats, inner: Int64(p.paddedInner),
          columns: Int64(p.columns), start: p.start.map { $0 + offset },
          start_row: Int64(p.columns), out: p.out + offset, out_row: Int64(p.columns))
        units.multiply(&product, Int64(rows.count), columns.first, columns.end)
      }
    }
  }

  /// The same numbers by f32 products: a product of two bf16 numbers is exact in f32.
  private func multiplyRoundedFloats(_ p: HostProduct) throws {
    let left = try allocate(p.rows * p.inner, .f32)
    let right = try allocate(p.inner * p.columns, .f32)
    try round(p.left, to: left)
    try round(p.rightElements(), to: right)
    var rounded = p
    rounded.left = try left.start.floats(left.count)
    rounded.right = right.start
    try withExtendedLifetime(left) { try multiplyFloats(rounded) }
  }

  private func round(_ source: UnsafePointer<Float>, to buffer: Buffer) throws {
    let target = try buffer.start.writableFloats(buffer.count)
    try parallel(buffer.count, grain: Self.elementGrain, operation: "packing") { range in
      kernels.pointee.round_to_bfloat(
        source + range.lowerBound, target + range.lowerBound, Int64(range.count))
    }
  }

  /// Calls `body` with the converted left factor, the rows and the panels of every tile. Rows are
  /// converted by the thread that multiplies them, or all beforehand where several tiles need them.
  func forEachTile(
    of p: HostProduct, _ units: pare_bfloat_units,
    _ body: (UnsafePointer<UInt16>, Range<Int>, _ panels: (first: Int64, end: Int64)) throws -> Void
  ) throws {
    let plan = ProductPlan(rows: p.rows, columns: p.columns, inner: p.paddedInner, isWhole: true)
    let isShared = plan.columnSlice < p.columns
    // Where each row belongs to one tile, threads use a slice's place again and again.
    let isReused = !isShared && threads * plan.rowSlice < p.rows
    let converted = try memoryPool.allocate(
      (isReused ? threads * plan.rowSlice : p.rows) * p.paddedInner, elementSize: 2)
    let left = converted.bfloats
    if isShared { try convertLeft(p, units, to: left) }
    try withExtendedLifetime(converted) {
      try parallelTiles(p, plan) { rows, columns, lane in
        let place = left + (isReused ? lane * plan.rowSlice : rows.lowerBound) * p.paddedInner
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
