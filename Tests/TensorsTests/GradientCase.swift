import Kernels
import Tensors
import TestFixtures

/// A differentiable operation on inputs of given shapes, for the check by finite differences.
struct GradientCase: Sendable, CustomStringConvertible {
  let description: String
  let shapes: [[Int]]
  /// Where inputs are drawn from.
  let range: ClosedRange<Float>
  let operation: @Sendable ([Tensor]) throws -> Tensor

  init(
    _ description: String, _ shapes: [Int]..., range: ClosedRange<Float> = -2...2,
    operation: @escaping @Sendable ([Tensor]) throws -> Tensor
  ) {
    self.description = description
    self.shapes = shapes
    self.range = range
    self.operation = operation
  }

  /// The host values of each input: a grid over the range in random order, another grid for each
  /// input, so that no two elements are near each other or near 0, where some operations have a
  /// kink.
  func inputs() -> [[Float]] {
    var generator = RandomGenerator(seed: 1)
    return shapes.enumerated().map { input, shape in
      let count = shape.reduce(1, *)
      let step = (range.upperBound - range.lowerBound) / Float(max(count, 1))
      let shift = 0.3 + 0.4 * Float(input % 2)
      return generator.permutation(count).map { range.lowerBound + (Float($0) + shift) * step }
    }
  }
}

/// A tensor of host values in a shape, on the device of a test.
func tensor(_ values: [Float], _ shape: [Int], on device: any Device = anyDevice) throws -> Tensor {
  try Tensor(values, shape: shape, on: device)
}

/// Independent normal numbers, the same for the same seed.
func normals(_ count: Int, seed: Int) -> [Float] {
  var generator = RandomGenerator(seed: seed)
  return (0..<count).map { _ in Float(generator.normal()) }
}
