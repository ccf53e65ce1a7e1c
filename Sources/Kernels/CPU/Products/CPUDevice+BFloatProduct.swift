internal import CKernels

/// Products of operands rounded to bf16, with sums in f32.
extension CPUDevice {
  /// One product, on the processor's bf16 units where it has them.
  /// - Throws: `KernelError.outOfMemory`, `KernelError.failed`, `Interrupted`.
  func multiplyRounded(_ p: HostProduct) throws {
    guard hasBFloatUnits else { return try multiplyRoundedFloats(p) }
    if p.rows == 1 {
      try multiplyRow(p, panels: try panels(of: p))
      return
    }
    let plan = ProductPlan(
      rows: p.rows, columns: p.columns, inner: p.paddedInner, isWhole: true)
    guard let tiles = PanelTiles(p, plan, cache: panelProducts) else {
      return try multiplyRoundedFloats(p)
    }
    try multiply(p, plan, tiles, panels: try panels(of: p))
  }

  /// Whether bf16 products of a shape run on the processor's bf16 units.
  package func multipliesOnBFloatUnits(rows: Int, columns: Int, inner: Int) -> Bool {
    hasBFloatUnits
      && panelProducts.product(
        PanelProduct.Shape(rows: rows, columns: columns, inner: inner, accumulates: false)) != nil
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
  private func panels(of p: HostProduct) throws -> MemoryBlock {
    let allocate = {
      try self.memoryPool.allocate(p.panelCount * p.paddedInner * 64, elementSize: 2)
    }
    guard let (buffer, offset) = p.weight else {
      let block = try allocate()
      try pack(p, into: block)
      return block
    }
    let key = PackedWeights.Key(
      offset: offset, inner: p.inner, columns: p.columns, isTransposed: p.transposeRight)
    return try buffer.packs.pack(key, version: buffer.version, allocate: allocate) {
      try pack(p, into: $0)
    }
  }

  private func pack(_ p: HostProduct, into block: MemoryBlock) throws {
    let target = block.pointer.bindMemory(
      to: UInt16.self, capacity: p.panelCount * p.paddedInner * 64)
    let c = kernels.pointee
    let loop = p.transposeRight ? c.pack_panels_transposed : c.pack_panels
    let grain = max(1, Self.elementGrain * 2 / (p.paddedInner * 64))
    try parallel(p.panelCount, grain: grain, operation: "packing") { range in
      loop?(
        p.right, Int64(p.rightStride), target, Int64(p.inner), Int64(p.columns),
        Int64(range.lowerBound), Int64(range.upperBound))
    }
  }

  /// One row times packed panels: as fast as memory gives them.
  private func multiplyRow(_ p: HostProduct, panels: MemoryBlock) throws {
    let block = try memoryPool.allocate(p.paddedInner, elementSize: 4)
    defer { withExtendedLifetime((block, panels)) {} }
    let row = block.pointer.bindMemory(to: Float.self, capacity: p.paddedInner)
    row.update(repeating: 0, count: p.paddedInner)
    kernels.pointee.round_to_bfloat(p.left, row, Int64(p.inner))
    let weights = panels.pointer.assumingMemoryBound(to: UInt16.self)
    let grain = max(1, Self.elementGrain * 4 / (p.paddedInner * 64))
    try parallel(p.panelCount, grain: grain, operation: "products") { range in
      kernels.pointee.multiply_row_panels(
        row, weights, p.out, Int64(p.paddedInner), Int64(p.columns), Int64(range.lowerBound),
        Int64(range.upperBound), p.accumulates ? 1 : 0)
    }
  }

  /// Rows of the left factor are converted by the thread that multiplies them, or all beforehand
  /// where several tiles need them.
  private func multiply(
    _ p: HostProduct, _ plan: ProductPlan, _ tiles: PanelTiles, panels: MemoryBlock
  ) throws {
    let scratch = try memoryPool.allocate(pool.threads, elementSize: tiles.laneBytes)
    let weights = panels.pointer.assumingMemoryBound(to: UInt16.self)
    let shared = tiles.isWide ? try convertLeft(p) : nil
    defer { withExtendedLifetime((scratch, shared, panels)) {} }
    try parallelTiles(p, plan) { rows, columns, lane in
      let desk = scratch.pointer + lane * tiles.laneBytes
      var left = desk.assumingMemoryBound(to: UInt16.self)
      if let shared {
        left =
          shared.pointer.assumingMemoryBound(to: UInt16.self) + rows.lowerBound * p.paddedInner
      } else {
        convertLeft(p, rows, to: left)
      }
      let out = p.out + rows.lowerBound * p.columns + columns.lowerBound
      let tile = (desk + tiles.tileOffset).assumingMemoryBound(to: Float.self)
      try tiles.product(rows.count, columns.count).run(
        left, weights + columns.lowerBound * p.paddedInner, to: tiles.isWide ? tile : out,
        scratch: desk + tiles.scratchOffset)
      if tiles.isWide { place(tile, columns.count, rows: rows.count, to: out, p) }
    }
  }

  // oneDNN writes whole rows of its result side by side, so a tile of columns comes by way of scratch.
  private func place(
    _ tile: UnsafePointer<Float>, _ width: Int, rows: Int, to out: UnsafeMutablePointer<Float>,
    _ p: HostProduct
  ) {
    for row in 0..<rows {
      let (from, to) = (tile + row * width, out + row * p.columns)
      if p.accumulates {
        kernels.pointee.accumulate(from, 1, to, Int64(width))
      } else {
        to.update(from: from, count: width)
      }
    }
  }

  private func convertLeft(_ p: HostProduct) throws -> MemoryBlock {
    let block = try memoryPool.allocate(p.rows * p.paddedInner, elementSize: 2)
    let target = block.pointer.bindMemory(to: UInt16.self, capacity: p.rows * p.paddedInner)
    let grain = (max(1, Self.elementGrain / p.paddedInner) + 31) / 32 * 32
    try parallel(p.rows, grain: grain, operation: "packing") { rows in
      convertLeft(p, rows, to: target + rows.lowerBound * p.paddedInner)
    }
    return block
  }

  private func convertLeft(
    _ p: HostProduct, _ rows: Range<Int>, to target: UnsafeMutablePointer<UInt16>
  ) {
    if p.transposeLeft {
      kernels.pointee.transpose_bfloat(
        p.left + rows.lowerBound, Int64(p.rows), target, Int64(p.inner), Int64(rows.count),
        Int64(p.paddedInner))
    } else {
      kernels.pointee.convert_bfloat(
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

/// The primitives of a plan's tiles, inner ones and those at the edges, and their scratch memory.
private struct PanelTiles {
  private let products: [PanelProduct.Shape: PanelProduct]
  private let inner: Int
  private let accumulates: Bool
  /// Whether several tiles lie side by side, so that results go through scratch memory.
  let isWide: Bool
  /// Where in a thread's scratch memory the result of a tile is, behind the converted rows.
  let tileOffset: Int
  /// Where oneDNN's scratch memory is.
  let scratchOffset: Int
  /// Scratch memory of a thread.
  let laneBytes: Int

  /// nil where oneDNN lacks one of them.
  init?(_ p: HostProduct, _ plan: ProductPlan, cache: PanelProductCache) {
    isWide = plan.columnSlice < p.columns
    inner = p.paddedInner
    accumulates = p.accumulates && !isWide
    var products: [PanelProduct.Shape: PanelProduct] = [:]
    for rows in Set([min(plan.rowSlice, p.rows), (p.rows - 1) % plan.rowSlice + 1]) {
      for columns in Set([
        min(plan.columnSlice, p.columns), (p.columns - 1) % plan.columnSlice + 1,
      ]) {
        let shape = PanelProduct.Shape(
          rows: rows, columns: columns, inner: inner, accumulates: accumulates)
        guard let product = cache.product(shape) else { return nil }
        products[shape] = product
      }
    }
    self.products = products
    tileOffset = isWide ? 0 : Self.align(plan.rowSlice * p.paddedInner * 2)
    scratchOffset = tileOffset + (isWide ? Self.align(plan.rowSlice * plan.columnSlice * 4) : 0)
    laneBytes =
      scratchOffset + Self.align(max(64, products.values.map(\.scratchBytes).max() ?? 0))
  }

  /// The primitive of a tile.
  /// - Throws: never for a tile of the plan.
  func product(_ rows: Int, _ columns: Int) throws -> PanelProduct {
    let shape = PanelProduct.Shape(
      rows: rows, columns: columns, inner: inner, accumulates: accumulates)
    guard let product = products[shape] else {
      throw KernelError.failed(operation: "matrix product", reason: "no primitive for \(shape)")
    }
    return product
  }

  private static func align(_ bytes: Int) -> Int { (bytes + 63) & ~63 }
}
