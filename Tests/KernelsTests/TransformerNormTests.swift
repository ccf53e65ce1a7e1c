import Kernels
import Testing

/// The root-mean-square norm and its gradients on every instruction set.
@Suite struct TransformerNormTests {
  static let shapes: [NormShape] = [
    .init(rows: 1, width: 1, epsilon: 1e-5), .init(rows: 3, width: 7, epsilon: 1e-6),
    .init(rows: 65, width: 64, epsilon: 1e-5), .init(rows: 130, width: 100, epsilon: 1e-5),
    .init(rows: 200, width: 576, epsilon: 1e-5), .init(rows: 5, width: 2049, epsilon: 1e-5),
    // Masked channels, which are zero, do not count.
    .init(rows: 70, width: 96, divisor: 61, epsilon: 1e-5),
  ]

  private func reference(_ shape: NormShape) -> NormReference {
    var x = uniform(shape.rows * shape.width, seed: 11).map { $0 * 3 }
    for i in x.indices where i % shape.width >= shape.divisor { x[i] = 0 }
    return NormReference(
      shape: shape, x: x, weight: uniform(shape.width, seed: 12).map { $0 + 1 })
  }

  @Test(arguments: InstructionSet.available, shapes)
  func matchesTheFormula(instructionSet: InstructionSet, shape: NormShape) throws {
    let device = transformerDevice(instructionSet)
    let reference = reference(shape)
    let out = try device.transformerTarget(reference.x.count)
    let inverse = try device.transformerTarget(shape.rows)
    try device.rmsNorm(
      device.transformerBuffer(reference.x), weight: device.transformerBuffer(reference.weight),
      to: out, inverse: inverse, shape)
    #expect(relativeError(try device.transformerValues(out), reference.forward()) < 1e-6)
    #expect(
      relativeError(
        try device.transformerValues(inverse), (0..<shape.rows).map(reference.inverse)) < 1e-6)
  }

  @Test(arguments: InstructionSet.available, shapes)
  func gradientsMatchTheFormula(instructionSet: InstructionSet, shape: NormShape) throws {
    let device = transformerDevice(instructionSet)
    let reference = reference(shape)
    let dOut = uniform(reference.x.count, seed: 13)
    let wanted = reference.gradients(dOut)
    let before = uniform(shape.width, seed: 14)
    for accumulates in [false, true] {
      let found = try gradients(reference, dOut, before, accumulates: accumulates, on: device)
      let sum = zip(wanted.dWeight, before).map { $0 + (accumulates ? Double($1) : 0) }
      // A width of 1 divides by itself: its dx is the ε's doing alone, a difference of rounded ones.
      #expect(relativeError(found.dx, wanted.dx) < (shape.width == 1 ? 0.1 : 2e-6))
      #expect(relativeError(found.dWeight, sum) < 2e-6)
    }
    // dx in the place of dOut, and no gradient of the weight.
    let place = try device.transformerBuffer(dOut)
    let inverse = try device.transformerBuffer(
      (0..<shape.rows).map { Float(reference.inverse($0)) })
    try device.rmsNormGradient(
      place, x: device.transformerBuffer(reference.x),
      weight: device.transformerBuffer(reference.weight), inverse: inverse, dx: place, dWeight: nil,
      accumulates: false, shape)
    #expect(
      relativeError(try device.transformerValues(place), wanted.dx)
        < (shape.width == 1 ? 0.1 : 2e-6))
  }

  @Test func theReferenceMatchesFiniteDifferences() {
    let reference = reference(.init(rows: 2, width: 5, divisor: 4, epsilon: 1e-2))
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

  @Test(arguments: InstructionSet.available)
  func threadsDoNotChangeABit(instructionSet: InstructionSet) throws {
    let reference = reference(.init(rows: 300, width: 90, epsilon: 1e-5))
    let dOut = uniform(reference.x.count, seed: 16)
    let results = try [1, 5].map {
      try gradients(
        reference, dOut, uniform(90, seed: 17), accumulates: true,
        on: CPUDevice(threads: $0, instructionSet: instructionSet))
    }
    #expect(results[0].dx == results[1].dx)
    #expect(results[0].dWeight == results[1].dWeight)
  }

  private func gradients(
    _ reference: NormReference, _ dOut: [Float], _ before: [Float], accumulates: Bool,
    on device: CPUDevice
  ) throws -> (dx: [Float], dWeight: [Float]) {
    let shape = reference.shape
    let inverse = try device.transformerBuffer(
      (0..<shape.rows).map { Float(reference.inverse($0)) })
    let dx = try device.transformerTarget(dOut.count)
    let dWeight = try device.transformerBuffer(before)
    try device.rmsNormGradient(
      device.transformerBuffer(dOut), x: device.transformerBuffer(reference.x),
      weight: device.transformerBuffer(reference.weight), inverse: inverse, dx: dx,
      dWeight: dWeight, accumulates: accumulates, shape)
    return (try device.transformerValues(dx), try device.transformerValues(dWeight))
  }
}
