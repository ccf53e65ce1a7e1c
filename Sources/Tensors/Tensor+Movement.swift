import Kernels

/// What an index does to one axis.
public enum AxisIndex: Equatable, Sendable {
  /// Takes one element and drops the axis; negative counts from the end.
  case at(Int)
  /// Takes elements `start`, `start + step`, … before `end`, cut to what is there, as NumPy does;
  /// nil means the axis's own bound.
  case slice(start: Int?, end: Int?, step: Int?)
  /// Takes the elements of a list of indices, whose shape takes the axis's place; lists for several
  /// axes side by side are taken together, as NumPy does.
  case take(IndexList)
  /// Inserts an axis of length 1.
  case newAxis
  /// All axes that the other indices leave out.
  case ellipsis
}

extension AxisIndex {
  var isList: Bool { if case .take = self { true } else { false } }
}

extension Tensor {
  /// The same elements in another shape; one size may be −1 and is then what is left.
  /// - Throws: `TensorError` where the number of elements differs.
  public func reshaped(_ sizes: [Int]) throws -> Tensor {
    guard sizes.filter({ $0 == -1 }).count <= 1 else {
      throw TensorError.shapes(
        verb: "reshape", left: shape, right: sizes, reason: "only one size may be -1")
    }
    var target = sizes
    if let open = sizes.firstIndex(of: -1) {
      target[open] = 1
      let rest = try Shape.count(target)
      target[open] = rest == 0 ? 0 : count / rest
    }
    guard try Shape.count(target) == count else {
      throw TensorError.shapes(
        verb: "reshape", left: shape, right: sizes, reason: "\(count) elements do not fill it")
    }
    let result = Tensor(region, shape: target)
    let source = self.target
    result.recordOrigin([self]) { gradient, gradients in
      try gradients.add(Tensor(gradient.region, shape: source.shape), to: source, isFresh: false)
    }
    return result
  }

  /// The axes in another order, all of them reversed by default.
  /// - Throws: `TensorError` where `axes` is no permutation.
  public func transposed(_ axes: [Int]? = nil) throws -> Tensor {
    let order = try (axes ?? (0..<rank).reversed()).map { try Shape.axis($0, rank: rank) }
    guard order.sorted() == Array(0..<rank) else {
      throw TensorError.shape(
        verb: "transpose", shape: shape, reason: "\(axes ?? []) is no permutation of its axes")
    }
    let strides = Shape.strides(shape)
    let result = try gathered(
      Strided(region, strides: order.map { strides[$0] }), shape: order.map { shape[$0] })
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    let target = target
    result.recordOrigin([self]) { gradient, gradients in
      try gradients.add(try gradient.transposed(inverse), to: target)
    }
    return result
  }

  /// The elements repeated to a larger shape.
  /// - Throws: `TensorError` where this shape does not broadcast to it.
  public func broadcast(to target: [Int]) throws -> Tensor {
    guard try Shape.broadcast(shape, target, verb: "broadcast") == target else {
      throw TensorError.shapes(
        verb: "broadcast", left: shape, right: target, reason: "the target is smaller")
    }
    let result = try gathered(strided(as: target), shape: target)
    let source = self.target
    result.recordOrigin([self]) { gradient, gradients in
      try gradients.add(try gradient.summed(to: source.shape), to: source, isFresh: false)
    }
    return result
  }

  /// The part that the indices choose, one an axis, missing ones whole; a copy.
  /// - Throws: `TensorError` for too many indices or one outside its axis.
  public func indexed(_ indices: [AxisIndex]) throws -> Tensor {
    if indices.contains(where: \.isList) { return try picked(indices) }
    let (view, result) = try place(of: indices)
    let part = try gathered(view, shape: result)
    let target = target
    part.recordOrigin([self]) { gradient, gradients in
      let whole = try Tensor.full(target.shape, 0, on: target.device)
      try whole.setItem(indices, to: gradient)
      try gradients.add(whole, to: target)
    }
    return part
  }

  /// Writes `value`, broadcast and converted, to the part that the indices choose.
  /// - Throws: `TensorError` where an index or the value does not fit.
  public func setItem(_ indices: [AxisIndex], to value: Tensor) throws {
    if indices.contains(where: \.isList) { return try setPicked(indices, to: value) }
    let (view, part) = try place(of: indices)
    try write(value, to: view, shape: part)
  }

  /// Rows of the first axis chosen by i64 indices: result [indices…, rest…].
  /// - Throws: `TensorError` for an index outside the axis.
  public func rows(_ indices: Tensor) throws -> Tensor {
    guard let length = shape.first, type != .bool else {
      throw TensorError.shape(verb: "take rows of", shape: shape, reason: "it has no rows")
    }
    for index in try indices.integers() where index < 0 || index >= length {
      throw TensorError.index(Int(index), axis: 0, length: length)
    }
    return try rows(unchecked: indices)
  }

  /// Rows of the first axis chosen by i64 indices that are known to be inside it: nothing is read
  /// back to the host.
  /// - Throws: what the device throws.
  package func rows(unchecked indices: Tensor) throws -> Tensor {
    let length = shape[0]
    let width = shape.dropFirst().reduce(1, *)
    let result = try Tensor(
      uninitialized: indices.shape + shape.dropFirst(), type, on: device)
    try device.gatherRows(
      region, width: width, rows: indices.region, count: indices.count, to: result.region)
    result.recordOrigin([self]) { gradient, gradients in
      guard let (target, accumulates) = try gradients.destination(for: self) else { return }
      if !accumulates {
        try self.device.fill(
          Strided(target, contiguous: self.shape), shape: self.shape, with: .float(0))
      }
      try self.device.scatterAddRows(
        gradient.region, width: width, rows: indices.region, count: indices.count, to: target,
        tableRows: length)
    }
    return result
  }

  /// Tensors joined along an axis.
  /// - Throws: `TensorError` where the other axes differ, or there are no tensors.
  public static func concatenated(_ parts: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let first = parts.first else { throw TensorError.invalid("concat needs a tensor") }
    let place = try Shape.axis(axis, rank: first.rank)
    var shape = first.shape
    shape[place] = 0
    for part in parts {
      var expected = part.shape
      if expected.count == shape.count {
        expected[place] = shape[place]
        shape[place] += part.shape[place]
        expected[place] = shape[place]
      }
      guard expected == shape, part.type == first.type else {
        throw TensorError.shapes(
          verb: "join", left: first.shape, right: part.shape,
          reason: "all axes but axis \(place), and the types, must agree")
      }
      try first.requireSameDevice(part, "join")
    }
    let result = try Tensor(uninitialized: shape, first.type, on: first.device)
    var ranges: [(start: Int, end: Int)] = []
    for part in parts {
      let start = ranges.last?.end ?? 0
      ranges.append((start, start + part.shape[place]))
      try result.setItem(Self.along(place, from: start, to: start + part.shape[place]), to: part)
    }
    result.recordOrigin(parts) { gradient, gradients in
      for (part, range) in zip(parts, ranges) where part.needsGradient {
        let slice = try gradient.indexed(Self.along(place, from: range.start, to: range.end))
        try gradients.add(slice, to: part)
      }
    }
    return result
  }

  private static func along(_ axis: Int, from start: Int, to end: Int) -> [AxisIndex] {
    [AxisIndex](repeating: .slice(start: nil, end: nil, step: nil), count: axis)
      + [.slice(start: start, end: end, step: nil)]
  }

  private func gathered(_ view: Strided, shape: [Int]) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, type, on: device)
    try device.copy(view, to: result.strided, shape: shape)
    return result
  }

  /// Where the chosen part stands in memory, and its shape.
  private func place(of indices: [AxisIndex]) throws -> (Strided, [Int]) {
    let used = indices.filter { $0 != .newAxis && $0 != .ellipsis }.count
    guard used <= rank, indices.filter({ $0 == .ellipsis }).count <= 1 else {
      throw TensorError.shape(
        verb: "index", shape: shape, reason: "there are \(used) indices for \(rank) axes")
    }
    let strides = Shape.strides(shape)
    var (offset, axis) = (region.offset, 0)
    var (newShape, newStrides): ([Int], [Int]) = ([], [])
    func keep(_ size: Int, _ stride: Int) {
      newShape.append(size)
      newStrides.append(stride)
    }
    let rest = [AxisIndex](
      repeating: .slice(start: nil, end: nil, step: nil), count: rank - used)
    let whole = indices.contains(.ellipsis) ? indices : indices + [.ellipsis]
    for index in whole.flatMap({ $0 == .ellipsis ? rest : [$0] }) {
      switch index {
      case .newAxis: keep(1, 0)
      case .ellipsis: break
      case .take: preconditionFailure("lists of indices are picked before")
      case .at(let position):
        let length = shape[axis]
        let place = position < 0 ? position + length : position
        guard place >= 0, place < length else {
          throw TensorError.index(position, axis: axis, length: length)
        }
        offset += place * strides[axis]
        axis += 1
      case .slice(let start, let end, let step):
        let range = try SliceRange(start, end, step, length: shape[axis])
        offset += range.start * strides[axis]
        keep(range.count, range.step * strides[axis])
        axis += 1
      }
    }
    return (Strided(Region(region.buffer, offset: offset), strides: newStrides), newShape)
  }
}

/// A slice cut to an axis, by NumPy's rules.
struct SliceRange {
  let start: Int
  let step: Int
  let count: Int

  init(_ start: Int?, _ end: Int?, _ step: Int?, length: Int) throws {
    let step = step ?? 1
    guard step != 0 else {
      throw TensorError.invalid("a slice needs a step other than 0")
    }
    let (lowest, highest) = step > 0 ? (0, length) : (-1, length - 1)
    func cut(_ bound: Int?, _ missing: Int) -> Int {
      guard let bound else { return missing }
      let positive = bound < 0 ? bound + length : bound
      return Swift.min(Swift.max(positive, lowest), highest)
    }
    let first = cut(start, step > 0 ? 0 : length - 1)
    let last = cut(end, step > 0 ? length : -1)
    let span = step > 0 ? last - first : first - last
    self.count = span <= 0 ? 0 : (span - 1) / Int(clamping: step.magnitude) + 1
    self.start = count == 0 ? 0 : first
    // A step that leads out of the axis is never taken, and may be too large to multiply.
    self.step = count < 2 ? 1 : step
  }
}
