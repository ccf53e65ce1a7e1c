internal import CKernels

/// Products in f32.
extension CPUDevice {
  /// Rows up to which a product is bound by reading its right factor, and done a row at a time.
  private static let fewRows = 4

  /// One product.
  /// - Throws: `KernelError.failed`, `Interrupted`.
  func multiplyFloats(_ p: HostProduct) throws {
    if p.columns == 1 && !p.transposeLeft {
      // out[r] = left[r] · right: the left factor plays the weight.
      let accumulates: Int32 = p.accumulates ? 1 : 0
      let right = try p.rightElements()
      try parallel(p.rows, grain: rowGrain(p.inner), operation: "products") { range in
        kernels.pointee.multiply_row_transposed(
          right, p.left, p.out, Int64(p.inner), Int64(range.lowerBound), Int64(range.upperBound),
          accumulates)
      }
    } else if p.rows == 1 || (p.rows <= Self.fewRows && p.transposeRight && !p.transposeLeft) {
      try multiplyFewRows(p)
    } else {
      try multiplyManyRows(p)
    }
  }

  private func rowGrain(_ inner: Int) -> Int { max(1, Self.elementGrain * 2 / max(1, inner)) }

  private func multiplyFewRows(_ p: HostProduct) throws {
    let accumulates: Int32 = p.accumulates ? 1 : 0
    let grain = (rowGrain(p.inner) + 63) / 64 * 64
    let right = try p.rightElements()
    try parallel(p.columns, grain: grain, operation: "products") { range in
      let (from, to) = (Int64(range.lowerBound), Int64(range.upperBound))
      for row in 0..<p.rows {
        let (left, out) = (p.left + row * p.inner, p.out + row * p.columns)
        if p.transposeRight {
          kernels.pointee.multiply_row_transposed(
            left, right, out, Int64(p.inner), from, to, accumulates)
        } else {
          kernels.pointee.multiply_row(
            left, right, out, Int64(p.inner), Int64(p.columns), from, to, accumulates)
        }
      }
    }
  }

  private func multiplyManyRows(_ p: HostProduct) throws {
    let plan = ProductPlan(rows: p.rows, columns: p.columns, inner: p.inner, isWhole: false)
    let right = try p.rightElements()
    try parallelTiles(p, plan) { rows, columns, _ in
      var k = 0
      while k < p.inner {
        if k > 0 { try Interrupt.check() }
        let terms = min(plan.innerSlice, p.inner - k)
        try OneDNN.multiply(
          p.left + (p.transposeLeft ? k * p.rows + rows.lowerBound : rows.lowerBound * p.inner + k),
          p.leftStride, transposed: p.transposeLeft,
          right
            + (p.transposeRight
              ? columns.lowerBound * p.inner + k : k * p.columns + columns.lowerBound),
          p.rightStride, transposed: p.transposeRight,
          to: p.out + rows.lowerBound * p.columns + columns.lowerBound, p.columns,
          rows: rows.count, columns: columns.count, inner: terms,
          accumulates: p.accumulates || k > 0)
        k += terms
      }
    }
  }

  /// Calls `body` with the rows and columns of every tile of a plan, and its thread's number.
  func parallelTiles(
    _ p: HostProduct, _ plan: ProductPlan, _ body: (Range<Int>, Range<Int>, Int) throws -> Void
  ) throws {
    let across = (p.columns - 1) / plan.columnSlice + 1
    let down = (p.rows - 1) / plan.rowSlice + 1
    try parallelLanes(across * down, grain: 1, operation: "products") { items, lane in
      for item in items {
        let row = item / across * plan.rowSlice
        let column = item % across * plan.columnSlice
        try body(
          row..<min(row + plan.rowSlice, p.rows),
          column..<min(column + plan.columnSlice, p.columns),
          lane)
      }
    }
  }
}
