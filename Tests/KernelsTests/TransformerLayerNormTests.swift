import Kernels
import TestFixtures
import Testing

/// The layer norm and its gradients.
@Suite struct TransformerLayerNormTests {
  static let shapes: [NormShape] = [
    .init(rows: 1, width: 2, epsilon: 1e-5), .init(rows: 3, width: 7, epsilon: 1e-6),
    .init(rows: 65, width: 64, epsilon: 1e-5), .init(rows: 130, width: 100, epsilon: 1e-5),
    .init(rows: 200, width: 576, epsilon: 1e-5), .init(rows: 5, width: 2049, epsilon: 1e-5),
    // Masked channels, which are zero, do not count.
    .init(rows: 70, width: 96, divisor: 61, epsilon: 1e-5),
    .init(rows: 4, width: 19, divisor: 18, epsilon: 1e-5),
  ]

  @Test(arguments: testDevices, shapes)
  func matchesTheFormula(_ test: TestDevice, shape: NormShape) throws {
    let device = try test.device
    let reference = LayerNormReference(shape)
    let found = try reference.run(on: device)
    #expect(relativeError(found.out, reference.forward()) < 1e-6)
    #expect(relativeError(found.mean, (0..<shape.rows).map(reference.mean)) < 1e-6)
    #expect(relativeError(found.inverse, (0..<shape.rows).map(reference.inverse)) < 1e-6)
  }

  @Test(arguments: testDevices, shapes)
  func gradientsMatchTheFormula(_ test: TestDevice, shape: NormShape) throws {
    let device = try test.device
    let reference = LayerNormReference(shape)
    let dOut = uniform(reference.x.count, seed: 13)
    let wanted = reference.gradients(dOut)
    let before = uniform(shape.width, seed: 14)
    let mean = try device.floats((0..<shape.rows).map { Float(reference.mean($0)) })
    let inverse = try device.floats((0..<shape.rows).map { Float(reference.inverse($0)) })
    let (x, weight) = try (device.floats(reference.x), device.floats(reference.weight))
    // A width of 2 leaves two numbers of ±1: its dx is the ε's doing alone.
    let limit = shape.width == 2 ? 0.2 : 3e-6
    for accumulates in [false, true] {
      let dx = try device.blank(dOut.count)
      let dWeight = try device.floats(before)
      try device.layerNormGradient(
        device.floats(dOut), x: x, weight: weight, mean: mean, inverse: inverse, dx: dx,
        dWeight: dWeight, accumulates: accumulates, shape)
      #expect(relativeError(try device.read(dx), wanted.dx) < limit)
      let found = try device.read(dWeight)
      let terms = zip(wanted.dWeight, before).map { abs($0) + (accumulates ? abs(Double($1)) : 0) }
      for i in found.indices {
        let sum = wanted.dWeight[i] + (accumulates ? Double(before[i]) : 0)
        #expect(abs(Double(found[i]) - sum) < 2e-6 * (terms.max() ?? 0))
      }
    }
    // dx in the place of dOut, and no gradient of the weight.
    let place = try device.floats(dOut)
    try device.layerNormGradient(
      place, x: x, weight: weight, mean: mean, inverse: inverse, dx: place, dWeight: nil,
      accumulates: false, shape)
    #expect(relativeError(try device.read(place), wanted.dx) < limit)
  }

  /// A mean far from zero must not eat the variance.
  @Test(arguments: testDevices)
  func aLargeMeanLeavesTheVariance(_ test: TestDevice) throws {
    let device = try test.device
    let shape = NormShape(rows: 3, width: 100, epsilon: 1e-5)
    let reference = LayerNormReference(
      shape: shape, x: uniform(300, seed: 5).map { $0 + 1000 }, weight: uniform(100, seed: 6),
      bias: uniform(100, seed: 7))
    let found = try reference.run(on: device)
    // The mean itself is rounded at 1000 · 2⁻²⁴.
    #expect(relativeError(found.out, reference.forward()) < 5e-4)
    #expect(relativeError(found.inverse, (0..<3).map(reference.inverse)) < 1e-6)
  }

  @Test(arguments: testDevices)
  func aBadNumberStays(_ test: TestDevice) throws {
    let device = try test.device
    let shape = NormShape(rows: 2, width: 5, epsilon: 1e-5)
    var x = uniform(10, seed: 8)
    x[1] = .nan
    let reference = LayerNormReference(
      shape: shape, x: x, weight: uniform(5, seed: 6), bias: uniform(5, seed: 7))
    let out = try reference.run(on: device).out
    #expect(out[..<5].allSatisfy { $0.isNaN } && out[5...].allSatisfy { $0.isFinite })
  }

  @Test func theReferenceMatchesFiniteDifferences() {
    let reference = LayerNormReference(.init(rows: 2, width: 5, divisor: 4, epsilon: 1e-2))
    let dOut = uniform(10, seed: 15)
    let gradients = reference.gradients(dOut)
    func value(_ reference: LayerNormReference) -> Double {
      zip(reference.forward(), dOut).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    func rise(_ keys: WritableKeyPath<LayerNormReference, [Float]>, _ i: Int) -> Double {
      var (up, down) = (reference, reference)
      up[keyPath: keys][i] += 1.0 / 1024
      down[keyPath: keys][i] -= 1.0 / 1024
      let step = Double(up[keyPath: keys][i] - down[keyPath: keys][i])
      return (value(up) - value(down)) / step
    }
    for i in reference.x.indices {
      #expect(abs(rise(\.x, i) - gradients.dx[i]) < 1e-4)
    }
    for i in reference.weight.indices {
      #expect(abs(rise(\.weight, i) - gradients.dWeight[i]) < 1e-5)
    }
  }
}

/// The layer norm and its gradients as the formulas say them, in Double.
struct LayerNormReference {
  let shape: NormShape
  var x, weight, bias: [Float]

  init(shape: NormShape, x: [Float], weight: [Float], bias: [Float]) {
    self.shape = shape
    self.x = x
    self.weight = weight
    self.bias = bias
  }

  /// Random operands; elements past the divisor are masked channels, which are zero.
  init(_ shape: NormShape) {
    var x = uniform(shape.rows * shape.width, seed: 11).map { $0 * 3 + 0.5 }
    for i in x.indices where i % shape.width >= shape.divisor { x[i] = 0 }
    self.init(
      shape: shape, x: x, weight: uniform(shape.width, seed: 12).map { $0 + 1 },
      bias: uniform(shape.width, seed: 16))
  }

  private func row(_ row: Int) -> [Double] {
    x[row * shape.width..<(row + 1) * shape.width].map(Double.init)
  }

  func mean(_ row: Int) -> Double { self.row(row).reduce(0, +) / Double(shape.divisor) }

  func inverse(_ row: Int) -> Double {
    let squares = self.row(row).reduce(0) { $0 + $1 * $1 }
    let m = mean(row)
    return 1 / (squares / Double(shape.divisor) - m * m + Double(shape.epsilon)).squareRoot()
  }

  func forward() -> [Double] {
    (0..<shape.rows).flatMap { row in
      let (values, m, r) = (self.row(row), mean(row), inverse(row))
      return values.indices.map { (values[$0] - m) * r * Double(weight[$0]) + Double(bias[$0]) }
    }
  }

  func gradients(_ dOut: [Float]) -> (dx: [Double], dWeight: [Double]) {
    let width = shape.width
    var dx: [Double] = []
    var dWeight = [Double](repeating: 0, count: width)
    for row in 0..<shape.rows {
      let (m, r) = (mean(row), inverse(row))
      let normed = self.row(row).map { ($0 - m) * r }
      let d = dOut[row * width..<(row + 1) * width].map(Double.init)
      let g = zip(d, weight).map { $0 * Double($1) }
      let level = g.reduce(0, +) / Double(shape.divisor)
      let slope = zip(g, normed).reduce(0) { $0 + $1.0 * $1.1 } / Double(shape.divisor)
      for i in 0..<width {
        dWeight[i] += d[i] * normed[i]
        dx.append(r * (g[i] - level - normed[i] * slope))
      }
    }
    return (dx, dWeight)
  }

  /// What a device makes of the same operands.
  func run(on device: any Device) throws -> (out: [Float], mean: [Float], inverse: [Float]) {
    let out = try device.blank(x.count)
    let (mean, inverse) = try (device.blank(shape.rows), device.blank(shape.rows))
    try device.layerNorm(
      device.floats(x), weight: device.floats(weight), bias: device.floats(bias), to: out,
      mean: mean, inverse: inverse, shape)
    return (try device.read(out), try device.read(mean), try device.read(inverse))
  }
}
