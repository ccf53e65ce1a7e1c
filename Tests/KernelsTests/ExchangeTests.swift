import Kernels
import TestFixtures
import Testing

@Suite("Exchange")
struct ExchangeTests {
  @Test("every region sees the other's elements", arguments: testDevices)
  func regions(_ test: TestDevice) throws {
    let device = try test.device
    let (a, b) = try (device.floats([1, 2, 3]), device.floats([4, 5, 6]))
    let inside = a.advanced(by: 1)
    device.exchange(a.buffer, b.buffer)
    #expect(try device.read(a) == [4, 5, 6])
    #expect(try device.read(b) == [1, 2, 3])
    let target = try device.blank(2)
    try device.scale(inside, by: 1, to: target, count: 2)
    #expect(try device.read(target) == [5, 6])
    // What is written goes to the memory that the buffer has now.
    try device.scale(target, by: 10, to: inside, count: 2)
    #expect(try device.read(a) == [4, 50, 60])
    #expect(try device.read(b) == [1, 2, 3])
    device.exchange(a.buffer, a.buffer)
    #expect(try device.read(a) == [4, 50, 60])
    device.exchange(a.buffer, b.buffer)
    #expect(try device.read(a) == [1, 2, 3])
  }

  @Test("memory lives on in the buffer that stays", arguments: testDevices)
  func lifetime(_ test: TestDevice) throws {
    let device = try test.device
    let kept = try device.floats([1, 2])
    do {
      let dropped = try device.floats([3, 4])
      device.exchange(kept.buffer, dropped.buffer)
    }
    _ = try device.floats([5, 6])
    #expect(try device.read(kept) == [3, 4])
  }

  /// A weight that products keep a packed copy of, as bf16 ones do.
  @Test("products see the exchanged weight", arguments: testDevices)
  func weights(_ test: TestDevice) throws {
    for precision in test.precisions { try weights(on: test.device(at: precision)) }
  }

  private func weights(on device: any Device) throws {
    let (rows, columns, inner) = (64, 96, 64)
    let left = try device.floats(uniform(rows * inner, seed: 1))
    let weights = try (2...3).map { try device.floats(uniform(inner * columns, seed: $0)) }
    func product(_ weight: Region) throws -> [Float] {
      let out = try device.blank(rows * columns)
      var product = MatrixProduct(
        left, weight, to: out, rows: rows, columns: columns, inner: inner)
      product.rightIsWeight = true
      try device.multiply(product)
      return try device.read(out)
    }
    let before = try weights.map(product)
    #expect(before[0] != before[1])
    device.exchange(weights[0].buffer, weights[1].buffer)
    #expect(identical(try product(weights[0]), before[1]))
    #expect(identical(try product(weights[1]), before[0]))
  }
}
