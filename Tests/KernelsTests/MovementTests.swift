import Kernels
import TestFixtures
import Testing

@Suite("Movement")
struct MovementTests {
  /// A source's shape and strides, its first offset and how many elements its buffer has.
  struct View: CustomTestStringConvertible {
    var shape: [Int]
    var strides: [Int]
    var first = 0
    var size: Int
    var testDescription: String { "\(shape) by \(strides) from \(first)" }
  }

  static let views = [
    View(shape: [], strides: [], size: 1),
    View(shape: [0], strides: [1], size: 0),
    View(shape: [3, 0, 2], strides: [0, 2, 1], size: 0),
    View(shape: [1000], strides: [1], size: 1000),
    View(shape: [77], strides: [-1], first: 76, size: 77),
    View(shape: [77], strides: [0], size: 1),
    View(shape: [5, 7], strides: [1, 5], size: 35),
    View(shape: [130, 67], strides: [1, 130], size: 130 * 67),
    View(shape: [3, 130, 67], strides: [130 * 67, 1, 130], size: 3 * 130 * 67),
    View(shape: [67, 3, 41], strides: [1, 41 * 67, 67], size: 3 * 41 * 67),
    View(shape: [4, 3, 5, 2], strides: [30, 2, 6, 1], size: 120),
    View(shape: [4, 6], strides: [-12, 2], first: 36, size: 48),
    View(shape: [300, 200], strides: [0, 1], size: 200),
    View(shape: [300, 200], strides: [1, 0], size: 300),
    View(shape: [9, 1, 8], strides: [8, 999, 1], size: 72),
  ]

  @Test("copies any view", arguments: testDevices, views)
  func copy(_ test: TestDevice, _ view: View) throws {
    let device = try test.device
    let values = uniform(view.size, seed: 1)
    let wanted = indices(of: view.shape).map { values[offset($0, view.strides, from: view.first)] }
    let target = try device.blank(wanted.count)
    try device.copy(
      Strided(try device.floats(values), view.strides, offset: view.first),
      to: Strided(target, contiguous: view.shape), shape: view.shape)
    #expect(try device.read(target) == wanted)

    let ints = try device.blankInts(wanted.count)
    try device.copy(
      Strided(try device.ints(values.map { Int64($0 * 1e6) }), view.strides, offset: view.first),
      to: Strided(ints, contiguous: view.shape), shape: view.shape)
    #expect(try device.readInts(ints) == wanted.map { Int64($0 * 1e6) })

    let bools = try device.bools([Bool](repeating: false, count: wanted.count))
    try device.copy(
      Strided(try device.bools(values.map { $0 > 0 }), view.strides, offset: view.first),
      to: Strided(bools, contiguous: view.shape), shape: view.shape)
    #expect(try device.readBytes(bools) == wanted.map { $0 > 0 ? 1 : 0 })
  }

  @Test("writes into a slice and leaves the rest", arguments: testDevices)
  func assign(_ test: TestDevice) throws {
    let device = try test.device
    let target = try device.floats([Float](repeating: 0, count: 6 * 10))
    // target[1:6:2, 8:2:-3] = source
    let source = uniform(6, seed: 3)
    try device.copy(
      Strided(try device.floats(source), contiguous: [3, 2]),
      to: Strided(target, [20, -3], offset: 18), shape: [3, 2])
    try device.fill(Strided(target, [10], offset: 1), shape: [6], with: .int(7))
    var wanted = [Float](repeating: 0, count: 60)
    for row in 0..<3 {
      for column in 0..<2 { wanted[18 + row * 20 - column * 3] = source[row * 2 + column] }
    }
    for row in 0..<6 { wanted[row * 10 + 1] = 7 }
    #expect(try device.read(target) == wanted)
  }

  @Test("fills with a value converted to the buffer's type", arguments: testDevices)
  func fill(_ test: TestDevice) throws {
    let device = try test.device
    let target = try device.blankInts(3)
    try device.fill(Strided(target, contiguous: [3]), shape: [3], with: .float(-2.9))
    #expect(try device.readInts(target) == [-2, -2, -2])
    try device.fill(Strided(target, contiguous: [3]), shape: [3], with: .float(.nan))
    #expect(try device.readInts(target) == [0, 0, 0])
    try device.fill(Strided(target, contiguous: [3]), shape: [3], with: .float(1e30))
    #expect(try device.readInts(target) == [.max, .max, .max])
    let bools = try device.bools([false, false])
    try device.fill(Strided(bools, contiguous: [2]), shape: [2], with: .float(0.5))
    #expect(try device.readBytes(bools) == [1, 1])
  }

  @Test("converts between types", arguments: testDevices)
  func convert(_ test: TestDevice) throws {
    let device = try test.device
    let values: [Float] = [
      0, -0.0, 1.9, -1.9, .nan, .infinity, -.infinity, 9.3e18, -3e38, 16_777_216,
    ]
    let floats = try device.floats(values)
    let ints = try device.blankInts(values.count)
    try device.convert(floats, to: ints, count: values.count)
    #expect(
      try device.readInts(ints) == [0, 0, 1, -1, 0, .max, .min, .max, .min, 16_777_216])
    let bools = try device.bools([Bool](repeating: false, count: values.count))
    try device.convert(floats, to: bools, count: values.count)
    #expect(try device.readBytes(bools) == [0, 0, 1, 1, 1, 1, 1, 1, 1, 1])
    let back = try device.blank(values.count)
    try device.convert(bools, to: back, count: values.count)
    #expect(try device.read(back) == [0, 0, 1, 1, 1, 1, 1, 1, 1, 1])
    try device.convert(try device.ints([3, -4, 1 << 60]), to: back, count: 3)
    #expect(try device.read(back).prefix(3) == [3, -4, 0x1p60])
    try device.convert(try device.ints([0, -4, 1 << 60]), to: bools, count: 3)
    #expect(try device.readBytes(bools).prefix(3) == [0, 1, 1])
    try device.convert(try device.bools([true, false]), to: ints, count: 2)
    #expect(try device.readInts(ints).prefix(2) == [1, 0])
  }

  @Test("gathers rows and adds them back in order", arguments: testDevices)
  func rows(_ test: TestDevice) throws {
    let device = try test.device
    let (tableRows, width, count) = (50, 77, 600)
    let table = uniform(tableRows * width, seed: 5)
    let rows = uniform(count, seed: 6).map { Int64(($0 + 1) / 2 * 50) }
    let target = try device.blank(count * width)
    try device.gatherRows(
      try device.floats(table), width: width, rows: try device.ints(rows), count: count, to: target)
    let wanted = rows.flatMap { table[Int($0) * width..<(Int($0) + 1) * width] }
    #expect(try device.read(target) == wanted)

    let whole = try device.blankInts(count * width)
    try device.gatherRows(
      try device.ints(table.map { Int64($0 * 1e12) }), width: width, rows: try device.ints(rows),
      count: count, to: whole)
    #expect(try device.readInts(whole) == wanted.map { Int64($0 * 1e12) })

    let gradient = try device.floats(table)
    try device.scatterAddRows(
      target, width: width, rows: try device.ints(rows), count: count, to: gradient,
      tableRows: tableRows)
    var sums = table
    for (i, row) in rows.enumerated() {
      for k in 0..<width { sums[Int(row) * width + k] += wanted[i * width + k] }
    }
    #expect(identical(try device.read(gradient), sums))
  }
}
