/// Movement of elements: movement.cl.
extension OpenCLDevice {
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
    try walk.forEachPart { walk, offsets in
      try launchElements(
        "copy_strided_\(size)", of: .movement,
        [
          .operand(source.region.advanced(by: offsets[0]), 0, of: walk),
          .operand(target.region.advanced(by: offsets[1]), 1, of: walk),
          .bytes(walk.kernelBytes), .int(walk.shape.count),
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
    try walk.forEachPart { walk, offsets in
      try launchElements(
        "fill_\(type.size)", of: .movement,
        [
          .operand(target.region.advanced(by: offsets[0]), 0, of: walk), .bytes(bytes),
          .bytes(walk.kernelBytes), .int(walk.shape.count),
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
