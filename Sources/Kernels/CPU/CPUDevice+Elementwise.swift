internal import CKernels

/// Elementwise functions.
extension CPUDevice {
  /// target[i] = operation(x[i]).
  /// - Throws: `KernelError.unsupported` for a type that the operation does not take,
  ///   `Interrupted`.
  public func apply(_ operation: UnaryOperation, _ x: Region, to target: Region, count: Int) throws
  {
    let type = x.buffer.type
    try operation.require(type)
    let c = kernels.pointee
    switch type {
    case .f32:
      let (from, to) = try (x.floats(count), target.writableFloats(count))
      try parallel(count, grain: Self.elementGrain, operation: operation.rawValue) { range in
        let first = range.lowerBound
        c.unary_f32(operation.code, from + first, to + first, Int64(range.count))
      }
    case .i64:
      let (from, to) = try (x.ints(count), target.writableInts(count))
      try parallel(count, grain: Self.elementGrain, operation: operation.rawValue) { range in
        let first = range.lowerBound
        c.unary_i64(operation.code, from + first, to + first, Int64(range.count))
      }
    case .bool:
      let (from, to) = try (x.bools(count), target.writableBools(count))
      try parallel(count, grain: Self.elementGrain, operation: operation.rawValue) { range in
        c.not_bool(from + range.lowerBound, to + range.lowerBound, Int64(range.count))
      }
    }
  }

  /// target = operation(a, b) with broadcasting by strides of 0.
  /// - Throws: `KernelError.unsupported` for a type that the operation does not take,
  ///   `Interrupted`.
  public func apply(
    _ operation: BinaryOperation, _ a: Strided, _ b: Strided, to target: Region, shape: [Int]
  ) throws {
    let type = a.region.buffer.type
    try operation.require(type)
    precondition(type == b.region.buffer.type, "\(operation) of two types")
    let c = kernels.pointee
    switch (type, operation.isComparison) {
    case (.f32, false): try pair(operation, a, b, target, shape, c.binary_f32)
    case (.i64, false): try pair(operation, a, b, target, shape, c.binary_i64)
    case (.f32, true): try pair(operation, a, b, target, shape, c.compare_f32)
    case (.i64, true): try pair(operation, a, b, target, shape, c.compare_i64)
    case (.bool, _): try pair(operation, a, b, target, shape, c.compare_bool)
    }
  }

  private typealias PairLoop<Element, Result> = (
    pare_binary, UnsafePointer<Element>?, Int64, UnsafePointer<Element>?, Int64,
    UnsafeMutablePointer<Result>?, Int64
  ) -> Void

  private func pair<Element, Result>(
    _ operation: BinaryOperation, _ a: Strided, _ b: Strided, _ target: Region, _ shape: [Int],
    _ loop: PairLoop<Element, Result>
  ) throws {
    let walk = StridedWalk(
      shape: shape,
      strides: [a.strides, b.strides, Strided(target, contiguous: shape).strides])
    guard walk.count > 0 else { return }
    let left = try a.region.hostBuffer().read(0, of: walk, at: a.region.offset)
      .assumingMemoryBound(to: Element.self)
    let right = try b.region.hostBuffer().read(1, of: walk, at: b.region.offset)
      .assumingMemoryBound(to: Element.self)
    let out: UnsafeMutablePointer<Result> =
      try target.hostBuffer().write(target.offset, walk.count)
    let (leftStride, rightStride) = (Int64(walk.rowStride(0)), Int64(walk.rowStride(1)))
    let code = operation.code
    try parallel(walk.count, grain: Self.elementGrain, operation: operation.rawValue) { range in
      walk.forEachRow(in: range) { offsets, first, count in
        loop(
          code, left + offsets[0], leftStride, right + offsets[1], rightStride, out + first,
          Int64(count))
      }
    }
  }

  /// target = condition ? a : b.
  /// - Throws: `Interrupted`.
  public func select(
    _ condition: Strided, _ a: Strided, _ b: Strided, to target: Region, shape: [Int]
  ) throws {
    let walk = StridedWalk(
      shape: shape,
      strides: [
        condition.strides, a.strides, b.strides, Strided(target, contiguous: shape).strides,
      ])
    guard walk.count > 0 else { return }
    let (yes, no, out) = try (
      a.region.hostBuffer(), b.region.hostBuffer(), target.hostBuffer()
    )
    precondition(yes.type == out.type && no.type == out.type, "a selection among types")
    let size = out.type.size
    let chosen = try condition.region.hostBuffer().read(0, of: walk, at: condition.region.offset)
      .assumingMemoryBound(to: UInt8.self)
    let first = try yes.read(1, of: walk, at: a.region.offset)
    let second = try no.read(2, of: walk, at: b.region.offset)
    let to = try out.writeBytes(from: target.offset, byteCount: walk.count * size)
    let stride = (0..<3).map { Int64(walk.rowStride($0)) }
    try parallel(walk.count, grain: Self.elementGrain) { range in
      walk.forEachRow(in: range) { offsets, element, count in
        kernels.pointee.select(
          Int32(size), chosen + offsets[0], stride[0], first + offsets[1] * size, stride[1],
          second + offsets[2] * size, stride[2], to + element * size, Int64(count))
      }
    }
  }

  /// target[i] += scale · x[i].
  /// - Throws: `Interrupted`.
  public func accumulate(_ x: Region, scale: Float, into target: Region, count: Int) throws {
    let (from, to) = try (x.floats(count), target.writableFloats(count))
    try parallel(count, grain: Self.elementGrain) { range in
      let first = range.lowerBound
      kernels.pointee.accumulate(from + first, scale, to + first, Int64(range.count))
    }
  }

  /// target[i] = scale · x[i].
  /// - Throws: `Interrupted`.
  public func scale(_ x: Region, by scale: Float, to target: Region, count: Int) throws {
    let (from, to) = try (x.floats(count), target.writableFloats(count))
    try parallel(count, grain: Self.elementGrain) { range in
      let first = range.lowerBound
      kernels.pointee.scale(from + first, scale, to + first, Int64(range.count))
    }
  }
}

extension UnaryOperation {
  fileprivate var code: pare_unary {
    switch self {
    case .negate: PARE_NEGATE
    case .absolute: PARE_ABSOLUTE
    case .exp: PARE_EXP
    case .log: PARE_LOG
    case .sqrt: PARE_SQRT
    case .tanh: PARE_TANH
    case .sigmoid: PARE_SIGMOID
    case .not: PARE_NOT
    }
  }
}

extension BinaryOperation {
  fileprivate var code: pare_binary {
    switch self {
    case .add: PARE_ADD
    case .subtract: PARE_SUBTRACT
    case .multiply: PARE_MULTIPLY
    case .divide: PARE_DIVIDE
    case .minimum: PARE_MINIMUM
    case .maximum: PARE_MAXIMUM
    case .power: PARE_POWER
    case .floorDivide: PARE_FLOOR_DIVIDE
    case .remainder: PARE_REMAINDER
    case .equal: PARE_EQUAL
    case .notEqual: PARE_NOT_EQUAL
    case .less: PARE_LESS
    case .lessOrEqual: PARE_LESS_OR_EQUAL
    case .greater: PARE_GREATER
    case .greaterOrEqual: PARE_GREATER_OR_EQUAL
    case .and: PARE_AND
    case .or: PARE_OR
    }
  }
}
