import Kernels
import TestFixtures
import Testing

@Suite("Buffers that read their elements where they are stored")
struct ElementSourceTests {
  private let rows = 70
  private let width = 40

  private func source() -> CountedElements { CountedElements(uniform(rows * width, seed: 1)) }

  @Test("are the buffers of their elements", arguments: testDevices)
  func reading(_ test: TestDevice) throws {
    let device = try test.device
    let source = source()
    let buffer = try device.allocate(source.values.count, reading: source)
    #expect(try device.read(buffer.start) == source.values)
    #expect(try device.read(buffer.start) == source.values)
    #expect(source.read == source.values.count, "read once")
    device.unload([buffer])
    #expect(try device.read(buffer.start) == source.values)
    // What is written stays, whatever was read before.
    let ones = [Float](repeating: 1, count: width)
    try ones.withUnsafeBytes { try device.upload($0, to: buffer.at(width)) }
    device.unload([buffer])
    #expect(
      try device.read(buffer.start)
        == Array(source.values[..<width]) + ones + Array(source.values[(2 * width)...]))
  }

  @Test("give up rows without reading the others", arguments: testDevices)
  func gathering(_ test: TestDevice) throws {
    let device = try test.device
    let source = source()
    let buffer = try device.allocate(source.values.count, reading: source)
    let numbers: [Int64] = [69, 0, 3, 3]
    let out = try device.blank(4 * width)
    let readAtOnce = source.read
    try device.gatherRows(
      buffer.start, width: width, rows: try device.ints(numbers), count: 4, to: out)
    let wanted = numbers.flatMap { source.values[Int($0) * width..<(Int($0) + 1) * width] }
    #expect(try device.read(out) == wanted)
    #expect(source.read == max(readAtOnce, 4 * width))
  }

  @Test("say what went wrong with them", arguments: testDevices)
  func failing(_ test: TestDevice) throws {
    let device = try test.device
    let source = source()
    source.vanish()
    #expect(throws: CountedElements.Gone.self) {
      let buffer = try device.allocate(source.values.count, reading: source)
      _ = try device.read(buffer.start)
    }
  }

  @Test("change places whole", arguments: testDevices)
  func exchanging(_ test: TestDevice) throws {
    let device = try test.device
    let source = source()
    let buffer = try device.allocate(source.values.count, reading: source)
    let other = try device.floats([Float](repeating: 2, count: source.values.count))
    device.exchange(buffer, other.buffer)
    #expect(try device.read(other) == source.values)
    #expect(try device.read(buffer.start).allSatisfy { $0 == 2 })
  }
}
