import Kernels
import TestFixtures
import Testing

/// The same work gives the same bits again: no sum's order depends on timing.
@Suite("Repetition")
struct RepetitionTests {
  /// What sums over more elements than one thread or one work-group takes.
  private static func sums(on device: any Device) throws -> [Float] {
    let count = 200_003
    let x = try device.floats(uniform(count, seed: 1))
    let (sum, columns, logs) = try (device.blank(1), device.blank(3), device.blank(7))
    let result = try device.blank(1)
    try device.reduce(.sum, x, outer: 1, count: count, inner: 1, to: sum)
    try device.reduce(.sum, x, outer: 1, count: 60_000, inner: 3, to: columns)
    try device.logSumExp(x, outer: 7, count: 20_000, to: logs)
    try device.sumOfSquares(x, count: count, to: result, accumulates: false)
    try device.sumOfSquares(x, count: count, to: result, accumulates: true)
    return try [sum, columns, logs, result].flatMap { try device.read($0) }
  }

  private static func product(on device: any Device) throws -> [Float] {
    let (rows, columns, inner) = (65, 300, 700)
    let out = try device.blank(rows * columns)
    try device.multiply(
      MatrixProduct(
        try device.floats(uniform(rows * inner, seed: 1)),
        try device.floats(uniform(columns * inner, seed: 2)), to: out, rows: rows,
        columns: columns, inner: inner, transposeRight: true))
    return try device.read(out)
  }

  /// Many rows are added to few, whose order of arrival must not show.
  private static func scattered(on device: any Device) throws -> [Float] {
    let (count, width, tableRows) = (4000, 33, 5)
    let table = try device.floats([Float](repeating: 0, count: tableRows * width))
    try device.scatterAddRows(
      try device.floats(uniform(count * width, seed: 4)), width: width,
      rows: try device.ints((0..<count).map { Int64($0 * 7 % tableRows) }), count: count,
      to: table, tableRows: tableRows)
    return try device.read(table)
  }

  private static func gradients(on device: any Device) throws -> [Float] {
    let attention = AttentionReference(
      shape: .init(batch: 2, heads: 6, kvHeads: 2, headDim: 40, queries: 150), magnitude: 1)
    let (dq, dk, dv) = try attention.gradients(
      uniform(attention.q.count, seed: 3), on: device)
    let norm = NormReference(.init(rows: 3000, width: 90, epsilon: 1e-5))
    let (dx, dWeight) = try norm.gradients(
      uniform(norm.x.count, seed: 16), uniform(90, seed: 17), accumulates: true, on: device)
    return dq + dk + dv + dx + dWeight
  }

  @Test("sums, products, scattered rows and gradients", arguments: testDevices)
  func sameBits(_ test: TestDevice) throws {
    let device = try test.device
    for work in [Self.sums, Self.product, Self.scattered, Self.gradients] {
      let first = try work(device)
      #expect(first.allSatisfy { $0.isFinite })
      for _ in 0..<3 { #expect(identical(try work(device), first)) }
    }
  }
}
