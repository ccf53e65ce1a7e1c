import Kernels

/// Indices into one axis, in any order and any number, with the shape that they give the result.
public struct IndexList: Equatable, Sendable {
  /// The indices; negative ones count from the end.
  public let values: [Int]
  /// Their arrangement; empty for a single one.
  public let shape: [Int]

  /// As many indices as the shape has elements.
  public init(_ values: [Int], shape: [Int]) {
    precondition(shape.reduce(1, *) == values.count)
    self.values = values
    self.shape = shape
  }
}

extension AxisIndex {
  /// The indices of the elements where a mask is true, a list for each of its axes: NumPy's
  /// `nonzero`.
  /// - Throws: what the device throws.
  public static func nonzero(_ mask: Tensor) throws -> [AxisIndex] {
    let places = try mask.truths().enumerated().filter(\.element).map(\.offset)
    let strides = Shape.strides(mask.shape)
    return zip(mask.shape, strides).map { size, stride in
      .take(IndexList(places.map { $0 / stride % size }, shape: [places.count]))
    }
  }
}

/// Indexing by lists: a part chosen by slices, of which some axes that stand side by side are
/// replaced by the elements that lists of indices pick.
struct Picking {
  /// The indices with each list replaced by its whole axis.
  let basic: [AxisIndex]
  /// The first picked axis of the part that `basic` chooses, and how many there are.
  private let first: Int
  private let count: Int
  private let lists: [IndexList]
  /// The shape that the lists broadcast to.
  let listShape: [Int]

  private static let whole = AxisIndex.slice(start: nil, end: nil, step: nil)

  /// - Throws: `TensorError` where lists do not broadcast or stand apart, as NumPy would move them
  ///   to the front.
  init(_ indices: [AxisIndex], of shape: [Int]) throws {
    let isPicked = indices.map { index in
      switch index {
      case .at, .take: true
      default: false
      }
    }
    guard let start = isPicked.firstIndex(of: true), let end = isPicked.lastIndex(of: true),
      isPicked[start...end].allSatisfy({ $0 })
    else {
      throw TensorError.shape(
        verb: "index", shape: shape,
        reason:
          "lists of indices (and ints beside them) must stand side by side; index in two steps")
    }
    var lists: [IndexList] = []
    for index in indices[start...end] {
      switch index {
      case .at(let position): lists.append(IndexList([position], shape: []))
      case .take(let list): lists.append(list)
      default: break
      }
    }
    self.lists = lists
    count = lists.count
    basic = zip(indices, isPicked).map { $1 ? Self.whole : $0 }
    listShape = try lists.reduce([]) {
      try Shape.broadcast($0, $1.shape, verb: "index by lists of")
    }
    let used = indices.filter { $0 != .newAxis && $0 != .ellipsis }.count
    guard used <= shape.count, indices.filter({ $0 == .ellipsis }).count <= 1 else {
      throw TensorError.shape(
        verb: "index", shape: shape,
        reason: "there are \(used) indices for \(shape.count) axes, and at most one may be ...")
    }
    first = indices[..<start].reduce(0) { axes, index in
      axes + (index == .ellipsis ? shape.count - used : 1)
    }
  }

  /// Whether the part is all there is.
  var isWhole: Bool { basic.allSatisfy { $0 == Self.whole || $0 == .ellipsis } }

  /// The rows that the lists name, counted over the picked axes of a part.
  /// - Throws: `TensorError` for an index outside its axis.
  func rows(of part: [Int]) throws -> [Int] {
    let sizes = Array(part[first..<first + count])
    let strides = Shape.strides(sizes)
    let total = listShape.reduce(1, *)
    var rows = [Int](repeating: 0, count: total)
    for (axis, list) in lists.enumerated() {
      let places = try list.values.map { index in
        let place = index < 0 ? index + sizes[axis] : index
        guard place >= 0, place < sizes[axis] else {
          throw TensorError.index(index, axis: first + axis, length: sizes[axis])
        }
        return place
      }
      let own = Shape.strides(list.shape, broadcastTo: listShape)
      let all = Shape.strides(listShape)
      for row in rows.indices {
        if row & 0xFFFF == 0 { try Interrupt.check() }
        let place = zip(all, zip(listShape, own)).reduce(0) { sum, axis in
          sum + row / axis.0 % axis.1.0 * axis.1.1
        }
        rows[row] += places[place] * strides[axis]
      }
    }
    return rows
  }

  /// How many rows the picked axes of a part have.
  func rowCount(of part: [Int]) -> Int { part[first..<first + count].reduce(1, *) }

  /// The axes of a part, picked ones first.
  func frontOrder(rank: Int) -> [Int] {
    let picked = Array(first..<first + count)
    return picked + (0..<rank).filter { !picked.contains($0) }
  }

  /// The shape of the part without its picked axes.
  func rest(of part: [Int]) -> [Int] { Array(part[..<first] + part[(first + count)...]) }

  /// The shape of what is picked.
  func shape(of part: [Int]) -> [Int] {
    Array(part[..<first] + listShape + part[(first + count)...])
  }

  /// The axes of [lists…, rest…] in the order of the result.
  func backOrder(rank: Int) -> [Int] {
    let before = (0..<first).map { $0 + listShape.count }
    return before + Array(listShape.indices) + Array(before.count + listShape.count..<rank)
  }

  /// The axes of the result in the order [lists…, rest…].
  func resultFrontOrder(rank: Int) -> [Int] {
    let own = Array(first..<first + listShape.count)
    return own + (0..<rank).filter { !own.contains($0) }
  }
}

extension Tensor {
  /// The elements that lists of indices pick.
  /// - Throws: `TensorError`.
  func picked(_ indices: [AxisIndex]) throws -> Tensor {
    let picking = try Picking(indices, of: shape)
    let part = try picking.isWhole ? self : indexed(picking.basic)
    let rows = try part.rowIndices(picking.rows(of: part.shape))
    let table = try part.rowTable(picking)
    let chosen = try table.rows(unchecked: rows)
    let flat = try chosen.reshaped(picking.listShape + picking.rest(of: part.shape))
    let result = try flat.arranged(picking.backOrder(rank: flat.rank))
    return try result.converted(to: type)
  }

  /// Writes `value`, broadcast and converted, to the elements that lists of indices pick; where one
  /// is named twice the last value stays.
  /// - Throws: `TensorError`.
  func setPicked(_ indices: [AxisIndex], to value: Tensor) throws {
    try requireSameDevice(value, "assign")
    let picking = try Picking(indices, of: shape)
    let part = try picking.isWhole ? detached() : detached().indexed(picking.basic)
    let target = picking.shape(of: part.shape)
    guard (try? Shape.broadcast(value.shape, target, verb: "assign")) == target else {
      throw TensorError.shapes(
        verb: "assign", left: value.shape, right: target,
        reason: "the value does not broadcast to the place")
    }
    let rows = try picking.rows(of: part.shape)
    if rows.isEmpty || part.count == 0 { return }
    let old = try part.rowTable(picking)
    let whole = try value.detached().converted(to: old.type).broadcast(to: target)
    let new = try whole.arranged(picking.resultFrontOrder(rank: whole.rank))
      .reshaped([rows.count, old.shape[1]])
    // Each row of the part is what it was or the last value that is written to it.
    var sources = Array(0..<picking.rowCount(of: part.shape))
    for (position, row) in rows.enumerated() { sources[row] = old.shape[0] + position }
    let mixed = try Tensor.concatenated([old, new]).rows(unchecked: rowIndices(sources))
    let order = picking.frontOrder(rank: part.rank)
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    let front = try mixed.reshaped(order.map { part.shape[$0] })
    try setItem(picking.basic, to: front.arranged(inverse))
  }

  /// The picked axes of a part as rows, the others as columns; truth values as ints.
  private func rowTable(_ picking: Picking) throws -> Tensor {
    let source = type == .bool ? try converted(to: .i64) : self
    let front = try source.arranged(picking.frontOrder(rank: rank))
    return try front.reshaped([
      picking.rowCount(of: shape), picking.rest(of: shape).reduce(1, *),
    ])
  }

  /// The axes in another order; nothing is copied where it is the same.
  private func arranged(_ axes: [Int]) throws -> Tensor {
    axes == Array(0..<rank) ? self : try transposed(axes)
  }

  private func rowIndices(_ rows: [Int]) throws -> Tensor {
    try Tensor(rows.map { Int64($0) }, shape: [rows.count], on: device)
  }
}
