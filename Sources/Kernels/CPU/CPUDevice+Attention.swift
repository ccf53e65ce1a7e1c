internal import CKernels

/// Attention: keys and values are packed first, then blocks of queries of one head each are claimed
/// by whoever is free. No two pieces write to the same place, so the result does not depend on the
/// number of threads.
extension CPUDevice {
  /// Fewer queries than this read the cache as it is: packing it would cost more than it saves.
  private static let packingThreshold = 8

  /// softmax(scale · q kᵀ, causal) v; see `TransformerOperations`. f32 in either precision.
  /// - Throws: `Interrupted`, `KernelError.outOfMemory`.
  public func attention(
    q: Region, k: Region, v: Region, to out: Region, logSumExp: Region?, _ shape: AttentionShape
  ) throws {
    guard shape.batch * shape.queries * shape.heads * shape.headDim > 0 else { return }
    let operands = try AttentionOperands(
      q: q.floats(shape.queryCount), k: k.floats(shape.keyCount), v: v.floats(shape.keyCount))
    let out = try out.writableFloats(shape.queryCount)
    let logSumExp = try logSumExp?.writableFloats(shape.logSumExpCount)
    try withUnsafePointer(to: pare_attention(shape)) { sizes in
      if shape.queries < Self.packingThreshold {
        try attendRows(operands, out: out, logSumExp: logSumExp, shape, sizes)
      } else {
        try attendBlocks(operands, out: out, logSumExp: logSumExp, shape, sizes)
      }
    }
    try Interrupt.check()
  }

  private func attendRows(
    _ operands: AttentionOperands, out: UnsafeMutablePointer<Float>,
    logSumExp: UnsafeMutablePointer<Float>?, _ shape: AttentionShape,
    _ sizes: UnsafePointer<pare_attention>
  ) throws {
    // Short caches are not worth a thread a head.
    let grain = max(1, (1 << 14) / (shape.queries * shape.visibleKeys * shape.headDim))
    try parallel(shape.batch * shape.heads, grain: grain, operation: "attention") { heads in
      for head in heads {
        kernels.pointee.attention_rows(
          sizes, operands.q, operands.k, operands.v, out, logSumExp, Int64(head))
      }
    }
  }

  private func attendBlocks(
    _ operands: AttentionOperands, out: UnsafeMutablePointer<Float>,
    logSumExp: UnsafeMutablePointer<Float>?, _ shape: AttentionShape,
    _ sizes: UnsafePointer<pare_attention>
  ) throws {
    let packedCount = Int(kernels.pointee.attention_packed_count(sizes))
    let scratchCount = Int(kernels.pointee.attention_scratch_count(sizes))
    let (blocks, share) = (shape.queryBlocks, shape.heads / shape.kvHeads)
    try withScratch(shape.batch * shape.kvHeads * packedCount + threads * scratchCount) { scratch in
      let packed = scratch + threads * scratchCount
      try forEachKeyBlock(shape, operation: "attention") { head, block in
        kernels.pointee.attention_pack(sizes, operands.k, operands.v, packed, head, block)
      }
      let pieces = shape.batch * shape.heads * blocks
      try parallelLanes(pieces, grain: 1, operation: "attention") { pieces, lane in
        for piece in pieces {
          // Heads that share keys and values follow each other while those are in the cache. The last
          // blocks see the most keys: they come first, so that no thread ends on one.
          let (group, rest) = piece.quotientAndRemainder(dividingBy: share * blocks)
          let (turn, member) = rest.quotientAndRemainder(dividingBy: share)
          kernels.pointee.attention_block(
            sizes, operands.q, packed, out, logSumExp, Int64(group * share + member),
            Int64(blocks - 1 - turn), scratch + lane * scratchCount)
        }
      }
    }
  }

  /// The gradients of `attention`; see `TransformerOperations`.
  /// - Throws: `Interrupted`, `KernelError.outOfMemory`.
  public func attentionGradient(
    _ dOut: Region, q: Region, k: Region, v: Region, out: Region, logSumExp: Region,
    dq: Region, dk: Region, dv: Region, _ shape: AttentionShape
  ) throws {
    guard shape.batch * shape.queries * shape.heads * shape.headDim > 0 else { return }
    let operands = try AttentionOperands(
      q: q.floats(shape.queryCount), k: k.floats(shape.keyCount), v: v.floats(shape.keyCount))
    let (dOut, out) = try (dOut.floats(shape.queryCount), out.floats(shape.queryCount))
    let logSumExp = try logSumExp.floats(shape.logSumExpCount)
    let dq = try dq.writableFloats(shape.queryCount)
    let (dk, dv) = try (dk.writableFloats(shape.keyCount), dv.writableFloats(shape.keyCount))

    try withUnsafePointer(to: pare_attention(shape)) { sizes in
      let packedCount =
        shape.batch * shape.kvHeads * Int(kernels.pointee.attention_gradient_packed_count(sizes))
      let partialCount =
        shape.batch * shape.heads * Int(kernels.pointee.attention_gradient_partial_count(sizes))
      let scratchCount = Int(kernels.pointee.attention_gradient_scratch_count(sizes))
      try withScratch(packedCount + partialCount + threads * scratchCount) { scratch in
        let packed = scratch + threads * scratchCount
        let partial = packed + packedCount
        try forEachKeyBlock(shape) { head, block in
          kernels.pointee.attention_gradient_pack(
            sizes, operands.k, operands.v, packed, head, block)
        }
        try parallelLanes(shape.batch * shape.heads, grain: 1) { heads, lane in
          for head in heads {
            kernels.pointee.attention_gradient_head(
              sizes, dOut, operands.q, out, logSumExp, packed, dq, partial, Int64(head),
              scratch + lane * scratchCount)
          }
        }
        try forEachKeyBlock(shape) { head, block in
          kernels.pointee.attention_gradient_sum(sizes, partial, dk, dv, head, block)
        }
      }
    }
    try Interrupt.check()
  }

  /// Runs `body` for each key-value head of each sequence and each of its blocks of keys that any
  /// query sees.
  private func forEachKeyBlock(
    _ shape: AttentionShape, operation: String = #function, _ body: (Int64, Int64) -> Void
  ) throws {
    let first = shape.firstKeyBlock
    let blocks = shape.keyBlocks - first
    let pieces = shape.batch * shape.kvHeads * blocks
    try parallel(pieces, grain: 1, operation: operation) { pieces in
      for piece in pieces { body(Int64(piece / blocks), Int64(first + piece % blocks)) }
    }
  }
}

/// What attention reads.
private struct AttentionOperands {
  let q, k, v: UnsafePointer<Float>
}

extension AttentionShape {
  fileprivate var queryBlocks: Int {
    (queries + PARE_QUERY_BLOCK - 1) / PARE_QUERY_BLOCK
  }
  fileprivate var keyBlocks: Int {
    (keys + PARE_KEY_BLOCK - 1) / PARE_KEY_BLOCK
  }
  /// The first block of keys that the first query sees.
  fileprivate var firstKeyBlock: Int {
    guard let window else { return 0 }
    return max(0, keys - queries - window + 1) / PARE_KEY_BLOCK
  }
}

extension pare_attention {
  fileprivate init(_ shape: AttentionShape) {
    self.init(
      batch: Int64(shape.batch), heads: Int64(shape.heads), kv_heads: Int64(shape.kvHeads),
      head_dim: Int64(shape.headDim), queries: Int64(shape.queries), keys: Int64(shape.keys),
      key_capacity: Int64(shape.keyCapacity), window: shape.window.map(Int64.init) ?? Int64.max,
      scale: shape.scale)
  }
}
