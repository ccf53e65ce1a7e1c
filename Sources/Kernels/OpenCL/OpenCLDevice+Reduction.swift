/// Reductions: reduction.cl and softmax.cl. A long axis is cut into chunks by the shape alone,
/// whose results the next launch reduces.
extension OpenCLDevice {
  /// Elements of a row, and rows of a column, that one chunk takes.
  private static let rowChunk = 1 << 14
  private static let columnChunk = 512

  /// target[o, i] = reduction over n of x[o, n, i].
  /// - Throws: `KernelError.unsupported` for a type that the reduction does not take;
  ///   `outOfMemory`; `Interrupted`.
  public func reduce(
    _ reduction: Reduction, _ x: Region, outer: Int, count: Int, inner: Int, to target: Region
  ) throws {
    let type = x.buffer.type
    try reduction.require(type)
    guard outer * inner > 0 else { return }
    let isRows = inner == 1 && type == .f32
    let chunk = isRows ? Self.rowChunk : Self.columnChunk
    var (from, length) = (x, count)
    while true {
      let chunks = max(1, (length + chunk - 1) / chunk)
      let to = chunks == 1 ? target : try allocate(outer * chunks * inner, type).start
      let operands: [KernelArgument] = [
        .region(from, count: outer * length * inner), .region(to, count: outer * chunks * inner),
        .long(length),
      ]
      if isRows {
        try launchRows(
          "\(reduction)_rows", of: .reduction, operands + [.long(chunk), .long(chunks)],
          rows: outer * chunks, width: min(chunk, length))
      } else {
        let units = type == .f32 ? units(inner) : inner
        try launchItems(
          "\(reduction)_columns_\(type.name)", of: .reduction,
          operands + [.long(inner), .long(chunk), .long(chunks)], items: outer * chunks * units,
          work: outer * length * inner * 8)
      }
      if chunks == 1 { return }
      (from, length) = (to, chunks)
    }
  }

  /// target[o, i] = the lowest n at which x[o, n, i] is largest or smallest.
  /// - Throws: `KernelError.unsupported` for bool; `Interrupted`.
  public func reduceIndex(
    largest: Bool, _ x: Region, outer: Int, count: Int, inner: Int, to target: Region
  ) throws {
    let type = x.buffer.type
    guard type != .bool else {
      throw KernelError.unsupported("argmax and argmin do not take elements of type bool")
    }
    guard count > 0 else { return }
    try launchRows(
      "place_\(type.name)", of: .reduction,
      [
        .region(x, count: outer * count * inner), .region(target, count: outer * inner),
        .bool(largest), .long(count), .long(inner),
      ], rows: outer * inner, width: count)
  }

  /// target[o] = log Σ exp of row o.
  /// - Throws: `KernelError`, `Interrupted`.
  public func logSumExp(_ x: Region, outer: Int, count: Int, to target: Region) throws {
    try launchRows(
      "log_sum_exp", of: .softmax,
      [.region(x, count: outer * count), .region(target, count: outer), .long(count)],
      rows: outer, width: count)
  }

  /// target[0] = Σ x², or += where `accumulates`.
  /// - Throws: `KernelError`, `Interrupted`.
  public func sumOfSquares(_ x: Region, count: Int, to target: Region, accumulates: Bool) throws {
    let chunks = max(1, (count + Self.rowChunk - 1) / Self.rowChunk)
    let partial = try allocate(chunks, .f32).start
    try launchRows(
      "square_rows", of: .reduction,
      [
        .region(x, count: count), .region(partial, count: chunks), .long(count),
        .long(Self.rowChunk), .long(chunks),
      ], rows: chunks, width: min(count, Self.rowChunk))
    try launchRows(
      "sum_into", of: .reduction,
      [
        .region(partial, count: chunks), .region(target, count: 1), .long(chunks),
        .bool(accumulates),
      ], rows: 1, width: chunks)
  }
}
