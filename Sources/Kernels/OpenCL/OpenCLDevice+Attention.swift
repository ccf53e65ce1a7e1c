/// Attention: attention.cl and attention_gradient.cl, built for one head size.
extension OpenCLDevice {
  /// softmax(scale · q kᵀ, causal) v; see `TransformerOperations`.
  /// - Throws: `KernelError`, `Interrupted`.
  public func attention(
    q: Region, k: Region, v: Region, to out: Region, logSumExp: Region?, _ shape: AttentionShape
  ) throws {
    guard shape.headDim > 0 else { return }
    let heads = shape.batch * shape.heads
    try launchItems(
      "attention", of: .attention(headDim: shape.headDim),
      [
        .region(q, count: shape.queryCount), .region(k, count: shape.keyCount),
        .region(v, count: shape.keyCount), .region(out, count: shape.queryCount),
        .region(logSumExp ?? out, count: logSumExp == nil ? 0 : heads * shape.queries),
        .bool(logSumExp != nil), .int(shape.heads), .int(shape.kvHeads), .int(shape.queries),
        .int(shape.keys), .int(shape.keyCapacity), .int(shape.visibleKeys), .float(shape.scale),
      ], items: heads * blocks(shape.queries), group: layout.attentionGroup,
      work: heads * shape.queries * shape.visibleKeys * shape.headDim * 4)
  }

  /// The gradients of `attention`; see `TransformerOperations`.
  /// - Throws: `KernelError`, `Interrupted`.
  public func attentionGradient(
    _ dOut: Region, q: Region, k: Region, v: Region, out: Region, logSumExp: Region,
    dq: Region, dk: Region, dv: Region, _ shape: AttentionShape
  ) throws {
    guard shape.headDim > 0 else { return }
    let family = KernelFamily.attention(headDim: shape.headDim)
    let entries = shape.batch * shape.heads * shape.queries
    let (queries, keys) = (shape.queryCount, shape.keyCount)
    let delta = try allocate(entries, .f32).start
    try launch(
      "attention_delta", of: family,
      [
        .region(dOut, count: queries), .region(out, count: queries),
        .region(delta, count: entries), .int(shape.heads), .int(shape.queries), .long(entries),
      ],
      items: (entries + stretch - 1) / stretch * layout.attentionGroup,
      group: layout.attentionGroup, work: queries * 2)
    let operands: [KernelArgument] = [
      .region(dOut, count: queries), .region(q, count: queries), .region(k, count: keys),
      .region(v, count: keys), .region(logSumExp, count: entries),
      .region(delta, count: entries),
    ]
    let sizes: [KernelArgument] = [
      .int(shape.heads), .int(shape.kvHeads), .int(shape.queries), .int(shape.keys),
      .int(shape.keyCapacity), .int(shape.visibleKeys), .float(shape.scale),
    ]
    let work = entries * shape.visibleKeys * shape.headDim
    try launchItems(
      "attention_gradient_queries", of: family, operands + [.region(dq, count: queries)] + sizes,
      items: shape.batch * shape.heads * blocks(shape.queries), group: layout.attentionGroup,
      work: work * 6)
    try launchItems(
      "attention_gradient_keys", of: family,
      operands + [.region(dk, count: keys), .region(dv, count: keys)] + sizes,
      items: shape.batch * shape.kvHeads * blocks(shape.keys), group: layout.attentionGroup,
      work: work * 8)
  }

  /// Elements of a group in attention's pass over entries.
  private var stretch: Int { layout.attentionGroup * layout.elements }

  /// How many work-items share `count` queries or keys.
  private func blocks(_ count: Int) -> Int {
    (count + layout.attentionLanes - 1) / layout.attentionLanes
  }
}
