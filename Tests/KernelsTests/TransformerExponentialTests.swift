import Foundation
import Kernels
import TestFixtures
import Testing

/// e^x over all of its domain: on it softmax, SwiGLU and the losses rest.
@Suite struct TransformerExponentialTests {
  @Test(arguments: testDevices)
  func staysWithinItsUnitsInTheLastPlace(_ test: TestDevice) throws {
    // Every magnitude from denormals to infinity, both signs, and the interesting range densely.
    var x = stride(from: UInt32(0), to: UInt32.max - 4099, by: 4099).map(Float.init(bitPattern:))
    x += (0..<200_000).map { -104.5 + Float($0) / 200_000 * 194 }
    let y = try exponentials(x, on: test.device)
    var worst = 0.0
    for (x, y) in zip(x, y) {
      let wanted = exp(Double(x))
      let rounded = Float(wanted)
      if x.isNaN {
        #expect(y.isNaN)
      } else if rounded.isInfinite {
        #expect(y == rounded, "exp(\(x))")
      } else {
        worst = max(worst, abs(Double(y) - wanted) / Double(rounded.ulp))
      }
    }
    #expect(worst <= test.accuracy.ulps(UnaryOperation.exp))
  }

  @Test(arguments: testDevices)
  func isExactAtItsEnds(_ test: TestDevice) throws {
    let found = try exponentials(
      [0, -0.0, -.infinity, .infinity, -104, 89, -.greatestFiniteMagnitude], on: test.device)
    #expect(found == [1, 1, 0, .infinity, 0, .infinity, 0])
    #expect(try exponentials([.nan, .signalingNaN], on: test.device).allSatisfy { $0.isNaN })
  }

  private func exponentials(_ x: [Float], on device: any Device) throws -> [Float] {
    let target = try device.blank(x.count)
    try device.apply(.exp, device.floats(x), to: target, count: x.count)
    return try device.read(target)
  }
}
