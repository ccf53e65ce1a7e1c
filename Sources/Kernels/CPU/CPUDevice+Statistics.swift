internal import CKernels
import Synchronization

/// Statistics of activations.
extension CPUDevice {
  /// Units whose moments one thread finds together.
  private static let unitGrain = 128

  /// The moments of every unit over a window's positions.
  /// - Throws: `Interrupted`.
  public func timeMoments(
    _ x: Region, batch: Int, time: Int, width: Int, absoluteMean: Region, norm: Region,
    variance: Region
  ) throws {
    guard batch > 0, width > 0 else { return }
    let from = try x.floats(batch * time * width)
    let (mean, root, spread) = try (
      absoluteMean.writableFloats(batch * width), norm.writableFloats(batch * width),
      variance.writableFloats(batch * width)
    )
    let stripes = (width - 1) / Self.unitGrain + 1
    try parallel(batch * stripes, grain: 1) { items in
      for item in items {
        let (window, first) = (item / stripes, item % stripes * Self.unitGrain)
        let to = window * width + first
        kernels.pointee.time_moments(
          from + window * time * width + first, Int64(time), Int64(width),
          Int64(min(Self.unitGrain, width - first)), mean + to, root + to, spread + to)
      }
    }
  }

  /// norms[row] = √Σ x².
  /// - Throws: `Interrupted`.
  public func rowNorms(_ x: Region, rows: Int, width: Int, to norms: Region) throws {
    let (from, to) = try (x.floats(rows * width), norms.writableFloats(rows))
    try parallel(rows, grain: max(1, Self.elementGrain / max(1, width))) { range in
      kernels.pointee.row_norms(
        from + range.lowerBound * width, Int64(range.count), Int64(width), to + range.lowerBound)
    }
  }

  /// cosines[row] = x·y / (|x| |y|), 0 where a norm is 0.
  /// - Throws: `Interrupted`.
  public func rowCosines(_ x: Region, _ y: Region, rows: Int, width: Int, to cosines: Region) throws
  {
    let (left, right) = try (x.floats(rows * width), y.floats(rows * width))
    let to = try cosines.writableFloats(rows)
    try parallel(rows, grain: max(1, Self.elementGrain / max(1, width))) { range in
      for row in range {
        to[row] = kernels.pointee.cosine(left + row * width, right + row * width, Int64(width))
      }
    }
  }

  /// Whether all elements are finite.
  /// - Throws: `Interrupted`.
  public func isFinite(_ x: Region, count: Int) throws -> Bool {
    let from = try x.floats(count)
    let found = Atomic(false)
    try parallel(count, grain: Self.elementGrain) { range in
      if found.load(ordering: .relaxed) { return }
      if kernels.pointee.all_finite(from + range.lowerBound, Int64(range.count)) == 0 {
        found.store(true, ordering: .relaxed)
      }
    }
    return !found.load(ordering: .relaxed)
  }
}
