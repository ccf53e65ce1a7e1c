import Kernels
import Tensors
import TestFixtures
import Testing

/// Gradients against finite differences of the forward pass.
///
/// The result is projected by fixed random weights, and the projection summed in double precision,
/// so that the operation's own rounding is all there is. Differences are of fourth order,
/// (8(f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h: their error is far below the tolerance of 5e-4 in
/// relation to the largest element of the gradient, or to 1 where that is smaller.
@Suite struct GradientTests {
  static let tolerance: Float = 5e-4
  static let step: Float = 1.0 / 64

  @Test(arguments: gradientCases + transformerCases, testDevices)
  func matchesFiniteDifferences(operation: GradientCase, on test: TestDevice) throws {
    let inputs = operation.inputs()
    let found = try gradients(operation, inputs, tracking: Set(inputs.indices), on: test.device)
    for (place, gradient) in found.enumerated() {
      let scale = max(1, gradient.map(abs).max() ?? 1)
      for element in checked(gradient.count) {
        let wanted = try difference(operation, inputs, place, element, on: test.device)
        #expect(
          abs(gradient[element] - wanted) <= Self.tolerance * scale,
          "input \(place), element \(element): \(gradient[element]), by differences \(wanted)")
      }
    }
  }

  /// Each input's gradient is the same where the others are not tracked.
  @Test(arguments: gradientCases + transformerCases)
  func doesNotDependOnWhatElseIsTracked(operation: GradientCase) throws {
    let inputs = operation.inputs()
    guard inputs.count > 1 else { return }
    let together = try gradients(
      operation, inputs, tracking: Set(inputs.indices), on: anyDevice)
    for place in inputs.indices {
      let alone = try gradients(operation, inputs, tracking: [place], on: anyDevice)
      #expect(maximumDifference(alone[place], together[place]) < 1e-6, "input \(place)")
      for other in inputs.indices where other != place {
        #expect(alone[other].allSatisfy { $0 == 0 }, "input \(other) is not tracked")
      }
    }
  }

  /// At most 40 elements, the first and the last among them.
  private func checked(_ count: Int) -> [Int] {
    let all = stride(from: 0, to: count, by: max(1, count / 40))
    return Array(all) + (count > 40 ? [count - 1] : [])
  }

  private func leaves(
    _ operation: GradientCase, _ inputs: [[Float]], on device: any Device
  ) throws -> [Tensor] {
    try zip(inputs, operation.shapes).map { try tensor($0, $1, on: device) }
  }

  private func gradients(
    _ operation: GradientCase, _ inputs: [[Float]], tracking: Set<Int>, on device: any Device
  ) throws -> [[Float]] {
    let leaves = try leaves(operation, inputs, on: device)
    for place in tracking { leaves[place].isTracked = true }
    let result = try operation.operation(leaves)
    let weights = try tensor(normals(result.count, seed: 2), result.shape, on: device)
    let scalar = try result.times(weights).sum()
    return try Tensors.gradients(of: scalar, for: leaves).map { try $0.floats() }
  }

  private func difference(
    _ operation: GradientCase, _ inputs: [[Float]], _ place: Int, _ element: Int,
    on device: any Device
  ) throws -> Float {
    func value(_ offset: Float) throws -> Double {
      var moved = inputs
      moved[place][element] += offset
      let result = try operation.operation(try leaves(operation, moved, on: device)).floats()
      return zip(result, normals(result.count, seed: 2)).reduce(0) {
        $0 + Double($1.0) * Double($1.1)
      }
    }
    let near = try value(Self.step) - value(-Self.step)
    let far = try value(2 * Self.step) - value(-2 * Self.step)
    return Float((8 * near - far) / (12 * Double(Self.step)))
  }
}
