import Kernels
import TestFixtures
import Testing

/// What the CPU does with elements that lie somewhere else.
@Suite struct CPUElementSourceTests {
  private let rows = 512
  private let width = 512

  @Test("are packed for bf16 from where they are", arguments: BFloatUnits.available)
  func packing(_ units: BFloatUnits) throws {
    let device = CPUDevice(threads: 2, units: units)
    device.use(.bf16)
    for rowsOfLeft in [1, 33] {
      let source = CountedElements(uniform(rows * width, seed: 1))
      let stored = device.allocate(source.values.count, reading: source)
      let whole = try device.floats(source.values)
      let left = try device.floats(uniform(rowsOfLeft * width, seed: 2))
      let bare = device.memory.used
      func product(of weight: Region) throws -> [Float] {
        let out = try device.blank(rowsOfLeft * rows)
        var product = MatrixProduct(
          left, weight, to: out, rows: rowsOfLeft, columns: rows, inner: width,
          transposeRight: true)
        product.rightIsWeight = true
        try device.multiply(product)
        return try device.read(out)
      }
      let found = try product(of: stored.start)
      #expect(try product(of: stored.start) == found)
      #expect(source.read == source.values.count && source.whole == 1, "packed once")
      #expect(device.memory.used == bare + rows * width * 2, "no copy in f32 was made")
      #expect(try product(of: whole) == found)
    }
  }

  @Test("serve threads that ask at the same time")
  func threads() throws {
    let device = CPUDevice(threads: 2)
    let source = CountedElements(uniform(1 << 20, seed: 1))
    let buffer = device.allocate(source.values.count, reading: source)
    let readers = ThreadPool(threads: 4)
    try readers.run(count: 8, grain: 1) { _, _ in
      let read = try device.read(buffer.start)
      #expect(read == source.values)
    }
  }
}
