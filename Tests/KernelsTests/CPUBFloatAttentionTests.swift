import Kernels
import TestFixtures
import Testing

/// Attention with operands in bf16, against the same in f32 given operands that are bf16 numbers
/// already: what differs is the rounding of weights, and of their gradients.
@Suite("CPU: attention in bf16", .enabled(if: !BFloatUnits.available.isEmpty))
struct CPUBFloatAttentionTests {
  /// Lengths around the edges of blocks and panels.
  static let lengths = [8, 15, 16, 17, 33, 48, 63, 64, 65, 127, 128, 129, 191, 200, 300]
    .map { AttentionShape(batch: 2, heads: 3, kvHeads: 1, headDim: 64, queries: $0) }
  /// Head sizes with and without a rest in vectors, steps of the inner size, and panels.
  static let headSizes = [1, 3, 16, 24, 32, 40, 64, 80, 96, 128, 256]
    .map { AttentionShape(batch: 1, heads: 4, kvHeads: 2, headDim: $0, queries: 70) }
  static let windows = [1, 2, 31, 64, 65, 100, 1000]
    .map {
      AttentionShape(batch: 1, heads: 2, kvHeads: 1, headDim: 24, queries: 290, window: $0)
    }
  /// Queries at the end of a cache, which may be longer than what it holds.
  static let caches: [AttentionShape] = [nil, 1, 70, 128].flatMap { window in
    [(9, 200, 256), (20, 300, 310), (70, 150, 151), (140, 200, 200)].map {
      AttentionShape(
        batch: 2, heads: 6, kvHeads: 2, headDim: 40, queries: $0.0, keys: $0.1,
        keyCapacity: $0.2, window: window)
    }
  }

  /// Few and short: an emulated instruction takes some 25 microseconds.
  static let emulatedShapes = [
    AttentionShape(batch: 2, heads: 2, kvHeads: 1, headDim: 64, queries: 17),
    AttentionShape(batch: 1, heads: 2, kvHeads: 1, headDim: 64, queries: 150),
    AttentionShape(batch: 1, heads: 2, kvHeads: 2, headDim: 80, queries: 70),
    AttentionShape(batch: 1, heads: 2, kvHeads: 1, headDim: 24, queries: 140, window: 31),
  ]

  @Test(
    "on tiles of AMX", .enabled(if: BFloatUnits.testable.contains(.tiles)),
    arguments: emulatedShapes)
  func onTiles(_ shape: AttentionShape) throws {
    try BFloatUnits.tiles.emulated {
      try expectForward(shape, .tiles)
      try expectGradient(shape, .tiles)
    }
  }

  @Test("what comes out", arguments: lengths + headSizes + windows + caches)
  func forward(_ shape: AttentionShape) throws {
    for units in BFloatUnits.available { try expectForward(shape, units) }
  }

  @Test("gradients", arguments: lengths + headSizes + windows)
  func gradient(_ shape: AttentionShape) throws {
    for units in BFloatUnits.available { try expectGradient(shape, units) }
  }

  private func expectForward(_ shape: AttentionShape, _ units: BFloatUnits) throws {
    let reference = AttentionReference(rounded: shape)
    let wanted = try reference.forward(on: CPUDevice(threads: 2))
    let found = try reference.forward(on: device(units))
    // Weights are off by up to 2^-9 of themselves each, evenly spread: 2^-9 / √3 of their size. A
    // query that sees few keys has no other error to average it with.
    #expect(rootMeanSquareError(found.out, wanted.out.map(Double.init)) < 2.5e-3, "\(units)")
    // Scores differ by the order of their sums, and 2^x by 3e-6.
    let logSumExp = wanted.logSumExp.map(Double.init)
    #expect(rootMeanSquareError(found.logSumExp, logSumExp) < 1e-5, "\(units)")
  }

  private func expectGradient(_ shape: AttentionShape, _ units: BFloatUnits) throws {
    let reference = AttentionReference(rounded: shape)
    let dOut = roundedToBFloat(uniform(reference.q.count, seed: 44))
    let wanted = try reference.gradients(dOut, on: CPUDevice(threads: 2))
    let found = try reference.gradients(dOut, on: device(units))
    #expect(rootMeanSquareError(found.dv, wanted.dv.map(Double.init)) < 2.5e-3, "\(units)")
    if shape.window == 1 {
      // One key alone: the true gradients are zeros. δ comes from an output that was rounded.
      #expect((found.dq + found.dk).allSatisfy { abs($0) < 0.05 })
    } else {
      // δ stands against slopes that were not rounded as the output was.
      #expect(rootMeanSquareError(found.dq, wanted.dq.map(Double.init)) < 1e-2, "\(units)")
      #expect(rootMeanSquareError(found.dk, wanted.dk.map(Double.init)) < 1e-2, "\(units)")
    }
  }

  @Test("how many threads share the work changes nothing", arguments: BFloatUnits.available)
  func threads(_ units: BFloatUnits) throws {
    let shape = AttentionShape(
      batch: 2, heads: 6, kvHeads: 2, headDim: 40, queries: 300, window: 150)
    let reference = AttentionReference(rounded: shape)
    let dOut = uniform(reference.q.count, seed: 3)
    let results = try [1, 2, 5].map { threads in
      let device = device(units, threads: threads)
      let (out, gradients) = try (
        reference.forward(on: device), reference.gradients(dOut, on: device)
      )
      return [out.out, out.logSumExp, gradients.dq, gradients.dk, gradients.dv]
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  @Test("large scores: most weights vanish", arguments: BFloatUnits.available)
  func largeScores(_ units: BFloatUnits) throws {
    let shape = AttentionShape(batch: 1, heads: 2, kvHeads: 1, headDim: 64, queries: 140, scale: 20)
    let reference = AttentionReference(rounded: shape)
    let wanted = reference.forward()
    let found = try reference.forward(on: device(units))
    #expect(rootMeanSquareError(found.out, wanted.out) < 2.5e-3)
    #expect(rootMeanSquareError(found.logSumExp, wanted.logSumExp) < 2e-6)
  }

  @Test("factors that turn the order of scores", arguments: BFloatUnits.available, [0, -0.5])
  func oddFactors(_ units: BFloatUnits, scale: Float) throws {
    let shape = AttentionShape(
      batch: 1, heads: 2, kvHeads: 1, headDim: 16, queries: 150, scale: scale)
    let reference = AttentionReference(rounded: shape)
    let found = try reference.forward(on: device(units)).out
    #expect(rootMeanSquareError(found, reference.forward().out) < 2.5e-3)
  }

  @Test("a NaN reaches the rows that see it", arguments: BFloatUnits.available)
  func notANumber(_ units: BFloatUnits) throws {
    let length = 100
    let shape = AttentionShape(batch: 1, heads: 1, kvHeads: 1, headDim: 16, queries: length)
    var k = uniform(length * 16, seed: 5)
    k[(length - 2) * 16 + 3] = .nan
    let reference = AttentionReference(
      shape: shape, q: uniform(length * 16, seed: 6), k: k, v: uniform(length * 16, seed: 7))
    let (out, logSumExp) = try reference.forward(on: device(units))
    #expect(out.prefix((length - 2) * 16).allSatisfy { $0.isFinite })
    #expect(out.suffix(2 * 16).allSatisfy { $0.isNaN })
    #expect(logSumExp.map(\.isNaN) == (0..<length).map { $0 >= length - 2 })
  }

  @Test("few queries are computed in f32", arguments: BFloatUnits.available)
  func fewQueries(_ units: BFloatUnits) throws {
    let shape = AttentionShape(batch: 1, heads: 4, kvHeads: 2, headDim: 64, queries: 7, keys: 90)
    let reference = AttentionReference(shape: shape, magnitude: 2)
    #expect(
      try reference.forward(on: device(units)) == reference.forward(on: CPUDevice(threads: 1)))
  }

  private func device(_ units: BFloatUnits, threads: Int = 2) -> CPUDevice {
    let device = CPUDevice(threads: threads, units: units)
    device.use(.bf16)
    return device
  }
}

extension AttentionReference {
  /// Random operands that are bf16 numbers, uniform up to 2.
  fileprivate init(rounded shape: AttentionShape) {
    let random = Self(shape: shape, magnitude: 2)
    self.init(
      shape: shape, q: roundedToBFloat(random.q), k: roundedToBFloat(random.k),
      v: roundedToBFloat(random.v))
  }
}

/// ‖found − wanted‖ / ‖wanted‖; infinite where there is a NaN.
private func rootMeanSquareError(_ found: [Float], _ wanted: [Double]) -> Double {
  let size = wanted.reduce(0) { $0 + $1 * $1 }
  let error = zip(found, wanted).reduce(0) {
    $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
  }
  return error.isFinite ? (error / size).squareRoot() : .infinity
}

/// The nearest bf16 numbers, to even on ties.
private func roundedToBFloat(_ values: [Float]) -> [Float] {
  values.map {
    let bits = $0.bitPattern
    return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
  }
}
