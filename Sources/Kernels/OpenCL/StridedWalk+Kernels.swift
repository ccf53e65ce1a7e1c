/// A walk as kernels take it; see walk.cl.
extension StridedWalk {
  /// Axes that a kernel walks; more are walked on the host.
  static let kernelRank = 6
  private static let kernelOperands = 3

  /// The structure's bytes: axes from the last to the first, then the strides of three operands.
  var kernelBytes: [UInt8] {
    func padded(_ numbers: [Int]) -> [Int64] {
      numbers.reversed().map(Int64.init)
        + [Int64](repeating: 0, count: Self.kernelRank - numbers.count)
    }
    let zeros = [Int](repeating: 0, count: shape.count)
    let all = (0..<Self.kernelOperands).flatMap {
      padded(strides.indices.contains($0) ? strides[$0] : zeros)
    }
    return (padded(shape) + all).withUnsafeBytes { Array($0) }
  }

  /// Calls `body` for every walk of at most `kernelRank` axes that makes up this one, with how far
  /// each operand has come.
  func forEachPart(_ body: (StridedWalk, [Int]) throws -> Void) throws {
    let extra = shape.count - Self.kernelRank
    guard extra > 0 else { return try body(self, strides.map { _ in 0 }) }
    let inner = StridedWalk(
      shape: Array(shape.dropFirst(extra)), strides: strides.map { Array($0.dropFirst(extra)) })
    let outer = StridedWalk(
      shape: Array(shape.prefix(extra)), strides: strides.map { Array($0.prefix(extra)) })
    try outer.forEachRow(in: 0..<outer.count) { offsets, _, length in
      for index in 0..<length {
        try body(inner, offsets.indices.map { offsets[$0] + index * outer.rowStride($0) })
      }
    }
  }
}
