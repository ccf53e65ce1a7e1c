import Foundation
import Kernels
import TestFixtures
import Testing

@Suite("Losses over a vocabulary")
struct VocabularyTests {
  /// Rows, the vocabulary's size and the columns of a chunk.
  static let shapes: [[Int]] = [[1, 1, 1], [5, 1003, 1003], [33, 1003, 300], [3, 70, 7]]

  /// Columns from..<to of each row.
  static func chunk(_ x: [Float], _ shape: [Int], _ columns: Range<Int>) -> [Float] {
    (0..<shape[0]).flatMap { row in
      x[(row * shape[1] + columns.lowerBound)..<(row * shape[1] + columns.upperBound)]
    }
  }

  static func chunks(_ shape: [Int]) -> [Range<Int>] {
    stride(from: 0, to: shape[1], by: shape[2]).map { $0..<min($0 + shape[2], shape[1]) }
  }

  static func row(_ x: [Float], _ index: Int, _ width: Int) -> [Double] {
    x[index * width..<(index + 1) * width].map(Double.init)
  }

  static func logSoftmax(_ x: [Double]) -> [Double] {
    let maximum = x.max() ?? 0
    let total = maximum + log(x.reduce(0) { $0 + exp($1 - maximum) })
    return x.map { $0 - total }
  }

  @Test("cross-entropy and its gradient", arguments: testDevices, shapes)
  func crossEntropy(_ test: TestDevice, _ shape: [Int]) throws {
    let device = try test.device
    let (rows, width) = (shape[0], shape[1])
    let x = uniform(rows * width, seed: 1).map { $0 * 30 }
    let targets = (0..<rows).map { $0 % 4 == 3 ? -100 : Int64($0 * 7919 % width) }
    let ids = try device.ints(targets)
    let state = try device.blank(rows * 3)
    for columns in Self.chunks(shape) {
      try device.crossEntropyUpdate(
        try device.floats(Self.chunk(x, shape, columns)), targets: ids, state: state, rows: rows,
        columns: columns.count, firstColumn: columns.lowerBound,
        isFirst: columns.lowerBound == 0)
    }
    let losses = try device.blank(rows)
    try device.crossEntropyLosses(state, targets: ids, to: losses, rows: rows)
    let upstream = try device.floats([0.5])
    let found = try device.read(losses)
    for (row, target) in targets.enumerated() {
      let wanted = target < 0 ? 0 : -Self.logSoftmax(Self.row(x, row, width))[Int(target)]
      #expect(abs(Double(found[row]) - wanted) < 1e-5)
    }
    for columns in Self.chunks(shape) {
      let logits = try device.floats(Self.chunk(x, shape, columns))
      try device.crossEntropyGradient(
        logits, targets: ids, state: state, upstream: upstream, scale: 3, rows: rows,
        columns: columns.count, firstColumn: columns.lowerBound)
      let wanted = targets.enumerated().flatMap { row, target in
        let logs = Self.logSoftmax(Self.row(x, row, width))
        return columns.map { column in
          target < 0 ? 0 : 1.5 * (exp(logs[column]) - (column == Int(target) ? 1 : 0))
        }
      }
      let error = zip(try device.read(logits), wanted).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(error < 2e-6)
    }
  }

  @Test("divergence and its gradient", arguments: testDevices, shapes)
  func divergence(_ test: TestDevice, _ shape: [Int]) throws {
    let device = try test.device
    let (rows, width) = (shape[0], shape[1])
    let teacher = uniform(rows * width, seed: 1).map { $0 * 20 }
    let student = zip(teacher, uniform(rows * width, seed: 2)).map { $0 + $1 }
    for temperature: Float in [1, 2.5] {
      let state = try device.blank(rows * 5)
      for columns in Self.chunks(shape) {
        try device.divergenceUpdate(
          teacher: try device.floats(Self.chunk(teacher, shape, columns)),
          student: try device.floats(Self.chunk(student, shape, columns)), state: state,
          temperature: temperature, rows: rows, columns: columns.count,
          isFirst: columns.lowerBound == 0)
      }
      let losses = try device.blank(rows)
      try device.divergenceLosses(state, to: losses, rows: rows)
      let found = try device.read(losses)
      let logs = (0..<rows).map { row in
        [teacher, student].map {
          Self.logSoftmax(Self.row($0, row, width).map { $0 / Double(temperature) })
        }
      }
      for row in 0..<rows {
        let wanted = zip(logs[row][0], logs[row][1]).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
        #expect(abs(Double(found[row]) - wanted) < 2e-6)
      }
      for columns in Self.chunks(shape) {
        let gradient = try device.floats(Self.chunk(student, shape, columns))
        try device.divergenceGradient(
          teacher: try device.floats(Self.chunk(teacher, shape, columns)), student: gradient,
          state: state, upstream: try device.floats([2]), temperature: temperature, scale: 0.25,
          rows: rows, columns: columns.count)
        let wanted = logs.flatMap { logs in
          columns.map { 0.5 / Double(temperature) * (exp(logs[1][$0]) - exp(logs[0][$0])) }
        }
        let error = zip(try device.read(gradient), wanted).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(error < 1e-6)
      }
    }
  }

  @Test("losses stay finite at the extremes, and NaN stays NaN", arguments: testDevices)
  func extremes(_ test: TestDevice) throws {
    let device = try test.device
    // Equal logits, huge ones, one that rules, masked ones; chunks of 32 columns.
    let rows: [[Float]] = [
      [Float](repeating: 3e38, count: 64), [Float](repeating: -3e38, count: 64),
      (0..<64).map { $0 == 40 ? 1000 : -1000 }, (0..<64).map { $0 < 32 ? -.infinity : Float($0) },
      (0..<64).map { $0 == 33 ? .nan : Float($0) },
    ]
    let x = rows.flatMap { $0 }
    let shape = [rows.count, 64, 32]
    let targets = try device.ints([0, 1, 40, 63, 1])
    let state = try device.blank(rows.count * 3)
    let divergence = try device.blank(rows.count * 5)
    for columns in Self.chunks(shape) {
      let logits = try device.floats(Self.chunk(x, shape, columns))
      try device.crossEntropyUpdate(
        logits, targets: targets, state: state, rows: rows.count, columns: 32,
        firstColumn: columns.lowerBound, isFirst: columns.lowerBound == 0)
      try device.divergenceUpdate(
        teacher: logits, student: logits, state: divergence, temperature: 1, rows: rows.count,
        columns: 32, isFirst: columns.lowerBound == 0)
    }
    let losses = try device.blank(rows.count)
    try device.crossEntropyLosses(state, targets: targets, to: losses, rows: rows.count)
    let found = try device.read(losses)
    #expect(abs(found[0] - log(64)) < 1e-5)
    #expect(abs(found[1] - log(64)) < 1e-5)
    #expect(found[2] == 0)
    #expect(abs(found[3] - 0.45867515) < 1e-5)
    #expect(found[4].isNaN)
    try device.divergenceLosses(divergence, to: losses, rows: rows.count)
    let divergences = try device.read(losses)
    #expect(divergences.prefix(4).allSatisfy { abs($0) < 1e-6 })
    #expect(divergences[4].isNaN)
  }

  @Test("the largest logit across chunks, the lowest id on ties", arguments: testDevices)
  func argmax(_ test: TestDevice) throws {
    let device = try test.device
    let rows: [[Float]] = [
      (0..<70).map { $0 == 50 || $0 == 60 ? 9 : 1 }, (0..<70).map { $0 == 3 || $0 == 60 ? 9 : 1 },
      [Float](repeating: -.infinity, count: 70), (0..<70).map { $0 == 20 ? .nan : Float($0) },
      (0..<70).map { Float(-$0) },
    ]
    let shape = [rows.count, 70, 33]
    let largest = try device.blank(rows.count)
    let ids = try device.blankInts(rows.count)
    for columns in Self.chunks(shape) {
      try device.argmaxUpdate(
        try device.floats(Self.chunk(rows.flatMap { $0 }, shape, columns)), largest: largest,
        ids: ids, rows: rows.count, columns: columns.count, firstColumn: columns.lowerBound,
        isFirst: columns.lowerBound == 0)
    }
    #expect(try device.readInts(ids) == [50, 3, 0, 20, 0])
    #expect(try device.read(largest)[0] == 9)
  }
}
