/// The arithmetic of shapes.
package enum Shape {
  /// The number of elements.
  /// - Throws: `TensorError` where a size is negative or the product leaves 64 bits.
  package static func count(_ shape: [Int]) throws -> Int {
    // An axis of 0 makes the count 0, but the strides of the others must stay within 64 bits too.
    var bound = 1
    for size in shape {
      guard size >= 0 else {
        throw TensorError.shape(verb: "make", shape: shape, reason: "sizes cannot be negative")
      }
      let (product, overflow) = bound.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow, product < 1 << 56 else {
        throw TensorError.shape(verb: "make", shape: shape, reason: "it has too many elements")
      }
      bound = product
    }
    return shape.contains(0) ? 0 : bound
  }

  /// Row-major strides.
  package static func strides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }

  /// The shape that two operands broadcast to, by NumPy's rule.
  package static func broadcast(_ left: [Int], _ right: [Int], verb: String) throws -> [Int] {
    let rank = max(left.count, right.count)
    return try (0..<rank).map { axis in
      let a = axis < rank - left.count ? 1 : left[axis - (rank - left.count)]
      let b = axis < rank - right.count ? 1 : right[axis - (rank - right.count)]
      guard a == b || a == 1 || b == 1 else {
        throw TensorError.shapes(
          verb: verb, left: left, right: right,
          reason: "sizes \(a) and \(b) of axis \(axis) differ, and neither is 1")
      }
      return a == 1 ? b : a
    }
  }

  /// The strides by which a contiguous `shape` is read as the larger `target`: 0 where it repeats.
  package static func strides(_ shape: [Int], broadcastTo target: [Int]) -> [Int] {
    let own = strides(shape)
    let missing = target.count - shape.count
    return target.indices.map { axis in
      axis < missing || (shape[axis - missing] == 1 && target[axis] != 1) ? 0 : own[axis - missing]
    }
  }

  /// The axis counted from the front; negative ones count from the end.
  package static func axis(_ axis: Int, rank: Int) throws -> Int {
    let positive = axis < 0 ? axis + rank : axis
    guard positive >= 0, positive < rank else {
      throw TensorError.invalid("axis \(axis) is outside a tensor with \(rank) axes")
    }
    return positive
  }

  /// The sizes before, at and after an axis.
  package static func split(_ shape: [Int], at axis: Int) -> (outer: Int, count: Int, inner: Int) {
    (
      shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *)
    )
  }
}
