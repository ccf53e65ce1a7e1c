internal import CKernels

/// One product of a batch, as host pointers but for the right factor, of which a packed copy may
/// do.
struct HostProduct {
  var left: UnsafePointer<Float>
  var right: Region
  var out: UnsafeMutablePointer<Float>
  var rows: Int
  var columns: Int
  var inner: Int
  var transposeLeft: Bool
  var transposeRight: Bool
  var accumulates: Bool
  /// What the product is added to: what is in `out` where it accumulates.
  var start: UnsafePointer<Float>?
  /// Whether packed copies of the right factor are kept.
  var rightIsWeight: Bool

  /// Elements from one stored row of the left factor to the next.
  var leftStride: Int { transposeLeft ? rows : inner }
  /// Elements from one stored row of the right factor to the next.
  var rightStride: Int { transposeRight ? inner : columns }

  /// The right factor's elements.
  /// - Throws: what reading them does.
  func rightElements() throws -> UnsafePointer<Float> { try right.floats(inner * columns) }
}

/// Matrix products.
extension CPUDevice {
  /// A batch of products in f32, or with bf16 operands.
  /// - Throws: `KernelError.outOfMemory` for scratch memory, `failed`, `Interrupted`.
  public func multiply(_ product: MatrixProduct) throws {
    let rounds = precision == .bf16
    let takesAddend =
      rounds && product.inner > 0
      && (units != nil || product.rows == 1 && product.rightIsWeight)
    if product.addend != nil, !takesAddend { return try multiply(addendInPlace(product)) }
    record { $0.products += 1 }
    productLog.note(product)
    let (rows, columns, inner) = (product.rows, product.columns, product.inner)
    guard rows > 0, columns > 0, product.batch > 0 else { return }
    let last = product.batch - 1
    let out = try product.out.writableFloats(product.batch * rows * columns)
    if inner == 0 {
      if !product.accumulates { out.update(repeating: 0, count: product.batch * rows * columns) }
      return
    }
    let left = try product.left.floats(last * product.leftStride + rows * inner)
    let addend = try product.addend?.floats(product.batch * rows * columns)
    func one(_ index: Int) throws {
      let place = index * rows * columns
      let start = addend ?? (product.accumulates ? UnsafePointer(out) : nil)
      let host = HostProduct(
        left: left + index * product.leftStride,
        right: product.right.advanced(by: index * product.rightStride),
        out: out + place, rows: rows, columns: columns, inner: inner,
        transposeLeft: product.transposeLeft, transposeRight: product.transposeRight,
        accumulates: product.accumulates, start: start.map { $0 + place },
        rightIsWeight: product.rightIsWeight)
      if rounds { try multiplyRounded(host) } else { try multiplyFloats(host) }
    }
    // Small products are shared out whole, large ones are cut up one after another.
    let isSmall = rows * columns <= 1 << 16 && rows * columns * inner <= 1 << 22
    if product.batch > 1 && isSmall {
      let grain = max(1, Self.elementGrain / (rows * columns * inner))
      try parallel(product.batch, grain: grain, operation: "products") {
        for index in $0 { try one(index) }
      }
    } else {
      for index in 0..<product.batch { try one(index) }
    }
  }

  /// The product of i64 matrices, wrapping around.
  /// - Throws: `Interrupted`.
  public func multiplyIntegers(
    _ left: Region, _ right: Region, to out: Region, rows: Int, columns: Int, inner: Int
  ) throws {
    record { $0.products += 1 }
    guard rows > 0, columns > 0 else { return }
    let (left, right) = try (left.ints(rows * inner), right.ints(inner * columns))
    let out = try out.writableInts(rows * columns)
    let work = max(1, columns * max(1, inner))
    try parallel(rows, grain: max(1, Self.elementGrain / work), operation: "products") { range in
      let first = range.lowerBound
      kernels.pointee.multiply_i64_rows(
        left + first * inner, right, out + first * columns, Int64(range.count), Int64(columns),
        Int64(inner))
    }
  }
}
