import Kernels
import Testing

/// How many threads share the work does not change a bit of the result.
@Suite("CPU: thread counts")
struct CPUThreadCountTests {
  @Test("products and sums", arguments: Precision.allCases)
  func products(_ precision: Precision) throws {
    let results = try [1, 2, 3].map { threads in
      let device = CPUDevice(threads: threads)
      device.use(precision)
      let out = try device.blank(300 * 700)
      try device.multiply(
        MatrixProduct(
          try device.floats(uniform(300 * 500, seed: 1)),
          try device.floats(uniform(700 * 500, seed: 2)), to: out, rows: 300, columns: 700,
          inner: 500, transposeRight: true))
      let sum = try device.blank(1)
      try device.reduce(.sum, out, outer: 1, count: 300 * 700, inner: 1, to: sum)
      try device.sumOfSquares(out, count: 300 * 700, to: sum, accumulates: true)
      return try device.read(out) + device.read(sum)
    }
    #expect(identical(results[0], results[1]))
    #expect(identical(results[0], results[2]))
  }

  /// One thread and five.
  private func devices(_ set: InstructionSet) -> (CPUDevice, CPUDevice) {
    (CPUDevice(threads: 1, instructionSet: set), CPUDevice(threads: 5, instructionSet: set))
  }

  @Test("attention", arguments: InstructionSet.available)
  func attention(_ set: InstructionSet) throws {
    let shape = AttentionShape(batch: 2, heads: 6, kvHeads: 2, headDim: 40, queries: 150)
    let reference = AttentionReference(shape: shape, magnitude: 1)
    let (alone, team) = devices(set)
    let (one, many) = try (reference.forward(on: alone), reference.forward(on: team))
    #expect(one.out == many.out)
    #expect(one.logSumExp == many.logSumExp)
  }

  @Test("attention's gradients", arguments: InstructionSet.available)
  func attentionGradient(_ set: InstructionSet) throws {
    let shape = AttentionShape(batch: 2, heads: 6, kvHeads: 2, headDim: 40, queries: 150)
    let reference = AttentionReference(shape: shape, magnitude: 1)
    let dOut = uniform(reference.q.count, seed: 3)
    let (alone, team) = devices(set)
    let one = try reference.gradients(dOut, on: alone)
    let many = try reference.gradients(dOut, on: team)
    #expect(one.dq == many.dq)
    #expect(one.dk == many.dk)
    #expect(one.dv == many.dv)
  }

  @Test("the norm's gradients", arguments: InstructionSet.available)
  func normGradient(_ set: InstructionSet) throws {
    let reference = NormReference(.init(rows: 300, width: 90, epsilon: 1e-5))
    let (dOut, before) = (uniform(reference.x.count, seed: 16), uniform(90, seed: 17))
    let (alone, team) = devices(set)
    let one = try reference.gradients(dOut, before, accumulates: true, on: alone)
    let many = try reference.gradients(dOut, before, accumulates: true, on: team)
    #expect(one.dx == many.dx)
    #expect(one.dWeight == many.dWeight)
  }
}
