import Evaluation
import Kernels
import Tensors

/// Work that is part of a step and that nothing can leave out, done alone.
protocol StepBound {
  /// What it is.
  var name: String { get }
  /// Does it once.
  /// - Returns: the seconds that it took.
  /// - Throws: what the device throws.
  func measure() throws -> Double
}

/// The matrix products of a step on operands that are there beforehand, weights packed. Products of
/// one shape follow each other and share their operands, so that caches hold them where they can.
struct ProductReplay: StepBound {
  let name = "matrix products alone"
  private let products: [(product: MatrixProduct, count: Int)]
  private let operands: [Tensor]
  private let device: any Device

  /// - Parameter shapes: how often the step computes a product of each shape.
  /// - Throws: `KernelError.outOfMemory`.
  init(of shapes: [ProductShape: Int], on device: any Device) throws {
    func matrix(_ count: KeyPath<ProductShape, Int>) throws -> Tensor {
      try randomMatrix(count: shapes.keys.map { $0[keyPath: count] }.max() ?? 0, on: device)
    }
    let left = try matrix(\.leftCount)
    let right = try matrix(\.rightCount)
    let out = try matrix(\.outCount)
    operands = [left, right, out]
    products = shapes.map { shape, count in
      var product = shape.product(left.region, right.region, to: out.region)
      // A weight's gradient, which transposes its left factor, multiplies activations: they can
      // only be packed as they come. All else multiplies weights, also those that training packs
      // each time.
      product.rightIsWeight = !shape.transposeLeft
      return (product, count)
    }
    self.device = device
  }

  func measure() throws -> Double {
    let start = ContinuousClock.now
    for (product, count) in products {
      for _ in 0..<count { try device.multiply(product) }
    }
    try device.synchronize()
    return withExtendedLifetime(operands) { (ContinuousClock.now - start).inSeconds }
  }
}

/// A plain read of the weights that a step's products read, at the size that the precision gives
/// them: what bounds the making of one token after another.
struct WeightReading: StepBound {
  let name = "a plain read of the weights"
  private let bytes: Tensor
  private let sum: Tensor
  private let times: Int

  /// - Parameters:
  ///   - shapes: how often the step computes a product of each shape.
  ///   - times: how many tokens the step makes; each reads the weights once.
  /// - Throws: `KernelError.outOfMemory`.
  init(of shapes: [ProductShape: Int], times: Int, on device: any Device) throws {
    let elements = shapes.reduce(0) { sum, entry in
      entry.key.rightIsWeight ? sum + entry.key.rightCount * entry.value : sum
    }
    let size = device.precision == .bf16 ? 2 : 4
    bytes = try Tensor.full([max(1, elements * size / times / 4)], 0, on: device)
    sum = try Tensor.full([1], 0, on: device)
    self.times = times
  }

  func measure() throws -> Double {
    let device = bytes.device
    let start = ContinuousClock.now
    for _ in 0..<times {
      // Of all passes over memory this one writes nothing.
      try device.sumOfSquares(
        bytes.region, count: bytes.count, to: sum.region, accumulates: false)
    }
    try device.synchronize()
    return (ContinuousClock.now - start).inSeconds
  }
}

/// Numbers between −1/16 and 1/16, whose sums of products stay small.
private func randomMatrix(count: Int, on device: any Device) throws -> Tensor {
  let tensor = try Tensor(uninitialized: [count], on: device)
  try device.produce(tensor.region, count: count, granularity: 1) { output, range in
    for place in output.indices {
      let mixed = UInt32(truncatingIfNeeded: range.lowerBound + place) &* 2_654_435_761
      output[place] = (Float(mixed >> 8) * 0x1p-23 - 1) / 16
    }
  }
  return tensor
}
