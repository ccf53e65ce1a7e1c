import Kernels
import TestFixtures
import Testing

/// The gradients of attention against the Double reference, itself checked by finite differences.
@Suite struct TransformerAttentionGradientTests {
  static let shapes: [AttentionShape] = {
    var shapes: [AttentionShape] = []
    for length in [1, 2, 7, 33, 65, 130, 200] {
      shapes.append(.init(batch: 2, heads: 3, kvHeads: 1, headDim: 64, queries: length))
    }
    for size in [1, 3, 32, 40, 80, 128, 256] {
      shapes.append(.init(batch: 1, heads: 2, kvHeads: 2, headDim: size, queries: 70))
    }
    shapes.append(.init(batch: 2, heads: 8, kvHeads: 2, headDim: 32, queries: 100))
    for window in [1, 2, 31, 64, 65, 1000] {
      shapes.append(
        .init(batch: 1, heads: 4, kvHeads: 2, headDim: 24, queries: 150, window: window))
    }
    return shapes
  }()

  @Test(arguments: testDevices, shapes)
  func matchTheFormula(_ test: TestDevice, shape: AttentionShape) throws {
    let reference = AttentionReference(shape: shape, magnitude: 2)
    let dOut = uniform(reference.q.count, seed: 44)
    let wanted = reference.gradients(dOut)
    let found = try reference.gradients(dOut, on: test.device)
    #expect(relativeError(found.dv, wanted.dv) < 3e-6)
    // One key alone: the true gradients are exact zeros, and only round-off is found.
    if shape.queries > 1, shape.window != 1 {
      #expect(relativeError(found.dq, wanted.dq) < 3e-6)
      #expect(relativeError(found.dk, wanted.dk) < 3e-6)
    } else {
      #expect((found.dq + found.dk).allSatisfy { abs($0) < 1e-4 })
    }
  }

  @Test func theReferenceMatchesFiniteDifferences() {
    let shape = AttentionShape(
      batch: 1, heads: 2, kvHeads: 1, headDim: 3, queries: 5, window: 3)
    let reference = AttentionReference(shape: shape, magnitude: 1)
    let dOut = uniform(reference.q.count, seed: 9)
    let gradients = reference.gradients(dOut)
    func value(_ reference: AttentionReference) -> Double {
      zip(reference.forward().out, dOut).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    func difference(_ values: [Float], _ i: Int, _ with: ([Float]) -> AttentionReference) -> Double
    {
      var (up, down) = (values, values)
      up[i] += 1.0 / 512
      down[i] -= 1.0 / 512
      return (value(with(up)) - value(with(down))) / Double(up[i] - down[i])
    }
    for i in reference.q.indices {
      let found = difference(reference.q, i) {
        AttentionReference(shape: shape, q: $0, k: reference.k, v: reference.v)
      }
      #expect(abs(found - gradients.dq[i]) < 1e-5)
    }
    for i in reference.k.indices {
      let byKey = difference(reference.k, i) {
        AttentionReference(shape: shape, q: reference.q, k: $0, v: reference.v)
      }
      let byValue = difference(reference.v, i) {
        AttentionReference(shape: shape, q: reference.q, k: reference.k, v: $0)
      }
      #expect(abs(byKey - gradients.dk[i]) < 1e-5)
      #expect(abs(byValue - gradients.dv[i]) < 1e-5)
    }
  }
}
