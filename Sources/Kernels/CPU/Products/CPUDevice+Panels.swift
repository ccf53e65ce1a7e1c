internal import CKernels

/// Right factors of bf16 products in panels, see units/operands.h.
extension CPUDevice {
  /// The right factor in panels: a weight's are kept, others are made for this product.
  /// - Throws: `KernelError.outOfMemory`, `Interrupted`.
  func panels(of p: HostProduct) throws -> MemoryBlock {
    let allocate = {
      try self.memoryPool.allocate(p.panelCount * p.paddedInner * 64, elementSize: 2)
    }
    guard p.rightIsWeight else {
      let block = try allocate()
      try pack(p, into: block)
      return block
    }
    let key = PackedWeights.Key(
      offset: p.right.offset, inner: p.inner, columns: p.columns, isTransposed: p.transposeRight)
    let buffer = try p.right.hostBuffer()
    return try buffer.packs.pack(key, version: buffer.version, allocate: allocate) {
      try pack(p, into: $0)
    }
  }

  private func pack(_ p: HostProduct, into block: MemoryBlock) throws {
    if p.transposeRight, let source = try p.right.hostBuffer().unreadSource {
      return try pack(p, from: source, into: block)
    }
    let right = try p.rightElements()
    let loop = packingLoop(isTransposed: p.transposeRight)
    try forEachPanelToPack(of: p) { panels in
      loop?(
        right, Int64(p.rightStride), block.bfloats, Int64(p.inner), Int64(p.columns),
        Int64(panels.lowerBound), Int64(panels.upperBound))
    }
  }

  /// Packs a weight that is stored elsewhere, whose elements are in memory for a few panels at a
  /// time.
  private func pack(
    _ p: HostProduct, from source: any ElementSource, into block: MemoryBlock
  ) throws {
    let loop = packingLoop(isTransposed: true)
    try source.readingAll {
      try forEachPanelToPack(of: p) { panels in
        let first = panels.lowerBound * 64
        let columns = min(panels.count * 64, p.columns - first)
        try withScratch(columns * p.inner) { rows in
          let start = p.right.offset + first * p.inner
          try source.read(
            start..<start + columns * p.inner,
            into: UnsafeMutableBufferPointer(start: rows, count: columns * p.inner))
          loop?(
            rows, Int64(p.inner), block.bfloats + first * p.paddedInner, Int64(p.inner),
            Int64(columns), 0, Int64(panels.count))
        }
      }
    }
  }

  private typealias PackingLoop = (
    UnsafePointer<Float>?, Int64, UnsafeMutablePointer<UInt16>?, Int64, Int64, Int64, Int64
  ) -> Void

  /// The units' own conversion is quicker.
  private func packingLoop(isTransposed: Bool) -> PackingLoop? {
    let (c, units) = (kernels.pointee, units?.pointee)
    return isTransposed
      ? units?.pack_panels_transposed ?? c.pack_panels_transposed
      : units?.pack_panels ?? c.pack_panels
  }

  private func forEachPanelToPack(of p: HostProduct, _ body: (Range<Int>) throws -> Void) throws {
    let grain = max(1, Self.elementGrain * 2 / (p.paddedInner * 64))
    try parallel(p.panelCount, grain: grain, operation: "packing", body)
  }
}

extension HostProduct {
  /// The inner size filled up with zeros to whole blocks of the panels.
  var paddedInner: Int { (inner + 31) / 32 * 32 }
  /// Panels of 64 columns.
  var panelCount: Int { (columns + 63) / 64 }
}

extension MemoryBlock {
  /// The block as bf16 numbers.
  var bfloats: UnsafeMutablePointer<UInt16> {
    pointer.assumingMemoryBound(to: UInt16.self)
  }
}
