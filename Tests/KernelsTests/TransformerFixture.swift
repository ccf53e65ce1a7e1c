import Kernels
import Testing

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

extension Device {
  /// A buffer that holds `values`.
  func transformerBuffer(_ values: [Float]) throws -> Region {
    let buffer = try allocate(values.count, .f32)
    try values.withUnsafeBytes { try upload($0, to: buffer.start) }
    return buffer.start
  }

  /// A buffer of `count` elements, all NaN, so that an element never written shows.
  func transformerTarget(_ count: Int) throws -> Region {
    try transformerBuffer([Float](repeating: .nan, count: count))
  }

  /// The elements of a buffer.
  func transformerValues(_ region: Region) throws -> [Float] {
    var values = [Float](repeating: 0, count: region.buffer.count)
    try values.withUnsafeMutableBytes { try download(region.buffer.start, to: $0) }
    return values
  }
}

/// The largest difference, relative to the largest magnitude in `wanted`; infinite where something is
/// NaN.
func relativeError(_ found: [Float], _ wanted: [Double]) -> Double {
  guard found.count == wanted.count else { return .infinity }
  let size = max(wanted.reduce(0) { max($0, abs($1)) }, 1e-30)
  return zip(found, wanted).reduce(0) { worst, pair in
    let difference = abs(Double(pair.0) - pair.1) / size
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}

/// One device for each instruction set that the processor has, so that every loop is tested.
private let devices = Dictionary(
  uniqueKeysWithValues: InstructionSet.available.map {
    ($0, CPUDevice(threads: 2, instructionSet: $0))
  })

/// The shared device of an instruction set.
func transformerDevice(_ instructionSet: InstructionSet) -> CPUDevice {
  devices[instructionSet] ?? CPUDevice(threads: 2, instructionSet: instructionSet)
}

extension AttentionReference {
  /// Random operands of a shape, uniform up to `magnitude`.
  init(shape: AttentionShape, magnitude: Float) {
    let keys = shape.batch * shape.keyCapacity * shape.kvHeads * shape.headDim
    let queries = shape.batch * shape.queries * shape.heads * shape.headDim
    self.init(
      shape: shape, q: uniform(queries, seed: 1).map { $0 * magnitude },
      k: uniform(keys, seed: 2).map { $0 * magnitude },
      v: uniform(keys, seed: 3).map { $0 * magnitude })
  }
}
