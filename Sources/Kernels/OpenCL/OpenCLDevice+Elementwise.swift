/// Elementwise functions: elementwise.cl.
extension OpenCLDevice {
  /// target[i] = operation(x[i]).
  /// - Throws: `KernelError.unsupported` for a type that the operation does not take;
  ///   `Interrupted`.
  public func apply(_ operation: UnaryOperation, _ x: Region, to target: Region, count: Int) throws
  {
    let type = x.buffer.type
    try operation.require(type)
    try launchElements(
      "\(operation)_\(type.name)", of: .elementwise,
      [.region(x, count: count), .region(target, count: count)], count: count, workAnElement: 16)
  }

  /// target = operation(a, b) with broadcasting by strides of 0.
  /// - Throws: `KernelError.unsupported` for a type that the operation does not take;
  ///   `Interrupted`.
  public func apply(
    _ operation: BinaryOperation, _ a: Strided, _ b: Strided, to target: Region, shape: [Int]
  ) throws {
    let type = a.region.buffer.type
    try operation.require(type)
    precondition(type == b.region.buffer.type, "\(operation) of two types")
    let walk = StridedWalk(
      shape: shape, strides: [a.strides, b.strides, Strided(target, contiguous: shape).strides])
    guard walk.count > 0 else { return }
    let kernel = "\(operation)_\(type.name)"
    if walk.shape.count == 1, walk.rowStride(0) == 1, walk.rowStride(1) == 1 {
      return try launchElements(
        kernel, of: .elementwise,
        [
          .region(a.region, count: walk.count), .region(b.region, count: walk.count),
          .region(target, count: walk.count),
        ], count: walk.count)
    }
    try walk.forEachPart { walk, offsets in
      try launchElements(
        kernel + "_strided", of: .elementwise,
        [
          .operand(a.region.advanced(by: offsets[0]), 0, of: walk),
          .operand(b.region.advanced(by: offsets[1]), 1, of: walk),
          .region(target.advanced(by: offsets[2]), count: walk.count),
          .bytes(walk.kernelBytes), .int(walk.shape.count),
        ], count: walk.count, workAnElement: 16)
    }
  }

  /// target = condition ? a : b.
  /// - Throws: `KernelError`, `Interrupted`.
  public func select(
    _ condition: Strided, _ a: Strided, _ b: Strided, to target: Region, shape: [Int]
  ) throws {
    let walk = StridedWalk(
      shape: shape,
      strides: [
        a.strides, b.strides, condition.strides, Strided(target, contiguous: shape).strides,
      ])
    guard walk.count > 0 else { return }
    try walk.forEachPart { walk, offsets in
      try launchElements(
        "select_\(target.buffer.type.size)", of: .elementwise,
        [
          .operand(a.region.advanced(by: offsets[0]), 0, of: walk),
          .operand(b.region.advanced(by: offsets[1]), 1, of: walk),
          .operand(condition.region.advanced(by: offsets[2]), 2, of: walk),
          .region(target.advanced(by: offsets[3]), count: walk.count),
          .bytes(walk.kernelBytes), .int(walk.shape.count),
        ], count: walk.count, workAnElement: 16)
    }
  }

  /// target[i] += scale · x[i].
  /// - Throws: `KernelError`, `Interrupted`.
  public func accumulate(_ x: Region, scale: Float, into target: Region, count: Int) throws {
    try launchElements(
      "accumulate", of: .elementwise,
      [.region(x, count: count), .float(scale), .region(target, count: count)], count: count)
  }

  /// target[i] = scale · x[i].
  /// - Throws: `KernelError`, `Interrupted`.
  public func scale(_ x: Region, by scale: Float, to target: Region, count: Int) throws {
    try launchElements(
      "scale", of: .elementwise,
      [.region(x, count: count), .float(scale), .region(target, count: count)], count: count)
  }
}
