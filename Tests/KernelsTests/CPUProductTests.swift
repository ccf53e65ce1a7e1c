import Kernels
import Testing

@Suite("CPU: products")
struct CPUProductTests {
  @Test("bf16 runs on the processor's units where it has them")
  func units() {
    for set in InstructionSet.available where set == .avx512 {
      let device = CPUDevice(threads: 1, instructionSet: set)
      guard device.hasBFloatUnits else { continue }
      for (rows, columns) in [(256, 576), (2, 64), (33, 4096), (256, 65)] {
        #expect(device.multipliesOnBFloatUnits(rows: rows, columns: columns, inner: 576))
      }
    }
  }
}
