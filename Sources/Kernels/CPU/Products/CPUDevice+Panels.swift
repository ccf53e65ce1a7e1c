internal import CKernels

/// Right factors of bf16 products in panels, see units/operands.h.
extension CPUDevice {
  /// The right factor in panels: a weight's are kept, others are made for this product.
  /// - Throws: `KernelError.outOfMemory`, `Interrupted`.
  func panels(of p: HostProduct) throws -> MemoryBlock {
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
    let target = block.bfloats
    let (c, units) = (kernels.pointee, units?.pointee)
    // The units' own conversion is quicker.
    let loop =
      p.transposeRight
      ? units?.pack_panels_transposed ?? c.pack_panels_transposed
      : units?.pack_panels ?? c.pack_panels
    let grain = max(1, Self.elementGrain * 2 / (p.paddedInner * 64))
    try parallel(p.panelCount, grain: grain, operation: "packing") { range in
      loop?(
        p.right, Int64(p.rightStride), target, Int64(p.inner), Int64(p.columns),
        Int64(range.lowerBound), Int64(range.upperBound))
    }
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
