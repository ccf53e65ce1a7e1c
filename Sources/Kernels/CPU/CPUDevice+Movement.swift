internal import CKernels

/// Movement of elements.
extension CPUDevice {
  /// Elements that one piece of a pass over memory handles.
  static let elementGrain = 1 << 15

  /// Copies elements from strided to strided places.
  /// - Throws: `Interrupted`.
  public func copy(_ source: Strided, to target: Strided, shape: [Int]) throws {
    let walk = StridedWalk(shape: shape, strides: [source.strides, target.strides])
    guard walk.count > 0 else { return }
    let sourceBuffer = try source.region.hostBuffer()
    let targetBuffer = try target.region.hostBuffer()
    precondition(sourceBuffer.type == targetBuffer.type, "a copy between types")
    let from = try sourceBuffer.read(0, of: walk, at: source.region.offset)
    let to = try targetBuffer.write(1, of: walk, at: target.region.offset)
    let size = sourceBuffer.type.size
    if let axis = walk.transposedAxis {
      try transpose(from, to, size: size, walk: walk, axis: axis)
      return
    }
    let (sourceStride, targetStride) = (walk.rowStride(0), walk.rowStride(1))
    try parallel(walk.count, grain: Self.elementGrain) { range in
      walk.forEachRow(in: range) { offsets, _, count in
        kernels.pointee.copy(
          Int32(size), from + offsets[0] * size, Int64(sourceStride), to + offsets[1] * size,
          Int64(targetStride), Int64(count))
      }
    }
  }

  /// Copies planes of the last axis and of the one along which the source's neighbours lie.
  private func transpose(
    _ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, size: Int, walk: StridedWalk, axis: Int
  ) throws {
    let last = walk.shape.count - 1
    let rows = walk.shape[axis]
    let columns = walk.shape[last]
    let sourceStride = Int64(walk.strides[0][last])
    let targetStride = Int64(walk.strides[1][axis])
    let outer = StridedWalk(
      shape: walk.shape.indices.map { $0 == axis || $0 == last ? 1 : walk.shape[$0] },
      strides: walk.strides)
    let stripe = 32 * max(1, Self.elementGrain / 32 / max(1, columns))
    let stripes = (rows - 1) / stripe + 1
    let planesAPiece = max(1, Self.elementGrain / max(1, min(rows, stripe) * columns))
    try parallel(outer.count * stripes, grain: planesAPiece) { range in
      for item in range {
        let first = item % stripes * stripe
        outer.forEachRow(in: item / stripes..<item / stripes + 1) { offsets, _, _ in
          kernels.pointee.transpose(
            Int32(size), from + (offsets[0] + first * walk.strides[0][axis]) * size, sourceStride,
            to + (offsets[1] + first * walk.strides[1][axis]) * size, targetStride,
            Int64(min(stripe, rows - first)), Int64(columns))
        }
      }
    }
  }

  /// Sets every element of a strided place.
  /// - Throws: `Interrupted`.
  public func fill(_ target: Strided, shape: [Int], with value: Scalar) throws {
    let walk = StridedWalk(shape: shape, strides: [target.strides])
    guard walk.count > 0 else { return }
    let buffer = try target.region.hostBuffer()
    let to = try buffer.write(0, of: walk, at: target.region.offset)
    switch buffer.type {
    case .f32: try fill(to, walk, value.float)
    case .i64: try fill(to, walk, value.int)
    case .bool: try fill(to, walk, value.byte)
    }
  }

  private func fill<Element>(_ to: UnsafeMutableRawPointer, _ walk: StridedWalk, _ value: Element)
    throws
  {
    let size = MemoryLayout<Element>.size
    let stride = Int64(walk.rowStride(0))
    try withUnsafePointer(to: value) { value in
      try parallel(walk.count, grain: Self.elementGrain) { range in
        walk.forEachRow(in: range) { offsets, _, count in
          kernels.pointee.copy(
            Int32(size), value, 0, to + offsets[0] * size, stride, Int64(count))
        }
      }
    }
  }

  /// Converts elements to the type of the target's buffer.
  /// - Throws: `Interrupted`.
  public func convert(_ source: Region, to target: Region, count: Int) throws {
    let c = kernels.pointee
    switch (source.buffer.type, target.buffer.type) {
    case (.f32, .i64):
      try convert(source.floats(count), target.writableInts(count), count, c.convert_f32_i64)
    case (.f32, .bool):
      try convert(source.floats(count), target.writableBools(count), count, c.convert_f32_bool)
    case (.i64, .f32):
      try convert(source.ints(count), target.writableFloats(count), count, c.convert_i64_f32)
    case (.i64, .bool):
      try convert(source.ints(count), target.writableBools(count), count, c.convert_i64_bool)
    case (.bool, .f32):
      try convert(source.bools(count), target.writableFloats(count), count, c.convert_bool_f32)
    case (.bool, .i64):
      try convert(source.bools(count), target.writableInts(count), count, c.convert_bool_i64)
    case (.f32, .f32), (.i64, .i64), (.bool, .bool):
      try copy(
        Strided(source, contiguous: [count]), to: Strided(target, contiguous: [count]),
        shape: [count])
    }
  }

  private func convert<From, To>(
    _ from: UnsafePointer<From>, _ to: UnsafeMutablePointer<To>, _ count: Int,
    _ loop: (UnsafePointer<From>?, UnsafeMutablePointer<To>?, Int64) -> Void
  ) throws {
    try parallel(count, grain: Self.elementGrain) { range in
      loop(from + range.lowerBound, to + range.lowerBound, Int64(range.count))
    }
  }
}

extension StridedWalk {
  /// The axis along which the first operand's neighbours lie, where they do not along the last one
  /// and the second operand's do: then the copy is a transposition.
  fileprivate var transposedAxis: Int? {
    guard rowStride(0) != 1, rowStride(0) != 0, rowStride(1) == 1 else { return nil }
    return shape.indices.dropLast().first { strides[0][$0] == 1 && shape[$0] > 1 }
  }
}
