internal import COpenCL

/// Matrix products by CLBlast, in f32.
extension OpenCLDevice {
  /// A side of a piece of a product is a multiple of this, unless it is whole.
  private static let pieceGrain = 256

  /// A batch of products.
  /// - Throws: `KernelError`, `Interrupted`.
  public func multiply(_ product: MatrixProduct) throws {
    if product.addend != nil { return try multiply(addendInPlace(product)) }
    counts.withLock { $0.products += 1 }
    productLog.note(product)
    let (rows, columns, inner) = (product.rows, product.columns, product.inner)
    guard rows > 0, columns > 0, product.batch > 0 else { return }
    if inner == 0 {
      guard !product.accumulates else { return }
      let count = product.batch * rows * columns
      return try fill(
        Strided(product.out, contiguous: [count]), shape: [count], with: .float(0))
    }
    try timed("products") {
      if product.batch > 1 {
        try announcingFirst("batch", product) { try multiplyBatch(product) }
      } else if rows == 1 || columns == 1 {
        try announcingFirst("vector", product) { try multiplyVector(product) }
      } else {
        try announcingFirst("matrix", product) { try multiplyPieces(product) }
      }
    }
  }

  /// The product of a gated MLP.
  /// - Throws: as `multiply(_: MatrixProduct)`.
  public func multiply(_ product: GatedProduct) throws { try multiplySeparately(product) }

  /// CLBlast builds its kernels at the first product of a kind, where the driver has not kept them.
  private func announcingFirst(_ kind: String, _ p: MatrixProduct, _ work: () throws -> Void) throws
  {
    let kind = "\(kind) \(p.transposeLeft) \(p.transposeRight)"
    guard builtProducts.withLock({ $0.insert(kind).inserted }) else { return try work() }
    let notice = SlowNotice("building CLBlast's kernels for \(description.name)", announce)
    defer { notice.cancel() }
    try work()
  }

  /// Cuts a long product along both sides, so that a request to stop is heard between pieces.
  private func multiplyPieces(_ p: MatrixProduct) throws {
    let terms = min(p.inner, layout.productTerms)
    var (height, width) = (p.rows, p.columns)
    while 2 * height * width * terms > layout.launchWork, max(height, width) > Self.pieceGrain {
      if height > width { height = Self.halved(height) } else { width = Self.halved(width) }
    }
    for row in stride(from: 0, to: p.rows, by: height) {
      for column in stride(from: 0, to: p.columns, by: width) {
        for term in stride(from: 0, to: p.inner, by: terms) {
          try multiplyPiece(
            p, rows: row..<min(row + height, p.rows),
            columns: column..<min(column + width, p.columns),
            terms: term..<min(term + terms, p.inner))
        }
      }
    }
  }

  private static func halved(_ side: Int) -> Int {
    (side / 2 + pieceGrain - 1) / pieceGrain * pieceGrain
  }

  private func multiplyPiece(
    _ p: MatrixProduct, rows: Range<Int>, columns: Range<Int>, terms: Range<Int>
  ) throws {
    let place = try Place(p, rows: rows, columns: columns, terms: terms, self)
    let accumulates = p.accumulates || terms.lowerBound > 0
    var queueHandle: cl_command_queue? = queue.handle
    let blast = context.driver.blast
    var bytes = 0
    let (m, n, k) = (columns.count, rows.count, terms.count)
    try context.driver.check(
      cl_int(
        blast.CLBlastSGemmTempBufferSize(
          place.layout, place.transposeRight, place.transposeLeft, m, n, k, place.rightOffset,
          place.rightStride, place.leftOffset, place.leftStride, place.outOffset, p.columns,
          &queueHandle, &bytes)), place.operation)
    let scratch = try pool.allocate(bytes, elementSize: 1)
    try queue.submit(place.operation, work: 2 * m * n * k) { event in
      cl_int(
        blast.CLBlastSgemmWithTempBuffer(
          place.layout, place.transposeRight, place.transposeLeft, m, n, k, 1, place.right,
          place.rightOffset, place.rightStride, place.left, place.leftOffset, place.leftStride,
          accumulates ? 1 : 0, place.out, place.outOffset, p.columns, &queueHandle, event,
          scratch.handle))
    }
    withExtendedLifetime(scratch) {}
  }

  /// A product with a vector on one side reads the matrix on the other once.
  private func multiplyVector(_ p: MatrixProduct) throws {
    let place = try Place(p, self)
    var queueHandle: cl_command_queue? = queue.handle
    let blast = context.driver.blast
    // The kernel multiplies what is there by beta, and NaN · 0 is NaN: what is there must be a
    // number.
    if !p.accumulates {
      let count = p.rows * p.columns
      try fill(Strided(p.out, contiguous: [count]), shape: [count], with: .float(0))
    }
    let (no, yes) = (CInt(CLBlastTransposeNo), CInt(CLBlastTransposeYes))
    try queue.submit(place.operation, work: 2 * p.rows * p.columns * p.inner) { event in
      if p.rows == 1 {
        // outᵀ = rightᵀ · leftᵀ.
        let (m, n) = p.transposeRight ? (p.inner, p.columns) : (p.columns, p.inner)
        return cl_int(
          blast.CLBlastSgemv(
            place.layout, p.transposeRight ? yes : no, m, n, 1, place.right, place.rightOffset,
            place.rightStride, place.left, place.leftOffset, 1, 1, place.out, place.outOffset, 1,
            &queueHandle, event))
      }
      let (m, n) = p.transposeLeft ? (p.rows, p.inner) : (p.inner, p.rows)
      return cl_int(
        blast.CLBlastSgemv(
          place.layout, p.transposeLeft ? no : yes, m, n, 1, place.left, place.leftOffset,
          place.leftStride, place.right, place.rightOffset, 1, 1, place.out, place.outOffset, 1,
          &queueHandle, event))
    }
  }

  /// A batch in runs that are short enough to hear a request to stop between them; long products
  /// one by one.
  private func multiplyBatch(_ p: MatrixProduct) throws {
    let work = 2 * p.rows * p.columns * p.inner
    let isLong = work > layout.launchWork || p.inner > layout.productTerms
    let run = isLong ? 1 : max(1, layout.launchWork / work)
    for first in stride(from: 0, to: p.batch, by: run) {
      var part = p
      part.batch = min(run, p.batch - first)
      part.left = p.left.advanced(by: first * p.leftStride)
      part.right = p.right.advanced(by: first * p.rightStride)
      part.out = p.out.advanced(by: first * p.rows * p.columns)
      if isLong { try multiplyPieces(part) } else { try multiplyRun(part) }
    }
  }

  private func multiplyRun(_ p: MatrixProduct) throws {
    let place = try Place(p, self)
    var queueHandle: cl_command_queue? = queue.handle
    let blast = context.driver.blast
    try queue.submit(place.operation, work: 2 * p.batch * p.rows * p.columns * p.inner) { event in
      cl_int(
        blast.CLBlastSgemmStridedBatched(
          place.layout, place.transposeRight, place.transposeLeft, p.columns, p.rows, p.inner, 1,
          place.right, place.rightOffset, place.rightStride, p.rightStride, place.left,
          place.leftOffset, place.leftStride, p.leftStride, p.accumulates ? 1 : 0, place.out,
          place.outOffset, p.columns, p.rows * p.columns, p.batch, &queueHandle, event))
    }
  }

  /// A part of a product as CLBlast takes it: by columns, in which our rows are the transposed
  /// matrices, so that out = left · right is outᵀ = rightᵀ · leftᵀ. CLBlast's kernels write
  /// columns; asked for rows, they would copy the result twice more.
  private struct Place {
    let layout = CInt(CLBlastLayoutColMajor)
    let transposeLeft, transposeRight: CInt
    let left, right, out: cl_mem
    let leftOffset, rightOffset, outOffset: Int
    let leftStride, rightStride: Int
    let operation: String

    /// The whole product, or the first of a batch.
    init(_ p: MatrixProduct, _ device: OpenCLDevice) throws {
      try self.init(p, rows: 0..<p.rows, columns: 0..<p.columns, terms: 0..<p.inner, device)
    }

    /// Some rows and columns of a product, summed over some of its terms.
    init(
      _ p: MatrixProduct, rows: Range<Int>, columns: Range<Int>, terms: Range<Int>,
      _ device: OpenCLDevice
    ) throws {
      let last = p.batch - 1
      try Self.requireReach(p, device)
      left = try Self.memory(
        p.left, count: last * p.leftStride + p.rows * p.inner, of: device)
      right = try Self.memory(
        p.right, count: last * p.rightStride + p.inner * p.columns, of: device)
      out = try Self.memory(p.out, count: p.batch * p.rows * p.columns, of: device)
      transposeLeft = CInt(p.transposeLeft ? CLBlastTransposeYes : CLBlastTransposeNo)
      transposeRight = CInt(p.transposeRight ? CLBlastTransposeYes : CLBlastTransposeNo)
      leftStride = p.transposeLeft ? p.rows : p.inner
      rightStride = p.transposeRight ? p.inner : p.columns
      leftOffset =
        p.left.offset + rows.lowerBound * (p.transposeLeft ? 1 : p.inner)
        + terms.lowerBound * (p.transposeLeft ? p.rows : 1)
      rightOffset =
        p.right.offset + columns.lowerBound * (p.transposeRight ? p.inner : 1)
        + terms.lowerBound * (p.transposeRight ? 1 : p.columns)
      outOffset = p.out.offset + rows.lowerBound * p.columns + columns.lowerBound
      operation =
        "multiplying [\(p.rows), \(p.inner)] by [\(p.inner), \(p.columns)] on \(device.name)"
    }

    /// CLBlast counts elements in 32 bits.
    private static func requireReach(_ p: MatrixProduct, _ device: OpenCLDevice) throws {
      let ends = [
        p.left.offset + (p.batch - 1) * p.leftStride + p.rows * p.inner,
        p.right.offset + (p.batch - 1) * p.rightStride + p.inner * p.columns,
        p.out.offset + p.batch * p.rows * p.columns,
      ]
      guard ends.allSatisfy({ $0 <= Int32.max }) else {
        throw KernelError.unsupported(
          "\(device.name) cannot multiply [\(p.rows), \(p.inner)] by [\(p.inner), \(p.columns)]: one "
            + "of the matrices ends past 2147483647 elements; take fewer rows at a time")
      }
    }

    private static func memory(_ region: Region, count: Int, of device: OpenCLDevice) throws
      -> cl_mem
    {
      let buffer = try region.openCLBuffer(of: device)
      precondition(
        buffer.type == .f32 && region.offset >= 0 && region.offset + count <= buffer.count,
        "\(count) f32 elements from \(region.offset) of a buffer of \(buffer.count)")
      return buffer.memory.handle
    }
  }

  /// The product of i64 matrices, wrapping around.
  /// - Throws: `KernelError`, `Interrupted`.
  public func multiplyIntegers(
    _ left: Region, _ right: Region, to out: Region, rows: Int, columns: Int, inner: Int
  ) throws {
    counts.withLock { $0.products += 1 }
    try launchElements(
      "multiply_integers", of: .product,
      [
        .region(left, count: rows * inner), .region(right, count: inner * columns),
        .region(out, count: rows * columns), .long(columns), .long(inner),
      ], count: rows * columns, workAnElement: 2 * max(1, inner))
  }
}
