import Foundation
import Kernels
import TestFixtures
import Testing

@Suite("Losses between two models' logits")
struct DistillationTests {
  static let shapes = VocabularyTests.shapes

  private static func pair(_ shape: [Int]) -> (teacher: [Float], student: [Float]) {
    let count = shape[0] * shape[1]
    let teacher = uniform(count, seed: 1).map { $0 * 20 }
    return (teacher, zip(teacher, uniform(count, seed: 2)).map { $0 + $1 })
  }

  private static func worst(_ found: [Float], _ wanted: [Double]) -> Double {
    zip(found, wanted).reduce(found.count == wanted.count ? 0 : .infinity) {
      max($0, abs(Double($1.0) - $1.1))
    }
  }

  @Test("reverse divergence and its gradient", arguments: testDevices, shapes)
  func reverseDivergence(_ test: TestDevice, _ shape: [Int]) throws {
    let device = try test.device
    let (rows, width) = (shape[0], shape[1])
    let (teacher, student) = Self.pair(shape)
    for temperature: Float in [1, 2.5] {
      let state = try device.blank(rows * 5)
      for columns in VocabularyTests.chunks(shape) {
        try device.divergenceUpdate(
          teacher: try device.floats(VocabularyTests.chunk(student, shape, columns)),
          student: try device.floats(VocabularyTests.chunk(teacher, shape, columns)), state: state,
          temperature: temperature, rows: rows, columns: columns.count,
          isFirst: columns.lowerBound == 0)
      }
      let losses = try device.blank(rows)
      try device.divergenceLosses(state, to: losses, rows: rows)
      let logs = (0..<rows).map { row in
        [teacher, student].map {
          VocabularyTests.logSoftmax(
            VocabularyTests.row($0, row, width).map { $0 / Double(temperature) })
        }
      }
      let divergences = logs.map { logs in
        zip(logs[0], logs[1]).reduce(0) { $0 + exp($1.1) * ($1.1 - $1.0) }
      }
      #expect(Self.worst(try device.read(losses), divergences) < 2e-6)
      for columns in VocabularyTests.chunks(shape) {
        let gradient = try device.floats(VocabularyTests.chunk(student, shape, columns))
        try device.reverseDivergenceGradient(
          teacher: try device.floats(VocabularyTests.chunk(teacher, shape, columns)),
          student: gradient, state: state, upstream: try device.floats([2]),
          temperature: temperature, scale: 0.25, rows: rows, columns: columns.count)
        let wanted = zip(logs, divergences).flatMap { logs, divergence in
          columns.map {
            0.5 / Double(temperature) * exp(logs[1][$0]) * (logs[1][$0] - logs[0][$0] - divergence)
          }
        }
        #expect(Self.worst(try device.read(gradient), wanted) < 1e-6)
      }
    }
  }

  @Test("sums of distances, and mixtures", arguments: testDevices, shapes)
  func distances(_ test: TestDevice, _ shape: [Int]) throws {
    let device = try test.device
    let (rows, width) = (shape[0], shape[1])
    let (teacher, student) = Self.pair(shape)
    let state = try device.blank(rows * 4)
    let coefficients = (0..<rows * 2).map { Float($0) - 3 }
    for columns in VocabularyTests.chunks(shape) {
      let theirs = try device.floats(VocabularyTests.chunk(teacher, shape, columns))
      let ours = try device.floats(VocabularyTests.chunk(student, shape, columns))
      try device.distanceUpdate(
        teacher: theirs, student: ours, state: state, rows: rows, columns: columns.count,
        isFirst: columns.lowerBound == 0)
      try device.mixRows(
        teacher: theirs, student: ours, coefficients: try device.floats(coefficients),
        upstream: try device.floats([0.5]), rows: rows, columns: columns.count)
      let wanted = (0..<rows).flatMap { row in
        columns.map { column in
          let place = row * width + column
          return 0.5
            * (Double(coefficients[row * 2]) * Double(student[place])
              + Double(coefficients[row * 2 + 1]) * Double(teacher[place]))
        }
      }
      let scale = wanted.map(abs).max() ?? 0
      #expect(Self.worst(try device.read(ours), wanted) <= 3e-7 * scale)
    }
    let found = try device.read(state)
    for row in 0..<rows {
      let t = VocabularyTests.row(teacher, row, width)
      let s = VocabularyTests.row(student, row, width)
      let pairs = zip(s, t)
      let wanted = [
        pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) },
        pairs.reduce(0) { $0 + $1.0 * $1.1 }, s.reduce(0) { $0 + $1 * $1 },
        t.reduce(0) { $0 + $1 * $1 },
      ]
      let lengths = (wanted[2] * wanted[3]).squareRoot()
      for (place, sum) in wanted.enumerated() {
        let scale = place == 1 ? lengths : sum
        #expect(abs(Double(found[row * 4 + place]) - sum) <= 2e-6 * scale)
      }
    }
  }

  @Test("the largest logits in falling order, the lower id first on ties", arguments: testDevices)
  func largest(_ test: TestDevice) throws {
    let device = try test.device
    let shape = [7, 70, 33]
    var generator = FixedSequence()
    var rows: [[Float]] = [
      (0..<70).map { Float($0) }, (0..<70).map { Float(-$0) }, [Float](repeating: 2, count: 70),
      (0..<70).map { Float($0 % 5) }, (0..<70).map { $0 < 68 ? -.infinity : Float($0) },
      (0..<70).map { $0 == 40 ? .nan : Float($0 % 3) },
    ]
    rows.append((0..<70).map { _ in Float(Int(generator.next() % 30)) })
    let companion = (0..<7 * 70).map { Float($0) * 0.5 }
    for kept in [1, 5, 70] {
      let values = try device.blank(7 * kept)
      let companions = try device.blank(7 * kept)
      let ids = try device.blankInts(7 * kept)
      for columns in VocabularyTests.chunks(shape) {
        try device.largestUpdate(
          try device.floats(VocabularyTests.chunk(rows.flatMap { $0 }, shape, columns)),
          companion: try device.floats(VocabularyTests.chunk(companion, shape, columns)),
          values: values, companions: companions, ids: ids, kept: kept, rows: 7,
          columns: columns.count, firstColumn: columns.lowerBound,
          isFirst: columns.lowerBound == 0)
      }
      let (found, beside) = (try device.read(values), try device.read(companions))
      let places = try device.readInts(ids)
      for (row, logits) in rows.enumerated() {
        // Swift's sort is stable; a NaN stands first, and what is −∞ fills no place.
        let order = logits.indices.filter { logits[$0] != -.infinity }.sorted {
          let (a, b) = (logits[$0], logits[$1])
          return a.isNaN ? !b.isNaN : a > b || (a == b && $0 < $1)
        }
        for place in 0..<kept {
          let here = row * kept + place
          if place < order.count {
            #expect(places[here] == Int64(order[place]))
            #expect(found[here] == logits[order[place]] || logits[order[place]].isNaN)
            #expect(beside[here] == companion[row * 70 + order[place]])
          } else {
            #expect(places[here] == -1 && found[here] == -.infinity && beside[here] == -.infinity)
          }
        }
      }
    }
  }

  @Test("columns of ids, read and added to", arguments: testDevices)
  func columns(_ test: TestDevice) throws {
    let device = try test.device
    let shape = [3, 70, 33]
    let x = uniform(3 * 70, seed: 3)
    let ids: [Int64] = [0, 69, 33, 32, 12, -1, 5, 66, 65]
    let given = uniform(9, seed: 4)
    let values = try device.blank(9)
    let places = try device.ints(ids)
    for columns in VocabularyTests.chunks(shape) {
      let logits = try device.floats(VocabularyTests.chunk(x, shape, columns))
      try device.gatherColumns(
        logits, ids: places, values: values, kept: 3, rows: 3, columns: columns.count,
        firstColumn: columns.lowerBound, isFirst: columns.lowerBound == 0)
      try device.scatterColumns(
        try device.floats(given), ids: places, upstream: try device.floats([0.5]), into: logits,
        kept: 3, rows: 3, columns: columns.count, firstColumn: columns.lowerBound)
      var wanted = x
      for (place, id) in ids.enumerated() where id >= 0 {
        wanted[place / 3 * 70 + Int(id)] += 0.5 * given[place]
      }
      #expect(try device.read(logits) == VocabularyTests.chunk(wanted, shape, columns))
    }
    let wanted = ids.enumerated().map { $1 < 0 ? -.infinity : x[$0 / 3 * 70 + Int($1)] }
    #expect(try device.read(values) == wanted)
  }

  @Test("probabilities of 0 add nothing, and NaN stays NaN", arguments: testDevices)
  func extremes(_ test: TestDevice) throws {
    let device = try test.device
    let rows: [[Float]] = [
      (0..<40).map { $0 < 20 ? -.infinity : Float($0) }, (0..<40).map { $0 == 3 ? .nan : 1 },
    ]
    let state = try device.blank(10)
    let logits = try device.floats(rows.flatMap { $0 })
    try device.divergenceUpdate(
      teacher: logits, student: logits, state: state, temperature: 1, rows: 2, columns: 40,
      isFirst: true)
    let gradient = try device.floats(rows.flatMap { $0 })
    try device.reverseDivergenceGradient(
      teacher: logits, student: gradient, state: state, upstream: try device.floats([1]),
      temperature: 1, scale: 1, rows: 2, columns: 40)
    let found = try device.read(gradient)
    #expect(found[..<40].allSatisfy { abs($0) < 1e-6 })
    #expect(found[40...].contains { $0.isNaN })
  }
}

/// A fixed sequence.
private struct FixedSequence {
  private var state: UInt64 = 12345

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
