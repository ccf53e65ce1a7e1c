/// Movement of elements: movement.cl.
extension OpenCLDevice {
  /// Axes that a kernel walks; more are walked here.
  static let walkRank = 6

  /// A walk as kernels take it: axes from the last to the first, strides for `operands`.
  static func bytes(of walk: StridedWalk, operands: Int) -> [UInt8] {
    func padded(_ numbers: [Int]) -> [Int64] {
      let last = numbers.reversed().map(Int64.init)
      return last + [Int64](repeating: 0, count: walkRank - last.count)
    }
    let zeros = [Int](repeating: 0, count: walk.shape.count)
    let strides = (0..<operands).map { $0 < walk.strides.count ? walk.strides[$0] : zeros }
    let numbers = padded(walk.shape) + strides.flatMap(padded)
    return numbers.withUnsafeBytes { Array($0) }
  }

  /// Calls `body` for every walk of at most `walkRank` axes that makes up this one, with how far each
  /// operand has come.
  static func forEachWalk(_ walk: StridedWalk, _ body: (StridedWalk, [Int]) throws -> Void) throws {
    let extra = walk.shape.count - walkRank
    guard extra > 0 else { return try body(walk, walk.strides.map { _ in 0 }) }
    let inner = StridedWalk(
      shape: Array(walk.shape.dropFirst(extra)),
      strides: walk.strides.map { Array($0.dropFirst(extra)) })
    let outer = StridedWalk(
      shape: Array(walk.shape.prefix(extra)), strides: walk.strides.map { Array($0.prefix(extra)) })
    try outer.forEachRow(in: 0..<outer.count) { offsets, _, length in
      for index in 0..<length {
        try body(inner, offsets.indices.map { offsets[$0] + index * outer.rowStride($0) })
      }
    }
  }

  /// Copies elements from strided to strided places.
  /// - Throws: `KernelError`, `Interrupted`.
  public func copy(_ source: Strided, to target: Strided, shape: [Int]) throws {
    let walk = StridedWalk(shape: shape, strides: [source.strides, target.strides])
    guard walk.count > 0 else { return }
    precondition(source.region.buffer.type == target.region.buffer.type, "a copy between types")
    let size = source.region.buffer.type.size
    if walk.shape.count == 1, walk.rowStride(0) == 1, walk.rowStride(1) == 1 {
      return try launchElements(
        "copy_\(size)", of: .movement,
        [.region(source.region, count: walk.count), .region(target.region, count: walk.count)],
        count: walk.count, workAnElement: 1)
    }
    try Self.forEachWalk(walk) { walk, offsets in
      try launchElements(
        "copy_strided_\(size)", of: .movement,
        [
          .operand(source.region.advanced(by: offsets[0]), 0, of: walk),
          .operand(target.region.advanced(by: offsets[1]), 1, of: walk),
          .bytes(Self.bytes(of: walk, operands: 2)), .int(walk.shape.count),
        ], count: walk.count, workAnElement: 16)
    }
  }

  /// Sets every element of a strided place.
  /// - Throws: `KernelError`, `Interrupted`.
  public func fill(_ target: Strided, shape: [Int], with value: Scalar) throws {
    let walk = StridedWalk(shape: shape, strides: [target.strides])
    guard walk.count > 0 else { return }
    let type = target.region.buffer.type
    let bytes: [UInt8] =
      switch type {
      case .f32: withUnsafeBytes(of: value.float) { Array($0) }
      case .i64: withUnsafeBytes(of: value.int) { Array($0) }
      case .bool: [value.byte]
      }
    try Self.forEachWalk(walk) { walk, offsets in
      try launchElements(
        "fill_\(type.size)", of: .movement,
        [
          .operand(target.region.advanced(by: offsets[0]), 0, of: walk), .bytes(bytes),
          .bytes(Self.bytes(of: walk, operands: 2)), .int(walk.shape.count),
        ], count: walk.count, workAnElement: 4)
    }
  }

  /// Converts elements to the type of the target's buffer.
  /// - Throws: `KernelError`, `Interrupted`.
  public func convert(_ source: Region, to target: Region, count: Int) throws {
    let (from, to) = (source.buffer.type, target.buffer.type)
    guard from != to else {
      return try copy(
        Strided(source, contiguous: [count]), to: Strided(target, contiguous: [count]),
        shape: [count])
    }
    try launchElements(
      "convert_\(from.name)_\(to.name)", of: .movement,
      [.region(source, count: count), .region(target, count: count)], count: count)
  }

  /// target[i] = table[rows[i]]; the caller checked the numbers.
  /// - Throws: `KernelError`, `Interrupted`.
  public func gatherRows(
    _ table: Region, width: Int, rows: Region, count: Int, to target: Region
  ) throws {
    guard width > 0 else { return }
    precondition(table.buffer.type == target.buffer.type, "rows of one type into another")
    try launchRows(
      "gather_rows_\(table.buffer.type.size)", of: .movement,
      [
        .region(table, count: 0), .region(rows, count: count),
        .region(target, count: count * width), .long(width),
      ], rows: count, width: width)
  }

  /// table[rows[i]] += source[i], in the order of i; the caller checked the numbers.
  /// - Throws: `KernelError`, `Interrupted`.
  public func scatterAddRows(
    _ source: Region, width: Int, rows: Region, count: Int, to table: Region, tableRows: Int
  ) throws {
    guard count > 0 else { return }
    try launchItems(
      "scatter_add_rows", of: .movement,
      [
        .region(source, count: count * width), .region(rows, count: count),
        .region(table, count: tableRows * width), .long(width), .long(count),
      ], items: units(width), work: count * width * 4)
  }
}
