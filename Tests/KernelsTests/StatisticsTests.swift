import Kernels
import TestFixtures
import Testing

@Suite("Statistics")
struct StatisticsTests {
  @Test(
    "moments over time", arguments: testDevices, [[1, 1, 1], [3, 57, 131], [2, 300, 64]])
  func moments(_ test: TestDevice, _ shape: [Int]) throws {
    let device = try test.device
    let (batch, time, width) = (shape[0], shape[1], shape[2])
    // An offset far larger than the spread: a one-pass variance would lose it.
    let x = uniform(batch * time * width, seed: 1).map { $0 * 0.01 + 8 }
    let results = try (0..<3).map { _ in try device.blank(batch * width) }
    try device.timeMoments(
      try device.floats(x), batch: batch, time: time, width: width, absoluteMean: results[0],
      norm: results[1], variance: results[2])
    var wanted: [[Double]] = [[], [], []]
    for window in 0..<batch {
      for unit in 0..<width {
        let values = (0..<time).map { Double(x[(window * time + $0) * width + unit]) }
        let mean = values.reduce(0, +) / Double(time)
        wanted[0].append(values.reduce(0) { $0 + abs($1) } / Double(time))
        wanted[1].append(values.reduce(0) { $0 + $1 * $1 }.squareRoot())
        wanted[2].append(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(time))
      }
    }
    for (result, values) in zip(results, wanted) {
      for (found, value) in zip(try device.read(result), values) {
        #expect(abs(Double(found) - value) <= value * 1e-6)
      }
    }
  }

  @Test("norms and cosines of rows", arguments: testDevices)
  func rows(_ test: TestDevice) throws {
    let device = try test.device
    let (rows, width) = (70, 577)
    var x = uniform(rows * width, seed: 1)
    let y = zip(x, uniform(rows * width, seed: 2)).map { $0 + 0.01 * $1 }
    for i in 0..<width { x[i] = 0 }
    let (left, right) = try (device.floats(x), device.floats(y))
    let result = try device.blank(rows)
    try device.rowNorms(left, rows: rows, width: width, to: result)
    func dot(_ a: [Float], _ b: [Float], _ row: Int) -> Double {
      (row * width..<(row + 1) * width).reduce(0) { $0 + Double(a[$1]) * Double(b[$1]) }
    }
    let norms = (0..<rows).map { dot(x, x, $0).squareRoot() }
    #expect(relativeError(try device.read(result), norms) < test.accuracy.ofNorm)
    try device.rowCosines(left, right, rows: rows, width: width, to: result)
    let cosines = (0..<rows).map { row in
      row == 0 ? 0 : dot(x, y, row) / (dot(x, x, row) * dot(y, y, row)).squareRoot()
    }
    #expect(relativeError(try device.read(result), cosines) < test.accuracy.ofNorm)
    #expect(try device.read(result)[0] == 0)
  }

  @Test("finds what is not finite, wherever it is", arguments: testDevices)
  func finite(_ test: TestDevice) throws {
    let device = try test.device
    let count = 100_003
    let x = uniform(count, seed: 1).map { $0 * 3e38 }
    #expect(try device.isFinite(try device.floats(x), count: count))
    for (place, value) in [(0, Float.nan), (65_537, .infinity), (count - 1, -.infinity)] {
      var damaged = x
      damaged[place] = value
      #expect(try !device.isFinite(try device.floats(damaged), count: count))
    }
    #expect(try device.isFinite(try device.floats([]), count: 0))
  }
}
