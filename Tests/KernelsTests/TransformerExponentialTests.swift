import Foundation
import Kernels
import Testing

/// The vectors' own e^x, on which softmax, SwiGLU and the losses rest.
@Suite struct TransformerExponentialTests {
  @Test(arguments: InstructionSet.available)
  func staysWithinTwoUnitsInTheLastPlace(instructionSet: InstructionSet) throws {
    // Every magnitude from denormals to infinity, both signs, and the interesting range densely.
    var x = stride(from: UInt32(0), to: UInt32.max - 4099, by: 4099).map(Float.init(bitPattern:))
    x += (0..<200_000).map { -104.5 + Float($0) / 200_000 * 194 }
    let y = try exponentials(x, instructionSet)
    var worst = 0.0
    for (x, y) in zip(x, y) {
      let wanted = exp(Double(x))
      let rounded = Float(wanted)
      if x.isNaN {
        #expect(y.isNaN)
      } else if rounded == 0 || rounded.isInfinite {
        #expect(y == rounded, "exp(\(x))")
      } else {
        worst = max(worst, abs(Double(y) - wanted) / Double(rounded.ulp))
      }
    }
    #expect(worst < 2)
  }

  @Test(arguments: InstructionSet.available)
  func isExactAtItsEnds(instructionSet: InstructionSet) throws {
    let found = try exponentials(
      [0, -0.0, -.infinity, .infinity, -104, 89, -.greatestFiniteMagnitude], instructionSet)
    #expect(found == [1, 1, 0, .infinity, 0, .infinity, 0])
    #expect(try exponentials([.nan, .signalingNaN], instructionSet).allSatisfy { $0.isNaN })
  }

  private func exponentials(_ x: [Float], _ instructionSet: InstructionSet) throws -> [Float] {
    let device = transformerDevice(instructionSet)
    let target = try device.transformerTarget(x.count)
    try device.apply(.exp, device.transformerBuffer(x), to: target, count: x.count)
    return try device.transformerValues(target)
  }
}
