import Kernels

/// Uniform numbers in [-1, 1), the same for the same seed everywhere (xorshift64*).
func uniform(_ count: Int, seed: UInt64) -> [Float] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return Float((state &* 0x2545_F491_4F6C_DD1D) >> 40) / Float(1 << 23) - 1
  }
}

/// The largest difference, relative to the largest magnitude in `wanted`; infinite where something
/// is NaN.
func relativeError(_ found: [Float], _ wanted: [Double]) -> Double {
  guard found.count == wanted.count else { return .infinity }
  let size = max(wanted.reduce(0) { max($0, abs($1)) }, 1e-30)
  return zip(found, wanted).reduce(0) { worst, pair in
    let difference = abs(Double(pair.0) - pair.1) / size
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}

/// Whether a result is within some units in the last place of the wanted one, among denormals too;
/// an infinity is wanted exactly, and NaN for NaN.
func isClose(_ found: Float, _ wanted: Double, ulps: Double) -> Bool {
  let rounded = Float(wanted)
  if wanted.isNaN { return found.isNaN }
  return found == rounded || abs(Double(found) - wanted) <= ulps * Double(rounded.ulp)
}

/// Equal bit for bit, NaN included.
func identical(_ a: [Float], _ b: [Float]) -> Bool {
  a.map(\.bitPattern) == b.map(\.bitPattern)
}

/// Every index of a shape, in row-major order.
func indices(of shape: [Int]) -> [[Int]] {
  shape.reduce([[]]) { indices, size in
    indices.flatMap { index in (0..<size).map { index + [$0] } }
  }
}

/// The offset of an index.
func offset(_ index: [Int], _ strides: [Int], from first: Int = 0) -> Int {
  zip(index, strides).reduce(first) { $0 + $1.0 * $1.1 }
}
