import Foundation
import Kernels
import TestFixtures
import Testing

/// The activations of an MLP without a gate.
@Suite struct TransformerActivationTests {
  /// The function and its slope, in Double.
  private func exact(_ function: ActivationFunction, _ x: Double) -> (value: Double, slope: Double)
  {
    switch function {
    case .squaredReLU: return (max(x, 0) * max(x, 0), 2 * max(x, 0))
    case .tanhGELU:
      let root = (2 / Double.pi).squareRoot()
      let t = tanh(root * (x + 0.044715 * x * x * x))
      let rise = root * (1 + 3 * 0.044715 * x * x)
      return (0.5 * x * (1 + t), 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * rise)
    }
  }

  /// The largest difference, relative to the wanted value where that is above 1.
  private func distance(_ found: [Float], _ wanted: [Double]) -> Double {
    zip(found, wanted).map { abs(Double($0) - $1) / max(1, abs($1)) }.max() ?? .infinity
  }

  @Test(arguments: testDevices, ActivationFunction.allCases)
  func matchesTheFormula(_ test: TestDevice, function: ActivationFunction) throws {
    let device = try test.device
    for count in [1, 5, 16, 33, 40_000] {
      let x = uniform(count, seed: 31).map { $0 * 6 }
      let dOut = uniform(count, seed: 33)
      let wanted = x.map { exact(function, Double($0)) }
      let xs = try device.floats(x)
      let out = try device.blank(count)
      try device.activate(function, xs, to: out, count: count)
      let values = try device.read(out)
      #expect(distance(values, wanted.map(\.value)) < 1e-6)
      // In the tail, where the value is small, it is as good; the exponential magnifies rounding.
      for (found, (value, _)) in zip(values, wanted) {
        #expect(abs(Double(found) - value) <= 1e-5 * abs(value))
      }
      // dx may be the place of dOut.
      let dx = try device.floats(dOut)
      try device.activationGradient(function, dx, x: xs, dx: dx, count: count)
      let slopes = zip(wanted, dOut).map { $0.slope * Double($1) }
      #expect(distance(try device.read(dx), slopes) < 1e-6)
    }
  }

  @Test(arguments: testDevices)
  func isFiniteAtEitherEnd(_ test: TestDevice) throws {
    let device = try test.device
    let x: [Float] = [-1e30, -200, -17, -0.0, 0, 17, 200, 1e18, .nan]
    let xs = try device.floats(x)
    let ones = try device.floats([Float](repeating: 1, count: x.count))
    func run(_ function: ActivationFunction) throws -> (values: [Float], slopes: [Float]) {
      let (out, dx) = try (device.blank(x.count), device.blank(x.count))
      try device.activate(function, xs, to: out, count: x.count)
      try device.activationGradient(function, ones, x: xs, dx: dx, count: x.count)
      return (try device.read(out), try device.read(dx))
    }
    let squared = try run(.squaredReLU)
    #expect(Array(squared.values[..<8]) == [0, 0, 0, 0, 0, 289, 40_000, 1e36])
    #expect(Array(squared.slopes[..<8]) == [0, 0, 0, 0, 0, 34, 400, 2e18])
    let gelu = try run(.tanhGELU)
    let ulps = test.accuracy.ulps(BinaryOperation.divide)
    func areClose(_ found: ArraySlice<Float>, _ wanted: [Double]) -> Bool {
      zip(found, wanted).allSatisfy { abs(Double($0) - $1) < 1e-30 || isClose($0, $1, ulps: ulps) }
    }
    #expect(areClose(gelu.values[..<8], [0, 0, 0, 0, 0, 17, 200, 1e18]))
    #expect(areClose(gelu.slopes[..<8], [0, 0, 0, 0.5, 0.5, 1, 1, 1]))
    for values in [squared.values, squared.slopes, gelu.values, gelu.slopes] {
      #expect(values[8].isNaN)
    }
  }
}
