/// A function of a row of elements.
public enum Reduction: Sendable, Equatable, CaseIterable {
  /// f32 or i64.
  case sum
  /// f32 or i64; NaN wins, as in NumPy. The caller refuses empty rows.
  case maximum, minimum
  /// bool alone.
  case any, all
}

/// Operations that shorten an axis. The order of summation depends on the shape alone, never on the
/// number of threads.
public protocol ReductionOperations {
  /// target[o, i] = reduction over n of x[o, n, i].
  func reduce(
    _ reduction: Reduction, _ x: Region, outer: Int, count: Int, inner: Int, to target: Region
  ) throws

  /// target[o, i] = the lowest n at which x[o, n, i] is largest (or smallest); NaN wins. The target
  /// is i64.
  func reduceIndex(
    largest: Bool, _ x: Region, outer: Int, count: Int, inner: Int, to target: Region) throws

  /// target[o] = log of the sum of exp over the row, by its maximum; x [outer, count].
  func logSumExp(_ x: Region, outer: Int, count: Int, to target: Region) throws
}
