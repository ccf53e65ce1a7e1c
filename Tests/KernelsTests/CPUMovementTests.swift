import Kernels
import Testing

/// The processor looks at row numbers while it reads them; a device whose work is queued could not
/// say so in time, and leaves the check to the tensors above.
@Suite("CPU: movement")
struct CPUMovementTests {
  @Test("refuses a row past the table")
  func rowPastTheTable() throws {
    let device = CPUDevice(threads: 2)
    let table = try device.floats(uniform(12, seed: 1))
    let target = try device.blank(4)
    for row in [3, -1, Int64.max] {
      #expect(throws: KernelError.self) {
        try device.gatherRows(
          table, width: 4, rows: try device.ints([row]), count: 1, to: target)
      }
      #expect(throws: KernelError.self) {
        try device.scatterAddRows(
          target, width: 4, rows: try device.ints([row]), count: 1, to: table, tableRows: 3)
      }
    }
  }
}
