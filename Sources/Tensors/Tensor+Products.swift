import Kernels

extension Tensor {
  /// The matrix product, by NumPy's rules: vectors are rows or columns, leading axes broadcast. i64
  /// matrices multiply as integers.
  /// - Throws: `TensorError` where shapes or devices do not fit.
  public func matmul(_ other: Tensor) throws -> Tensor {
    try requireSameDevice(other, "multiply")
    guard rank > 0, other.rank > 0 else {
      throw TensorError.shapes(
        verb: "multiply", left: shape, right: other.shape, reason: "@ takes no scalars, * does")
    }
    let inner = shape[rank - 1]
    let rows = other.shape[Swift.max(other.rank - 2, 0)]
    guard inner == rows else {
      throw TensorError.shapes(
        verb: "multiply", left: shape, right: other.shape,
        reason: "\(inner) columns meet \(rows) rows")
    }
    if type != .f32, other.type != .f32 {
      return try converted(to: .i64).integerProduct(other.converted(to: .i64))
    }
    let left = try converted(to: .f32)
    let right = try other.converted(to: .f32)
    let a = rank == 1 ? try left.reshaped([1, shape[0]]) : left
    let b = other.rank == 1 ? try right.reshaped([other.shape[0], 1]) : right
    let product = try Self.batched(a, b)
    var result = product.shape
    if other.rank == 1 { result.removeLast() }
    if rank == 1 { result.remove(at: result.count - (other.rank == 1 ? 1 : 2)) }
    return result == product.shape ? product : try product.reshaped(result)
  }

  /// a [..., m, k] times b [..., k, n], leading axes broadcast.
  private static func batched(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    let (rows, inner) = (a.shape[a.rank - 2], a.shape[a.rank - 1])
    let columns = b.shape[b.rank - 1]
    if b.rank == 2 {
      // One right factor for all: the leading axes are more rows.
      let product = try flat(a, b)
      return try product.reshaped(Array(a.shape.dropLast()) + [columns])
    }
    let lead = try leadingAxes(a.shape, b.shape)
    let left = try a.broadcast(to: lead + [rows, inner])
    let right = try b.broadcast(to: lead + [inner, columns])
    let result = try Tensor(uninitialized: lead + [rows, columns], on: a.device)
    let batch = lead.reduce(1, *)
    func product(
      _ x: Tensor, _ y: Tensor, to out: Region, _ m: Int, _ n: Int, _ k: Int, _ tx: Bool, _ ty: Bool
    ) throws {
      var product = MatrixProduct(
        x.region, y.region, to: out, rows: m, columns: n, inner: k, transposeLeft: tx,
        transposeRight: ty)
      product.batch = batch
      product.leftStride = m * k
      product.rightStride = k * n
      try a.device.multiply(product)
    }
    try product(left, right, to: result.region, rows, columns, inner, false, false)
    result.recordOrigin([left, right]) { gradient, gradients in
      if left.needsGradient {
        let d = try Tensor(uninitialized: left.shape, on: left.device)
        try product(gradient, right, to: d.region, rows, inner, columns, false, true)
        try gradients.add(d, to: left)
      }
      if right.needsGradient {
        let d = try Tensor(uninitialized: right.shape, on: right.device)
        try product(left, gradient, to: d.region, inner, columns, rows, true, false)
        try gradients.add(d, to: right)
      }
    }
    return result
  }

  /// The axes before the matrices, broadcast; an error names the whole shapes.
  private static func leadingAxes(_ a: [Int], _ b: [Int]) throws -> [Int] {
    do {
      return try Shape.broadcast(Array(a.dropLast(2)), Array(b.dropLast(2)), verb: "multiply")
    } catch TensorError.shapes(let verb, _, _, let reason) {
      throw TensorError.shapes(verb: verb, left: a, right: b, reason: reason)
    }
  }

  /// a [..., k], seen as a matrix, times b [k, n].
  private static func flat(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    let (inner, columns) = (b.shape[0], b.shape[1])
    let rows = a.shape.dropLast().reduce(1, *)
    let result = try Tensor(uninitialized: [rows, columns], on: a.device)
    try a.device.multiply(
      MatrixProduct(
        a.region, b.region, to: result.region, rows: rows, columns: columns, inner: inner))
    result.recordOrigin([a, b]) { gradient, gradients in
      if a.needsGradient {
        let d = try Tensor(uninitialized: a.shape, on: a.device)
        try a.device.multiply(
          MatrixProduct(
            gradient.region, b.region, to: d.region, rows: rows, columns: inner, inner: columns,
            transposeRight: true))
        try gradients.add(d, to: a)
      }
      if let (target, accumulates) = try gradients.destination(for: b) {
        var product = MatrixProduct(
          a.region, gradient.region, to: target, rows: inner, columns: columns, inner: rows,
          transposeLeft: true)
        product.accumulates = accumulates
        try b.device.multiply(product)
      }
    }
    return result
  }

  private func integerProduct(_ other: Tensor) throws -> Tensor {
    let a = rank == 1 ? try reshaped([1, shape[0]]) : self
    let b = other.rank == 1 ? try other.reshaped([other.shape[0], 1]) : other
    guard b.rank == 2 else {
      throw TensorError.shapes(
        verb: "multiply", left: shape, right: other.shape,
        reason: "a product of integers takes a matrix on the right; convert to floats first")
    }
    let (inner, columns) = (b.shape[0], b.shape[1])
    let rows = a.shape.dropLast().reduce(1, *)
    let lead = rank == 1 ? [] : Array(shape.dropLast())
    let result = try Tensor(
      uninitialized: lead + (other.rank == 1 ? [] : [columns]), .i64, on: device)
    try device.multiplyIntegers(
      a.region, b.region, to: result.region, rows: rows, columns: columns, inner: inner)
    return result
  }
}
