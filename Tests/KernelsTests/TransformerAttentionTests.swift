import Foundation
import Kernels
import TestFixtures
import Testing

/// Attention forward against the Double reference.
@Suite struct TransformerAttentionTests {
  /// Sizes that meet every tail: of tiles, panels, blocks and vectors.
  static let shapes: [AttentionShape] = {
    var shapes: [AttentionShape] = []
    for length in [1, 2, 7, 8, 33, 65, 130, 200] {
      shapes.append(.init(batch: 2, heads: 3, kvHeads: 1, headDim: 64, queries: length))
    }
    for size in [1, 3, 32, 40, 64, 80, 128, 256] {
      shapes.append(.init(batch: 1, heads: 2, kvHeads: 2, headDim: size, queries: 70))
      shapes.append(.init(batch: 1, heads: 2, kvHeads: 1, headDim: size, queries: 3))
    }
    shapes.append(.init(batch: 2, heads: 8, kvHeads: 2, headDim: 32, queries: 100))
    for (queries, keys, capacity) in [
      (1, 1, 9), (1, 300, 512), (5, 40, 40), (9, 200, 256), (70, 150, 151),
      (140, 200, 200),
    ] {
      shapes.append(
        .init(
          batch: 2, heads: 6, kvHeads: 2, headDim: 16, queries: queries, keys: keys,
          keyCapacity: capacity))
    }
    for window in [1, 2, 31, 64, 65, 1000] {
      shapes.append(
        .init(batch: 1, heads: 2, kvHeads: 1, headDim: 24, queries: 150, window: window))
      shapes.append(
        .init(
          batch: 2, heads: 2, kvHeads: 1, headDim: 24, queries: 20, keys: 300, keyCapacity: 310,
          window: window))
      shapes.append(
        .init(batch: 1, heads: 4, kvHeads: 1, headDim: 8, queries: 2, keys: 290, window: window))
    }
    return shapes
  }()

  @Test(arguments: testDevices, shapes)
  func matchesTheFormula(_ test: TestDevice, shape: AttentionShape) throws {
    let reference = AttentionReference(shape: shape, magnitude: 2)
    let wanted = reference.forward()
    let (out, logSumExp) = try reference.forward(on: test.device)
    #expect(relativeError(out, wanted.out) < 2e-6)
    #expect(relativeError(logSumExp, wanted.logSumExp) < 2e-6)
  }

  @Test(arguments: testDevices)
  func largeScoresKeepTheirPrecision(_ test: TestDevice) throws {
    // Scores of ±1000 or so: most weights vanish and the running maximum moves often.
    let shape = AttentionShape(batch: 1, heads: 2, kvHeads: 1, headDim: 64, queries: 140, scale: 20)
    let reference = AttentionReference(shape: shape, magnitude: 3)
    let wanted = reference.forward()
    let (out, logSumExp) = try reference.forward(on: test.device)
    // A score of 1000 is known to 1000 · 2^-24 = 6e-5, and so are the weights.
    #expect(relativeError(out, wanted.out) < 1e-3)
    #expect(relativeError(logSumExp, wanted.logSumExp) < 2e-6)
  }

  @Test(arguments: testDevices, [4, 100])
  func aNaNReachesTheRowsThatSeeIt(_ test: TestDevice, length: Int) throws {
    let shape = AttentionShape(batch: 1, heads: 1, kvHeads: 1, headDim: 16, queries: length)
    var k = uniform(shape.keys * 16, seed: 5)
    k[(length - 2) * 16 + 3] = .nan
    let reference = AttentionReference(
      shape: shape, q: uniform(length * 16, seed: 6), k: k, v: uniform(length * 16, seed: 7))
    let (out, logSumExp) = try reference.forward(on: test.device)
    #expect(out.prefix((length - 2) * 16).allSatisfy { $0.isFinite })
    #expect(out.suffix(2 * 16).allSatisfy { $0.isNaN })
    #expect(logSumExp.map(\.isNaN) == (0..<length).map { $0 >= length - 2 })
  }

  @Test(arguments: testDevices)
  func worksWithoutALogSumExp(_ test: TestDevice) throws {
    let device = try test.device
    for length in [1, 40] {
      let shape = AttentionShape(batch: 1, heads: 2, kvHeads: 1, headDim: 8, queries: length)
      let reference = AttentionReference(shape: shape, magnitude: 1)
      let out = try device.blank(reference.q.count)
      try device.attention(
        q: device.floats(reference.q), k: device.floats(reference.k),
        v: device.floats(reference.v), to: out, logSumExp: nil, shape)
      #expect(try device.read(out) == reference.forward(on: device).out)
    }
  }

  // In a process of its own: the request to stop is the whole process's.
  @Test(arguments: testDeviceKinds)
  func aRequestToStopLeavesTheRestUndone(_ test: TestDevice) async {
    await #expect(processExitsWith: .success) { [name = test.description as String] in
      let device = try testDevice(named: name).device
      let shape = AttentionShape(batch: 1, heads: 8, kvHeads: 1, headDim: 128, queries: 16_384)
      let reference = AttentionReference(shape: shape, magnitude: 1)
      let (q, k) = try (
        device.floats(reference.q), device.floats(reference.k)
      )
      let v = try device.floats(reference.v)
      let out = try device.blank(reference.q.count)
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.05)
        Interrupt.request()
      }
      #expect(throws: Interrupted.self) {
        try device.attention(q: q, k: k, v: v, to: out, logSumExp: nil, shape)
        try device.synchronize()
      }
      Interrupt.clear()
      #expect(try device.read(out).contains { $0.isNaN })
    }
  }
}
