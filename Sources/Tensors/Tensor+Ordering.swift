import Kernels

/// Orders and running sums along an axis, worked out on the host.
extension Tensor {
  /// The elements in rising order along an axis, NaN last. Gradients flow back to where each stood.
  ///
  /// Shape: any with at least one axis; the result has the same.
  /// - Throws: `TensorError` for an axis that is not there, `Interrupted`.
  public func sorted(axis: Int = -1) throws -> Tensor {
    let axis = try Shape.axis(axis, rank: rank)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let block = shape[axis] * inner
    // Where each element of a lane stands in row-major order.
    let places = try orders(axis, falling: false).enumerated().map { lane, order in
      order.map { lane / inner * block + lane % inner + $0 * inner }
    }
    let order = try gathered(places, axis, of: shape)
    let picked = try reshaped([count]).indexed([.take(IndexList(order, shape: [order.count]))])
    return try picked.reshaped(shape)
  }

  /// The places of the elements in rising order along an axis, equal ones as they stand.
  ///
  /// Shape: any with at least one axis; the result has the same, i64.
  /// - Throws: `TensorError` for an axis that is not there, `Interrupted`.
  public func sortedPlaces(axis: Int = -1) throws -> Tensor {
    let axis = try Shape.axis(axis, rank: rank)
    let order = try orders(axis, falling: false).map { $0.map(Int64.init) }
    return try Tensor(try gathered(order, axis, of: shape), shape: shape, on: device)
  }

  /// The `count` largest elements along the last axis in falling order, NaN first, with their
  /// places.
  /// - Throws: `TensorError` where the axis has fewer.
  public func largest(_ count: Int) throws -> (values: Tensor, places: Tensor) {
    guard let length = shape.last, (0...length).contains(count) else {
      throw TensorError.shape(
        verb: "take the \(count) largest of", shape: shape, reason: "the last axis has fewer")
    }
    let places = try orders(rank - 1, falling: true).map { $0.prefix(count) }
    let shape = Array(self.shape.dropLast()) + [count]
    let taken = places.enumerated().flatMap { lane, places in places.map { lane * length + $0 } }
    let values = try reshaped([self.count]).indexed([
      .take(IndexList(taken, shape: [taken.count]))
    ])
    return (
      try values.reshaped(shape),
      try Tensor(places.flatMap { $0.map(Int64.init) }, shape: shape, on: device)
    )
  }

  /// Running sums along an axis, of all elements in row-major order where it is nil; ints and truth
  /// values in i64, wrapping around.
  ///
  /// Shape: any; the result has the same, [count] without an axis.
  /// - Throws: `TensorError` for an axis that is not there, `Interrupted`.
  public func runningSum(axis: Int? = nil) throws -> Tensor {
    guard let axis else { return try reshaped([count]).runningSum(axis: 0) }
    let place = try Shape.axis(axis, rank: rank)
    guard type == .f32 else {
      let sums = try lanes(try integers(), place).map { lane in
        lane.reduce(into: [Int64]()) { $0.append(($0.last ?? 0) &+ $1) }
      }
      return try Tensor(try gathered(sums, place, of: shape), shape: shape, on: device)
    }
    let result = try runningSum(place, isBackward: false)
    result.recordOrigin([self]) { [target] gradient, gradients in
      // Each element is in every sum from its own on.
      try gradients.add(try gradient.runningSum(place, isBackward: true), to: target)
    }
    return result
  }

  private func runningSum(_ axis: Int, isBackward: Bool) throws -> Tensor {
    let sums = try lanes(try floats(), axis).map { lane in
      let sums = (isBackward ? lane.reversed() : lane).reduce(into: [Float]()) {
        $0.append(($0.last ?? 0) + $1)
      }
      return isBackward ? sums.reversed() : sums
    }
    return try Tensor(try gathered(sums, axis, of: shape), shape: shape, on: device)
  }

  // MARK: Lanes

  /// The places along an axis in the order of their elements.
  private func orders(_ axis: Int, falling: Bool) throws -> [[Int]] {
    type == .i64
      ? try lanes(try integers(), axis).map { try $0.order(falling: falling) }
      : try lanes(try floats(), axis).map { try $0.order(falling: falling) }
  }

  /// The elements along an axis, a list for every place of the other axes.
  private func lanes<Element>(_ values: [Element], _ axis: Int) throws -> [[Element]] {
    let (length, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
    let outer = shape[..<axis].reduce(1, *)
    return try (0..<outer * inner).map { lane in
      try Interrupt.check()
      let start = lane / inner * length * inner + lane % inner
      return (0..<length).map { values[start + $0 * inner] }
    }
  }
}

/// Lanes put back in row-major order.
private func gathered<Element>(
  _ lanes: [[Element]], _ axis: Int, of shape: [Int]
) throws -> [Element] {
  let (length, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
  let outer = shape[..<axis].reduce(1, *)
  var result: [Element] = []
  result.reserveCapacity(outer * length * inner)
  for block in 0..<outer {
    try Interrupt.check()
    for place in 0..<length {
      for lane in 0..<inner { result.append(lanes[block * inner + lane][place]) }
    }
  }
  return result
}

extension Array where Element: Comparable {
  /// The places in rising or falling order of the elements, equal ones as they stand; what is not
  /// equal to itself, NaN, counts as largest.
  /// - Throws: `Interrupted`.
  fileprivate func order(falling: Bool) throws -> [Int] {
    func precedes(_ x: Element, _ y: Element) -> Bool {
      if x != x { return false }
      return y != y || x < y
    }
    var comparisons = 0
    return try indices.sorted { a, b in
      comparisons += 1
      if comparisons & 0xFFFF == 0 { try Interrupt.check() }
      let (x, y) = falling ? (self[b], self[a]) : (self[a], self[b])
      if precedes(x, y) { return true }
      return !precedes(y, x) && a < b
    }
  }
}
