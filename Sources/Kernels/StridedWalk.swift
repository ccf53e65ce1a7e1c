/// The way through operands that share a shape, each with strides of its own: as few axes as serve.
struct StridedWalk {
  /// The joined shape, at least one axis.
  private(set) var shape: [Int]
  /// Each operand's strides over that shape.
  private(set) var strides: [[Int]]
  /// How many elements there are.
  let count: Int

  /// Leaves out axes of one element and joins neighbours that every operand can walk as one.
  init(shape: [Int], strides operands: [[Int]]) {
    count = shape.reduce(1, *)
    self.shape = []
    strides = operands.map { _ in [] }
    for axis in shape.indices where shape[axis] != 1 {
      if let last = self.shape.indices.last,
        operands.indices.allSatisfy({
          strides[$0][last] == operands[$0][axis] * shape[axis]
        })
      {
        self.shape[last] *= shape[axis]
        for operand in operands.indices { strides[operand][last] = operands[operand][axis] }
      } else {
        self.shape.append(shape[axis])
        for operand in operands.indices { strides[operand].append(operands[operand][axis]) }
      }
    }
    if self.shape.isEmpty {
      self.shape = [1]
      for operand in operands.indices { strides[operand] = [1] }
    }
  }

  /// Elements of the last axis.
  var rowLength: Int { shape[shape.count - 1] }

  /// An operand's stride along the last axis.
  func rowStride(_ operand: Int) -> Int { strides[operand][shape.count - 1] }

  /// Calls `body` for every stretch of one row among elements `range` (in row-major order), with
  /// each operand's offset, the first element's number and the stretch's length.
  func forEachRow(in range: Range<Int>, _ body: ([Int], Int, Int) throws -> Void) rethrows {
    guard !range.isEmpty else { return }
    let last = shape.count - 1
    var index = shape
    var rest = range.lowerBound
    for axis in shape.indices.reversed() {
      index[axis] = rest % shape[axis]
      rest /= shape[axis]
    }
    var offsets = strides.map { strides in
      index.indices.reduce(0) { $0 + index[$1] * strides[$1] }
    }
    var element = range.lowerBound
    while true {
      let length = min(rowLength - index[last], range.upperBound - element)
      try body(offsets, element, length)
      element += length
      if element >= range.upperBound { return }
      // The stretch ended at the row's end: on to the next row.
      for operand in offsets.indices { offsets[operand] -= index[last] * strides[operand][last] }
      index[last] = 0
      for axis in (0..<last).reversed() {
        index[axis] += 1
        for operand in offsets.indices { offsets[operand] += strides[operand][axis] }
        if index[axis] < shape[axis] { break }
        for operand in offsets.indices { offsets[operand] -= shape[axis] * strides[operand][axis] }
        index[axis] = 0
      }
    }
  }

  /// An operand's lowest and highest offset.
  func bounds(_ operand: Int) -> ClosedRange<Int> {
    var low = 0
    var high = 0
    for (size, stride) in zip(shape, strides[operand]) {
      if stride < 0 { low += (size - 1) * stride } else { high += (size - 1) * stride }
    }
    return low...high
  }
}
