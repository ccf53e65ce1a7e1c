import Foundation
import Kernels
import TestFixtures
import Testing

@Suite("Optimizer")
struct OptimizerTests {
  @Test("sums of squares", arguments: testDevices, [0, 1, 31, 200_003])
  func squares(_ test: TestDevice, _ count: Int) throws {
    let device = try test.device
    let x = uniform(count, seed: 1)
    let target = try device.blank(1)
    let source = try device.floats(x)
    try device.sumOfSquares(source, count: count, to: target, accumulates: false)
    let wanted = x.reduce(0.0) { $0 + Double($1) * Double($1) }
    let tolerance = test.accuracy.ofSum(wanted, magnitudes: wanted)
    #expect(abs(Double(try device.read(target)[0]) - wanted) <= tolerance)
    try device.sumOfSquares(source, count: count, to: target, accumulates: true)
    #expect(abs(Double(try device.read(target)[0]) - 2 * wanted) <= 4 * tolerance)
  }

  @Test("AdamW over three steps", arguments: testDevices, [nil, 0.25, 1e6] as [Float?])
  func adamW(_ test: TestDevice, _ clip: Float?) throws {
    let device = try test.device
    let count = 33_001
    let start = uniform(count, seed: 1)
    var (p, m, v) = (start.map(Double.init), [Double](repeating: 0, count: count), [Double]())
    v = m
    let parameter = try device.floats(start)
    let moments = try (
      device.floats([Float](repeating: 0, count: count)),
      device.floats([Float](repeating: 0, count: count))
    )
    let norm = try device.blank(1)
    for step in 1...3 {
      let gradient = uniform(count, seed: UInt64(step + 7))
      let region = try device.floats(gradient)
      try device.sumOfSquares(region, count: count, to: norm, accumulates: false)
      let settings = AdamWStep(
        learningRate: 1e-2, beta1: 0.9, beta2: 0.95, weightDecay: 0.1, step: step, clip: clip)
      try device.adamW(
        parameter: parameter, gradient: region, firstMoment: moments.0, secondMoment: moments.1,
        squaredNorm: norm, count: count, settings)
      // The parameter stands until the exchange.
      #expect(relativeError(try device.read(parameter), p) < 1e-6)
      device.exchange(parameter.buffer, region.buffer)
      let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      let scale = clip.map { min(1, Double($0) / (length + 1e-6)) } ?? 1
      for i in 0..<count {
        let g = Double(gradient[i]) * scale
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.95 * v[i] + 0.05 * g * g
        let corrected = (v[i].squareRoot() / (1 - pow(0.95, Double(step))).squareRoot()) + 1e-8
        p[i] = p[i] * (1 - 1e-2 * 0.1) - 1e-2 / (1 - pow(0.9, Double(step))) * m[i] / corrected
      }
    }
    #expect(relativeError(try device.read(parameter), p) < 1e-6)
    #expect(relativeError(try device.read(moments.0), m) < 1e-6)
    #expect(relativeError(try device.read(moments.1), v) < 1e-6)
  }

  @Test("a NaN norm reaches the weights", arguments: testDevices)
  func nanNorm(_ test: TestDevice) throws {
    let device = try test.device
    let (p, m, v) = try (device.floats([1]), device.floats([0]), device.floats([0]))
    let g = try device.floats([1])
    try device.adamW(
      parameter: p, gradient: g, firstMoment: m, secondMoment: v,
      squaredNorm: try device.floats([.nan]), count: 1,
      AdamWStep(learningRate: 1, beta1: 0.9, beta2: 0.9, weightDecay: 0, step: 1, clip: 1))
    #expect(try device.read(g)[0].isNaN)
    #expect(try device.read(p)[0] == 1)
  }
}
