import Kernels

/// Orders and running sums along an axis, worked out on the host; no gradient flows through them.
extension Tensor {
  /// The elements in rising order along an axis, NaN last.
  /// - Throws: `TensorError` for an axis that is not there.
  public func sorted(axis: Int = -1) throws -> Tensor {
    let axis = try Shape.axis(axis, rank: rank)
    if type == .i64 {
      let lanes = Self.lanes(try integers(), axis, shape).map { $0.sorted() }
      return try Tensor(gathered(lanes, axis, of: shape), shape: shape, on: device)
    }
    let lanes = Self.lanes(try floats(), axis, shape).map { lane in
      lane.order(falling: false).map { lane[$0] }
    }
    return try Tensor(gathered(lanes, axis, of: shape), shape: shape, on: device)
      .converted(to: type)
  }

  /// The places of the elements in rising order along an axis, equal ones as they stand; i64.
  /// - Throws: `TensorError` for an axis that is not there.
  public func sortedPlaces(axis: Int = -1) throws -> Tensor {
    let axis = try Shape.axis(axis, rank: rank)
    let order = try orders(axis, falling: false).map { $0.map(Int64.init) }
    return try Tensor(gathered(order, axis, of: shape), shape: shape, on: device)
  }

  /// The `count` largest elements along the last axis in falling order, NaN first, with their places.
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
      try values.detached().reshaped(shape),
      try Tensor(places.flatMap { $0.map(Int64.init) }, shape: shape, on: device)
    )
  }

  /// Running sums along an axis, of all elements in row-major order where it is nil; ints and truth values
  /// in i64, wrapping around.
  /// - Throws: `TensorError` for an axis that is not there.
  public func runningSum(axis: Int? = nil) throws -> Tensor {
    guard let axis else { return try reshaped([count]).runningSum(axis: 0) }
    let place = try Shape.axis(axis, rank: rank)
    if type == .f32 {
      let sums = Self.lanes(try floats(), place, shape).map { lane in
        lane.reduce(into: [Float]()) { $0.append(($0.last ?? 0) + $1) }
      }
      return try Tensor(gathered(sums, place, of: shape), shape: shape, on: device)
    }
    let integers = try integers()
    let sums = Self.lanes(integers, place, shape).map { lane in
      lane.reduce(into: [Int64]()) { $0.append(($0.last ?? 0) &+ $1) }
    }
    return try Tensor(gathered(sums, place, of: shape), shape: shape, on: device)
  }

  // MARK: Lanes

  /// The places along an axis in the order of their elements.
  private func orders(_ axis: Int, falling: Bool) throws -> [[Int]] {
    type == .i64
      ? Self.lanes(try integers(), axis, shape).map { $0.order(falling: falling) }
      : Self.lanes(try floats(), axis, shape).map { $0.order(falling: falling) }
  }

  /// The elements along an axis, a list for every place of the other axes.
  private static func lanes<Element>(
    _ values: [Element], _ axis: Int, _ shape: [Int]
  ) -> [[Element]] {
    let (length, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
    let outer = shape[..<axis].reduce(1, *)
    return (0..<outer * inner).map { lane in
      let start = lane / inner * length * inner + lane % inner
      return (0..<length).map { values[start + $0 * inner] }
    }
  }
}

/// Lanes put back in row-major order.
private func gathered<Element>(_ lanes: [[Element]], _ axis: Int, of shape: [Int]) -> [Element] {
  let (length, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
  let outer = shape[..<axis].reduce(1, *)
  var result: [Element] = []
  result.reserveCapacity(outer * length * inner)
  for block in 0..<outer {
    for place in 0..<length {
      for lane in 0..<inner { result.append(lanes[block * inner + lane][place]) }
    }
  }
  return result
}

extension Array where Element: Comparable {
  /// The places in rising or falling order of the elements, equal ones as they stand; what is not equal to
  /// itself, NaN, counts as largest.
  fileprivate func order(falling: Bool) -> [Int] {
    func precedes(_ x: Element, _ y: Element) -> Bool {
      if x != x { return false }
      return y != y || x < y
    }
    return indices.sorted { a, b in
      let (x, y) = falling ? (self[b], self[a]) : (self[a], self[b])
      if precedes(x, y) { return true }
      return !precedes(y, x) && a < b
    }
  }
}
