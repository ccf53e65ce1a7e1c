import Kernels
import TestFixtures
import Testing

@Suite("Allocation")
struct AllocationTests {
  @Test("a giant request is an error, whatever the size multiplies to", arguments: testDevices)
  func giant(_ test: TestDevice) throws {
    let device = try test.device
    for count in [1 << 50, Int.max, Int.max / 4] {
      #expect(throws: KernelError.self) { try device.allocate(count, .f32) }
      #expect(throws: KernelError.self) { try device.allocate(count, .i64) }
    }
    #expect(throws: KernelError.self) { try device.allocate(-1, .f32) }
  }

  @Test("no elements are a buffer too", arguments: testDevices)
  func none(_ test: TestDevice) throws {
    let buffer = try test.device.allocate(0, .f32)
    #expect(buffer.count == 0)
  }

  @Test("moves bytes between host and device", arguments: testDevices)
  func transfer(_ test: TestDevice) throws {
    let device = try test.device
    let values = uniform(3_000_001, seed: 2)
    let region = try device.floats(values)
    #expect(try device.read(region) == values)
    var tail = [Float](repeating: 0, count: 5)
    try tail.withUnsafeMutableBytes {
      try device.download(region.advanced(by: values.count - 5), to: $0)
    }
    #expect(tail == Array(values.suffix(5)))
  }

  @Test("produces every element once, in whole granules", arguments: testDevices)
  func produce(_ test: TestDevice) throws {
    let device = try test.device
    let count = 256 * 1001
    let target = try device.blank(count)
    try device.produce(target, count: count, granularity: 256) { place, range in
      guard range.lowerBound % 256 == 0 else { return }
      for i in range { place[i - range.lowerBound] = Float(i) }
    }
    #expect(try device.read(target) == (0..<count).map(Float.init))
  }
}
