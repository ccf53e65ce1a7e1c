import Foundation
import Kernels
import TestFixtures
import Testing

@Suite("Reductions")
struct ReductionTests {
  /// x[outer, count, inner]
  static let shapes: [[Int]] = [
    [1, 1, 1], [1, 300_001, 1], [7, 33, 1], [3, 129, 65], [1, 5000, 3], [2, 70_001, 2],
    [40, 3, 17],
    [5, 1, 9], [0, 4, 3], [2, 3, 0], [1, 17, 600],
  ]

  /// The elements n of x[o, n, i] for every (o, i).
  static func columns<Element>(_ x: [Element], _ shape: [Int]) -> [[Element]] {
    (0..<shape[0]).flatMap { o in
      (0..<shape[2]).map { i in (0..<shape[1]).map { x[(o * shape[1] + $0) * shape[2] + i] } }
    }
  }

  @Test("f32 reductions", arguments: testDevices, shapes)
  func floats(_ test: TestDevice, _ shape: [Int]) throws {
    let device = try test.device
    let x = uniform(shape.reduce(1, *), seed: 4)
    let columns = Self.columns(x, shape)
    let source = try device.floats(x)
    func run(_ reduction: Reduction) throws -> [Float] {
      let target = try device.blank(columns.count)
      try device.reduce(
        reduction, source, outer: shape[0], count: shape[1], inner: shape[2], to: target)
      return try device.read(target)
    }
    for (found, column) in zip(try run(.sum), columns) {
      let wanted = column.reduce(0.0) { $0 + Double($1) }
      let magnitudes = column.reduce(0.0) { $0 + Double(abs($1)) }
      #expect(
        abs(Double(found) - wanted) <= test.accuracy.ofSum(wanted, magnitudes: magnitudes))
    }
    #expect(try run(.maximum) == columns.compactMap { $0.max() })
    #expect(try run(.minimum) == columns.compactMap { $0.min() })
    let places = try device.blankInts(columns.count)
    for largest in [true, false] {
      try device.reduceIndex(
        largest: largest, source, outer: shape[0], count: shape[1], inner: shape[2], to: places)
      let wanted = columns.compactMap { column in
        (largest ? column.max() : column.min()).flatMap { column.firstIndex(of: $0) }
      }
      #expect(try device.readInts(places) == wanted.map(Int64.init))
    }
  }

  @Test("i64 and bool reductions", arguments: testDevices, shapes)
  func otherTypes(_ test: TestDevice, _ shape: [Int]) throws {
    let device = try test.device
    let x = uniform(shape.reduce(1, *), seed: 5)
    let (outer, count, inner) = (shape[0], shape[1], shape[2])
    let ints = x.map { Int64($0 * 1e12) }
    let columns = Self.columns(ints, shape)
    let target = try device.blankInts(columns.count)
    let source = try device.ints(ints)
    try device.reduce(.sum, source, outer: outer, count: count, inner: inner, to: target)
    #expect(try device.readInts(target) == columns.map { $0.reduce(0, &+) })
    try device.reduce(.minimum, source, outer: outer, count: count, inner: inner, to: target)
    #expect(try device.readInts(target) == columns.compactMap { $0.min() })
    try device.reduce(.maximum, source, outer: outer, count: count, inner: inner, to: target)
    #expect(try device.readInts(target) == columns.compactMap { $0.max() })

    for share: Float in [-2, -0.9, 0.9, 2] {
      let bools = x.map { $0 < share }
      let rows = Self.columns(bools, shape)
      let answer = try device.bools(rows.map { _ in false })
      let source = try device.bools(bools)
      try device.reduce(.any, source, outer: outer, count: count, inner: inner, to: answer)
      #expect(try device.readBytes(answer) == rows.map { $0.contains(true) ? 1 : 0 })
      try device.reduce(.all, source, outer: outer, count: count, inner: inner, to: answer)
      #expect(try device.readBytes(answer) == rows.map { $0.contains(false) ? 0 : 1 })
    }
  }

  @Test("reduces empty rows", arguments: testDevices)
  func empty(_ test: TestDevice) throws {
    let device = try test.device
    let target = try device.blank(6)
    try device.reduce(.sum, try device.floats([]), outer: 2, count: 0, inner: 3, to: target)
    #expect(try device.read(target) == [0, 0, 0, 0, 0, 0])
    let answer = try device.bools([false])
    try device.reduce(.all, try device.bools([]), outer: 1, count: 0, inner: 1, to: answer)
    #expect(try device.readBytes(answer) == [1])
    try device.reduce(.any, try device.bools([]), outer: 1, count: 0, inner: 1, to: answer)
    #expect(try device.readBytes(answer) == [0])
    #expect(throws: KernelError.self) {
      try device.reduce(.sum, answer, outer: 1, count: 1, inner: 1, to: answer)
    }
  }

  @Test("NaN is the largest and the smallest", arguments: testDevices, [1, 2])
  func nan(_ test: TestDevice, _ inner: Int) throws {
    let device = try test.device
    for place in [0, 7, 40, 69] {
      var x = uniform(70 * inner, seed: 6)
      x[place * inner] = .nan
      if place < 69 { x[69 * inner] = .nan }
      let source = try device.floats(x)
      let target = try device.blank(inner)
      let index = try device.blankInts(inner)
      for largest in [true, false] {
        try device.reduce(
          largest ? .maximum : .minimum, source, outer: 1, count: 70, inner: inner, to: target)
        #expect(try device.read(target)[0].isNaN)
        try device.reduceIndex(
          largest: largest, source, outer: 1, count: 70, inner: inner, to: index)
        #expect(try device.readInts(index)[0] == Int64(place))
      }
    }
  }

  @Test("log-sum-exp, at the extremes too", arguments: testDevices)
  func logSumExp(_ test: TestDevice) throws {
    let device = try test.device
    let width = 1031
    var rows = (0..<3).map { row in uniform(width, seed: UInt64(row)).map { $0 * 90 } }
    rows.append([Float](repeating: -.infinity, count: width))
    rows.append(rows[0].map { $0 + 1e4 })
    rows.append(rows[0].map { $0 - 1e4 })
    rows.append(rows[0].enumerated().map { $0.offset == 5 ? .infinity : $0.element })
    rows.append(rows[0].enumerated().map { $0.offset == 9 ? .nan : $0.element })
    rows.append(rows[0].enumerated().map { $0.offset == 9 ? $0.element : -.infinity })
    let target = try device.blank(rows.count)
    try device.logSumExp(
      try device.floats(rows.flatMap { $0 }), outer: rows.count, count: width, to: target)
    let found = try device.read(target)
    for (row, value) in zip(rows, found) {
      let maximum = Double(row.max() ?? 0)
      let wanted = maximum + log(row.reduce(0.0) { $0 + exp(Double($1) - maximum) })
      if row.contains(where: \.isNaN) {
        #expect(value.isNaN)
      } else if maximum.isInfinite {
        #expect(Double(value) == maximum)
      } else {
        #expect(abs(Double(value) - wanted) <= abs(wanted) * 2e-7)
      }
    }
  }
}
