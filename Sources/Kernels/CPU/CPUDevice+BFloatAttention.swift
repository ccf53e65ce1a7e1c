internal import CKernels

/// Attention in bf16 on units that multiply it, shared out as `CPUDevice+Attention.swift` says.
extension CPUDevice {
  func attendBlocks(
    _ operands: AttentionOperands, out: UnsafeMutablePointer<Float>,
    logSumExp: UnsafeMutablePointer<Float>?, _ shape: AttentionShape,
    _ sizes: UnsafePointer<pare_attention>, _ units: UnsafePointer<pare_bfloat_units>
  ) throws {
    let scratchBytes = Self.aligned(units.pointee.attention_scratch_bytes(sizes))
    let packedBytes =
      shape.batch * shape.kvHeads * Int(units.pointee.attention_packed_bytes(sizes))
    let name = "attention"
    try withScratch(bytes: threads * scratchBytes + packedBytes) { scratch in
      let packed = scratch + threads * scratchBytes
      try forEachKeyBlock(shape, of: PARE_BFLOAT_KEY_BLOCK, operation: name) { head, block in
        units.pointee.attention_pack(sizes, operands.k, operands.v, packed, head, block)
      }
      try forEachQueryBlock(shape, of: PARE_BFLOAT_QUERY_BLOCK, operation: name) {
        head, block, lane in
        units.pointee.attention_block(
          sizes, operands.q, packed, out, logSumExp, head, block, scratch + lane * scratchBytes)
      }
    }
  }

  func attentionGradientBlocks(
    _ operands: AttentionOperands, _ known: AttentionResults, to results: AttentionGradients,
    _ shape: AttentionShape, _ sizes: UnsafePointer<pare_attention>,
    _ units: UnsafePointer<pare_bfloat_units>
  ) throws {
    let scratchBytes = Self.aligned(units.pointee.attention_gradient_scratch_bytes(sizes))
    let packedBytes = Self.aligned(
      Int64(shape.batch * shape.kvHeads) * units.pointee.attention_gradient_packed_bytes(sizes))
    let partialCount =
      shape.batch * shape.heads * Int(units.pointee.attention_gradient_partial_count(sizes))
    let partialBytes = partialCount * MemoryLayout<Float>.size
    let name = "attention_gradient"
    try withScratch(bytes: threads * scratchBytes + packedBytes + partialBytes) { scratch in
      let packed = scratch + threads * scratchBytes
      let partial = (packed + packedBytes).assumingMemoryBound(to: Float.self)
      try forEachKeyBlock(shape, of: PARE_BFLOAT_KEY_PANEL, operation: name) { head, panel in
        units.pointee.attention_gradient_pack(
          sizes, operands.k, operands.v, packed, head, panel)
      }
      let heads = shape.batch * shape.heads
      try parallelLanes(heads, grain: 1, operation: name) { heads, lane in
        for head in heads {
          units.pointee.attention_gradient_head(
            sizes, known.dOut, operands.q, known.out, known.logSumExp, packed, results.dq, partial,
            Int64(head), scratch + lane * scratchBytes)
        }
      }
      try forEachKeyBlock(shape, of: PARE_BFLOAT_KEY_PANEL, operation: name) { head, panel in
        units.pointee.attention_gradient_sum(
          sizes, partial, results.dk, results.dv, head, panel)
      }
    }
  }

  /// Whole cache lines, which no two threads share.
  private static func aligned(_ bytes: Int64) -> Int { (Int(bytes) + 63) / 64 * 64 }

  private func withScratch(bytes: Int, _ body: (UnsafeMutableRawPointer) throws -> Void) throws {
    let size = MemoryLayout<Float>.size
    try withScratch((bytes + size - 1) / size) { try body(UnsafeMutableRawPointer($0)) }
  }
}
