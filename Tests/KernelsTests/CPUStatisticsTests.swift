import Kernels
import Testing

@Suite("CPU: statistics")
struct CPUStatisticsTests {
  /// What a sum of squares in f32, or a shift by one value, would lose: columns with a large
  /// offset, one position far from the others, squares outside the range of f32, and no spread at
  /// all.
  @Test("moments of hard columns", arguments: InstructionSet.available, [5, 16, 57, 512])
  func hardMoments(_ set: InstructionSet, _ time: Int) throws {
    let device = CPUDevice(threads: 2, instructionSet: set)
    let columns: [(Float, Int) -> Float] = [
      { noise, _ in 1000 + noise * 1e-3 }, { noise, t in t == 0 ? 1e4 : 1 + noise * 1e-2 },
      { noise, t in t == 3 ? -3e7 : noise }, { noise, _ in noise * 1e25 },
      { noise, _ in noise * 1e-25 }, { noise, t in t < 4 ? noise * 1e25 : noise },
      { _, _ in 0 }, { _, _ in 0.5 }, { noise, _ in noise },
    ]
    let (width, noise) = (19, uniform(time * 19, seed: UInt64(time)))
    let x = noise.enumerated().map { columns[$0 % width % columns.count]($1, $0 / width) }
    let results = try (0..<3).map { _ in try device.blank(width) }
    try device.timeMoments(
      try device.floats(x), batch: 1, time: time, width: width, absoluteMean: results[0],
      norm: results[1], variance: results[2])
    let found = try results.map { try device.read($0) }
    for unit in 0..<width {
      let values = (0..<time).map { Double(x[$0 * width + unit]) }
      let mean = values.reduce(0, +) / Double(time)
      let wanted = [
        values.reduce(0) { $0 + abs($1) } / Double(time),
        values.reduce(0) { $0 + $1 * $1 }.squareRoot(),
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(time),
      ]
      for (moment, value) in zip(found, wanted) {
        // Beyond f32 the result is infinite, beneath it 0 or denormal.
        let expected = Double(Float(value))
        if expected.isFinite {
          #expect(abs(Double(moment[unit]) - expected) <= expected * 1e-6 + 1e-44, "column \(unit)")
        } else {
          #expect(moment[unit] == .infinity, "column \(unit)")
        }
      }
    }
  }

  @Test(
    "an infinity makes mean and norm infinite, a NaN makes them NaN",
    arguments: InstructionSet.available)
  func infinities(_ set: InstructionSet) throws {
    let device = CPUDevice(threads: 1, instructionSet: set)
    for (fault, isInfinite) in [(Float.infinity, true), (-.infinity, true), (.nan, false)] {
      var x = uniform(40 * 19, seed: 8)
      x[7 * 19 + 17] = fault
      let results = try (0..<3).map { _ in try device.blank(19) }
      try device.timeMoments(
        try device.floats(x), batch: 1, time: 40, width: 19, absoluteMean: results[0],
        norm: results[1], variance: results[2])
      for moment in try results.prefix(2).map({ try device.read($0) }) {
        #expect(isInfinite ? moment[17] == .infinity : moment[17].isNaN, "\(fault)")
        #expect(moment[16].isFinite && moment[18].isFinite)
      }
    }
  }
}
