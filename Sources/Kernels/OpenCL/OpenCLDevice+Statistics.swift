/// Statistics of activations: statistics.cl.
extension OpenCLDevice {
  /// The moments of every unit over a window's positions.
  /// - Throws: `KernelError`, `Interrupted`.
  public func timeMoments(
    _ x: Region, batch: Int, time: Int, width: Int, absoluteMean: Region, norm: Region,
    variance: Region
  ) throws {
    try launchItems(
      "time_moments", of: .statistics,
      [
        .region(x, count: batch * time * width), .region(absoluteMean, count: batch * width),
        .region(norm, count: batch * width), .region(variance, count: batch * width), .long(time),
        .long(width),
      ], items: batch * units(width), work: batch * time * width * 24)
  }

  /// norms[row] = √Σ x².
  /// - Throws: `KernelError`, `Interrupted`.
  public func rowNorms(_ x: Region, rows: Int, width: Int, to norms: Region) throws {
    try launchRows(
      "row_norms", of: .statistics,
      [.region(x, count: rows * width), .region(norms, count: rows), .long(width)],
      rows: rows, width: width)
  }

  /// cosines[row] = x·y / (|x| |y|), 0 where a norm is 0.
  /// - Throws: `KernelError`, `Interrupted`.
  public func rowCosines(_ x: Region, _ y: Region, rows: Int, width: Int, to cosines: Region) throws
  {
    try launchRows(
      "row_cosines", of: .statistics,
      [
        .region(x, count: rows * width), .region(y, count: rows * width),
        .region(cosines, count: rows), .long(width),
      ], rows: rows, width: 3 * width)
  }

  /// Whether all elements are finite.
  /// - Throws: `KernelError`, `Interrupted`.
  public func isFinite(_ x: Region, count: Int) throws -> Bool {
    let found = try allocate(1, .bool).start
    try fill(Strided(found, contiguous: [1]), shape: [1], with: .bool(false))
    try launchElements(
      "find_non_finite", of: .statistics, [.region(x, count: count), .region(found, count: 1)],
      count: count)
    var answer: UInt8 = 0
    try withUnsafeMutableBytes(of: &answer) { try download(found, to: $0) }
    return answer == 0
  }
}
