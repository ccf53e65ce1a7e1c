internal import CKernels

/// Reductions. A long axis is cut into chunks, whose partial results are reduced in their order.
extension CPUDevice {
  /// Columns that are reduced together.
  private static let columnGrain = 256

  /// target[o, i] = reduction over n of x[o, n, i].
  /// - Throws: `KernelError.unsupported` for a type that the reduction does not take,
  ///   `Interrupted`, `KernelError.outOfMemory`.
  public func reduce(
    _ reduction: Reduction, _ x: Region, outer: Int, count: Int, inner: Int, to target: Region
  ) throws {
    let type = x.buffer.type
    try reduction.require(type)
    let shape = ReductionShape(outer: outer, count: count, inner: inner)
    let c = kernels.pointee
    let code = reduction.code
    switch type {
    case .f32:
      let (from, to) = try (x.floats(shape.elements), target.writableFloats(shape.results))
      try reduce(
        from, shape, { c.reduce_f32(code, $0, $1, $2, $3, $4) },
        { c.reduce_f64(code, $0, $1, $2, $3, $4) }, { to[$0] = Float($1) })
    case .i64:
      let (from, to) = try (x.ints(shape.elements), target.writableInts(shape.results))
      try reduce(
        from, shape, { c.reduce_i64(code, $0, $1, $2, $3, $4) },
        { c.reduce_i64(code, $0, $1, $2, $3, $4) }, { to[$0] = $1 })
    case .bool:
      let (from, to) = try (x.bools(shape.elements), target.writableBools(shape.results))
      // Of nothing, `all` is true.
      let ofNothing: UInt8 = reduction == .all ? 1 : 0
      try reduce(
        from, shape, { c.reduce_bool(code, $0, $1, $2, $3, $4) },
        { c.reduce_i64(code, $0, $1, $2, $3, $4) },
        { to[$0] = count == 0 ? ofNothing : $1 != 0 ? 1 : 0 })
    }
  }

  /// Reduces (source, count, stride, width) to `width` totals.
  private typealias Loop<Element, Total> = (
    UnsafePointer<Element>, Int64, Int64, Int64, UnsafeMutablePointer<Total>
  ) -> Void

  private func reduce<Element, Total>(
    _ x: UnsafePointer<Element>, _ shape: ReductionShape, _ loop: Loop<Element, Total>,
    _ combine: Loop<Total, Total>, _ finish: (Int, Total) -> Void
  ) throws {
    guard shape.results > 0 else { return }
    // Partial totals [outer, chunks, inner], and behind them the totals [outer, inner].
    let partials = shape.chunks > 1 ? shape.results * shape.chunks : 0
    let block = try memoryPool.allocate(
      partials + shape.results, elementSize: MemoryLayout<Total>.size)
    defer { withExtendedLifetime(block) {} }
    let scratch = block.pointer.bindMemory(to: Total.self, capacity: partials + shape.results)
    let totals = scratch + partials
    try forEachBlock(shape) { o, chunk, columns in
      let rows = shape.rows(of: chunk)
      let from = x + (o * shape.count + rows.lowerBound) * shape.inner + columns.lowerBound
      let to = (partials > 0 ? scratch : totals) + (o * shape.chunks + chunk) * shape.inner
      loop(
        from, Int64(rows.count), Int64(shape.inner), Int64(columns.count), to + columns.lowerBound)
    }
    if partials > 0 {
      for o in 0..<shape.outer {
        combine(
          scratch + o * shape.chunks * shape.inner, Int64(shape.chunks), Int64(shape.inner),
          Int64(shape.inner), totals + o * shape.inner)
      }
    }
    for result in 0..<shape.results { finish(result, totals[result]) }
  }

  /// Calls `body` with every (outer index, chunk, columns).
  private func forEachBlock(
    _ shape: ReductionShape, operation: String = #function,
    _ body: (Int, Int, Range<Int>) throws -> Void
  ) throws {
    let stripes = (shape.inner - 1) / Self.columnGrain + 1
    let work = max(1, shape.chunkLength * min(shape.inner, Self.columnGrain))
    try parallel(
      shape.outer * shape.chunks * stripes, grain: max(1, Self.elementGrain / work),
      operation: operation
    ) { range in
      for item in range {
        let first = item % stripes * Self.columnGrain
        try body(
          item / stripes / shape.chunks, item / stripes % shape.chunks,
          first..<min(first + Self.columnGrain, shape.inner))
      }
    }
  }

  /// target[o, i] = the lowest n at which x[o, n, i] is largest or smallest.
  /// - Throws: `KernelError.unsupported` for bool, `Interrupted`.
  public func reduceIndex(
    largest: Bool, _ x: Region, outer: Int, count: Int, inner: Int, to target: Region
  ) throws {
    guard x.buffer.type != .bool else {
      throw KernelError.unsupported("argmax and argmin do not take elements of type bool")
    }
    // One chunk: an index needs its whole column.
    let shape = ReductionShape(outer: outer, count: count, inner: inner, chunkLength: count)
    guard shape.results > 0, count > 0 else { return }
    let to = try target.writableInts(shape.results)
    let isFloat = x.buffer.type == .f32
    let floats = isFloat ? try x.floats(shape.elements) : nil
    let ints = isFloat ? nil : try x.ints(shape.elements)
    try forEachBlock(shape) { o, _, columns in
      let from = o * count * inner + columns.lowerBound
      let result = to + o * inner + columns.lowerBound
      let (n, stride, width) = (Int64(count), Int64(inner), Int64(columns.count))
      if let floats {
        kernels.pointee.reduce_index_f32(largest ? 1 : 0, floats + from, n, stride, width, result)
      }
      if let ints {
        kernels.pointee.reduce_index_i64(largest ? 1 : 0, ints + from, n, stride, width, result)
      }
    }
  }

  /// target[o] = log Σ exp of row o.
  /// - Throws: `Interrupted`.
  public func logSumExp(_ x: Region, outer: Int, count: Int, to target: Region) throws {
    let (from, to) = try (x.floats(outer * count), target.writableFloats(outer))
    try parallel(outer, grain: max(1, Self.elementGrain / max(1, count))) { rows in
      for row in rows { to[row] = kernels.pointee.log_sum_exp(from + row * count, Int64(count)) }
    }
  }
}

/// How x[outer, count, inner] is cut along its middle axis, by the shape alone.
private struct ReductionShape {
  let outer: Int
  let count: Int
  let inner: Int
  let chunkLength: Int

  init(outer: Int, count: Int, inner: Int, chunkLength: Int? = nil) {
    self.outer = outer
    self.count = count
    self.inner = inner
    self.chunkLength = max(1, chunkLength ?? max(1024, (1 << 16) / max(1, min(inner, 256))))
  }

  var elements: Int { outer * count * inner }
  var results: Int { outer * inner }
  /// At least one, so that the results of empty rows are written too.
  var chunks: Int { max(1, (count + chunkLength - 1) / chunkLength) }

  func rows(of chunk: Int) -> Range<Int> {
    let first = chunk * chunkLength
    return first..<max(first, min(first + chunkLength, count))
  }
}

extension Reduction {
  fileprivate var code: pare_reduction {
    switch self {
    case .sum: PARE_SUM
    case .maximum, .any: PARE_LARGEST
    case .minimum, .all: PARE_SMALLEST
    }
  }
}
