internal import CKernels

/// Attention: keys and values are packed first, then blocks of queries of one head each are claimed
/// by whoever is free. No two pieces write to the same place, so the result does not depend on the
/// number of threads.
extension CPUDevice {
  /// Fewer queries than this read the cache as it is: packing it would cost more than it saves.
  private static let packingThreshold = 8

  /// softmax(scale · q kᵀ, causal) v; see `TransformerOperations`. In bf16, where units multiply
  /// it, with operands and weights rounded; few queries, and other processors, compute in f32.
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
      } else if let units = roundingUnits {
        try attendBlocks(operands, out: out, logSumExp: logSumExp, shape, sizes, units)
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
    let name = "attention"
    try withScratch(shape.batch * shape.kvHeads * packedCount + threads * scratchCount) { scratch in
      let packed = scratch + threads * scratchCount
      try forEachKeyBlock(shape, of: PARE_KEY_BLOCK, operation: name) { head, block in
        kernels.pointee.attention_pack(sizes, operands.k, operands.v, packed, head, block)
      }
      try forEachQueryBlock(shape, of: PARE_QUERY_BLOCK, operation: name) { head, block, lane in
        kernels.pointee.attention_block(
          sizes, operands.q, packed, out, logSumExp, head, block, scratch + lane * scratchCount)
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

    let results = AttentionGradients(dq: dq, dk: dk, dv: dv)
    let known = AttentionResults(dOut: dOut, out: out, logSumExp: logSumExp)
    try withUnsafePointer(to: pare_attention(shape)) { sizes in
      if let units = roundingUnits, shape.queries >= Self.packingThreshold {
        try attentionGradientBlocks(operands, known, to: results, shape, sizes, units)
      } else {
        try attentionGradientBlocks(operands, known, to: results, shape, sizes)
      }
    }
    try Interrupt.check()
  }

  private func attentionGradientBlocks(
    _ operands: AttentionOperands, _ known: AttentionResults, to results: AttentionGradients,
    _ shape: AttentionShape, _ sizes: UnsafePointer<pare_attention>
  ) throws {
    let packedCount =
      shape.batch * shape.kvHeads * Int(kernels.pointee.attention_gradient_packed_count(sizes))
    let partialCount =
      shape.batch * shape.heads * Int(kernels.pointee.attention_gradient_partial_count(sizes))
    let scratchCount = Int(kernels.pointee.attention_gradient_scratch_count(sizes))
    let name = "attention_gradient"
    try withScratch(packedCount + partialCount + threads * scratchCount) { scratch in
      let packed = scratch + threads * scratchCount
      let partial = packed + packedCount
      try forEachKeyBlock(shape, of: PARE_KEY_BLOCK, operation: name) { head, block in
        kernels.pointee.attention_gradient_pack(
          sizes, operands.k, operands.v, packed, head, block)
      }
      let heads = shape.batch * shape.heads
      try parallelLanes(heads, grain: 1, operation: name) { heads, lane in
        for head in heads {
          kernels.pointee.attention_gradient_head(
            sizes, known.dOut, operands.q, known.out, known.logSumExp, packed, results.dq, partial,
            Int64(head), scratch + lane * scratchCount)
        }
      }
      try forEachKeyBlock(shape, of: PARE_KEY_BLOCK, operation: name) { head, block in
        kernels.pointee.attention_gradient_sum(
          sizes, partial, results.dk, results.dv, head, block)
      }
    }
  }

  /// The units for attention in bf16; nil where it is f32.
  private var roundingUnits: UnsafePointer<pare_bfloat_units>? {
    precision == .bf16 ? units : nil
  }
}

/// How the work is shared out.
extension CPUDevice {
  /// Runs `body` for each key-value head of each sequence and each of its blocks of `size` keys
  /// that any query sees. `operation` is for timing: the function that calls.
  func forEachKeyBlock(
    _ shape: AttentionShape, of size: Int, operation: String = #function,
    _ body: (_ head: Int64, _ block: Int64) -> Void
  ) throws {
    let first = shape.firstVisibleKey / size
    let blocks = (shape.keys + size - 1) / size - first
    try parallel(shape.batch * shape.kvHeads * blocks, grain: 1, operation: operation) { pieces in
      for piece in pieces { body(Int64(piece / blocks), Int64(first + piece % blocks)) }
    }
  }

  /// Runs `body` for each head of each sequence and each of its blocks of `size` queries.
  func forEachQueryBlock(
    _ shape: AttentionShape, of size: Int, operation: String = #function,
    _ body: (_ head: Int64, _ block: Int64, _ lane: Int) -> Void
  ) throws {
    let (blocks, share) = ((shape.queries + size - 1) / size, shape.heads / shape.kvHeads)
    let count = shape.batch * shape.heads * blocks
    try parallelLanes(count, grain: 1, operation: operation) { pieces, lane in
      for piece in pieces {
        // Heads that share keys and values follow each other while those are in the cache. The last
        // blocks see the most keys: they come first, so that no thread ends on one.
        let (group, rest) = piece.quotientAndRemainder(dividingBy: share * blocks)
        let (turn, member) = rest.quotientAndRemainder(dividingBy: share)
        body(Int64(group * share + member), Int64(blocks - 1 - turn), lane)
      }
    }
  }
}

/// What attention reads.
struct AttentionOperands {
  let q, k, v: UnsafePointer<Float>
}

/// What the gradient reads besides: what came out, and the gradient of that.
struct AttentionResults {
  let dOut, out, logSumExp: UnsafePointer<Float>
}

/// Where the gradients go.
struct AttentionGradients {
  let dq, dk, dv: UnsafeMutablePointer<Float>
}

extension AttentionShape {
  /// The first key that the first query sees.
  fileprivate var firstVisibleKey: Int {
    guard let window else { return 0 }
    return max(0, keys - queries - window + 1)
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
