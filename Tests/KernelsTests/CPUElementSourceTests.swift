import Kernels
import TestFixtures
import Testing

/// What the CPU does with elements that lie somewhere else.
@Suite struct CPUElementSourceTests {
  /// A weight of `rows` rows inside a larger buffer, as a chunk of a head is.
  @Test(arguments: [1, 33], [(512, 512), (70, 40)])
  func arePackedFromWhereTheyAre(rowsOfLeft: Int, shape: (rows: Int, width: Int)) throws {
    let (rows, width) = shape
    let skipped = 3
    let device = CPUDevice(threads: 2)
    device.use(.bf16)
    let source = CountedElements(uniform((rows + skipped) * width, seed: 1))
    let stored = device.allocate(source.values.count, reading: source)
    let whole = try device.floats(source.values)
    let left = try device.floats(uniform(rowsOfLeft * width, seed: 2))
    func product(of weight: Region) throws -> [Float] {
      let out = try device.blank(rowsOfLeft * rows)
      var product = MatrixProduct(
        left, weight.advanced(by: skipped * width), to: out, rows: rowsOfLeft, columns: rows,
        inner: width, transposeRight: true)
      product.rightIsWeight = true
      try device.multiply(product)
      return try device.read(out)
    }
    let bare = device.memory.used
    let found = try product(of: stored.start)
    #expect(try product(of: stored.start) == found)
    if rowsOfLeft == 1 || !BFloatUnits.available.isEmpty {
      #expect(source.read == rows * width && source.announced == 1, "packed once")
      let panels = (rows + 63) / 64 * 64 * ((width + 31) / 32 * 32)
      #expect(device.memory.used == bare + panels * 2, "no copy in f32 was made")
    }
    #expect(try product(of: whole) == found)
  }

  @Test func unloadingGivesTheirMemoryBack() throws {
    let device = CPUDevice(threads: 2)
    let source = CountedElements(uniform(1 << 20, seed: 1))
    let buffer = device.allocate(source.values.count, reading: source)
    let bare = device.memory.used
    for time in 1...2 {
      #expect(try device.read(buffer.start) == source.values)
      #expect(source.read == time * source.values.count)
      #expect(device.memory.used == bare + source.values.count * 4)
      device.unload([buffer])
      #expect(device.memory.used == bare && device.memory.pooled == 0)
    }
  }

  @Test func threadsThatAskAtTheSameTimeAreServed() throws {
    let device = CPUDevice(threads: 2)
    let source = CountedElements(uniform(1 << 20, seed: 1))
    let buffer = device.allocate(source.values.count, reading: source)
    let bare = device.memory.used
    try ThreadPool(threads: 4).run(count: 8, grain: 1) { _, _ in
      let read = try device.read(buffer.start)
      #expect(read == source.values)
    }
    #expect(device.memory.used == bare + source.values.count * 4, "one copy stays")
  }
}
