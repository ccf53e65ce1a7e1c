import Kernels
import TestFixtures
import Testing

/// The root-mean-square norm and its gradients.
@Suite struct TransformerNormTests {
  static let shapes: [NormShape] = [
    .init(rows: 1, width: 1, epsilon: 1e-5), .init(rows: 3, width: 7, epsilon: 1e-6),
    .init(rows: 65, width: 64, epsilon: 1e-5), .init(rows: 130, width: 100, epsilon: 1e-5),
    .init(rows: 200, width: 576, epsilon: 1e-5), .init(rows: 5, width: 2049, epsilon: 1e-5),
    // Masked channels, which are zero, do not count.
    .init(rows: 70, width: 96, divisor: 61, epsilon: 1e-5),
  ]

  @Test(arguments: testDevices, shapes)
  func matchesTheFormula(_ test: TestDevice, shape: NormShape) throws {
    let device = try test.device
    let reference = NormReference(shape)
    let out = try device.blank(reference.x.count)
    let inverse = try device.blank(shape.rows)
    try device.rmsNorm(
      device.floats(reference.x), weight: device.floats(reference.weight),
      to: out, inverse: inverse, shape)
    #expect(relativeError(try device.read(out), reference.forward()) < 1e-6)
    #expect(
      relativeError(
        try device.read(inverse), (0..<shape.rows).map(reference.inverse)) < 1e-6)
  }

  @Test(arguments: testDevices, shapes)
  func gradientsMatchTheFormula(_ test: TestDevice, shape: NormShape) throws {
    let device = try test.device
    let reference = NormReference(shape)
    let dOut = uniform(reference.x.count, seed: 13)
    let wanted = reference.gradients(dOut)
    let before = uniform(shape.width, seed: 14)
    for accumulates in [false, true] {
      let found = try reference.gradients(
        dOut, before, accumulates: accumulates, on: device)
      let sum = zip(wanted.dWeight, before).map { $0 + (accumulates ? Double($1) : 0) }
      // A width of 1 divides by itself: its dx is the ε's doing alone, a difference of rounded
      // ones.
      #expect(relativeError(found.dx, wanted.dx) < (shape.width == 1 ? 0.1 : 2e-6))
      // What was there may cancel the gradient: the error is that of the larger terms.
      let terms = zip(wanted.dWeight, before).map { abs($0) + (accumulates ? abs(Double($1)) : 0) }
      for (one, exact) in zip(found.dWeight, sum) {
        #expect(abs(Double(one) - exact) < 2e-6 * (terms.max() ?? 0))
      }
    }
    // dx in the place of dOut, and no gradient of the weight.
    let place = try device.floats(dOut)
    let inverse = try device.floats(
      (0..<shape.rows).map { Float(reference.inverse($0)) })
    try device.rmsNormGradient(
      place, x: device.floats(reference.x),
      weight: device.floats(reference.weight), inverse: inverse, dx: place, dWeight: nil,
      accumulates: false, shape)
    #expect(
      relativeError(try device.read(place), wanted.dx)
        < (shape.width == 1 ? 0.1 : 2e-6))
  }

  @Test func theReferenceMatchesFiniteDifferences() {
    let reference = NormReference(.init(rows: 2, width: 5, divisor: 4, epsilon: 1e-2))
    let dOut = uniform(10, seed: 15)
    let gradients = reference.gradients(dOut)
    func value(_ reference: NormReference) -> Double {
      zip(reference.forward(), dOut).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    for i in reference.x.indices {
      var (up, down) = (reference.x, reference.x)
      up[i] += 1.0 / 1024
      down[i] -= 1.0 / 1024
      let rise =
        value(NormReference(shape: reference.shape, x: up, weight: reference.weight))
        - value(NormReference(shape: reference.shape, x: down, weight: reference.weight))
      #expect(abs(rise / Double(up[i] - down[i]) - gradients.dx[i]) < 1e-5)
    }
    for i in reference.weight.indices {
      var (up, down) = (reference.weight, reference.weight)
      up[i] += 1.0 / 1024
      down[i] -= 1.0 / 1024
      let rise =
        value(NormReference(shape: reference.shape, x: reference.x, weight: up))
        - value(NormReference(shape: reference.shape, x: reference.x, weight: down))
      #expect(abs(rise / Double(up[i] - down[i]) - gradients.dWeight[i]) < 1e-5)
    }
  }
}
