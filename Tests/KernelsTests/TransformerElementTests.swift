import Foundation
import Kernels
import TestFixtures
import Testing

/// Rotary embedding, SwiGLU and softmax.
@Suite struct TransformerElementTests {
  static let rotations: [RotaryShape] = [
    .init(batch: 1, time: 1, heads: 1, headDim: 2, rotary: 2),
    .init(batch: 2, time: 7, heads: 3, headDim: 64, rotary: 64),
    .init(batch: 2, time: 5, heads: 2, headDim: 80, rotary: 80, firstPosition: 4),
    .init(batch: 1, time: 33, heads: 5, headDim: 24, rotary: 10, firstPosition: 1),
    .init(batch: 1, time: 3, heads: 2, headDim: 6, rotary: 0),
  ]

  @Test(arguments: testDevices, rotations)
  func rotaryTurnsPairs(_ test: TestDevice, shape: RotaryShape) throws {
    let device = try test.device
    let half = shape.rotary / 2
    let angles = uniform((shape.firstPosition + shape.time) * half, seed: 21).map { $0 * 3 }
    let (cosines, sines) = (angles.map { cos($0) }, angles.map { sin($0) })
    let row = shape.heads * shape.headDim
    let x = uniform(shape.batch * shape.time * row, seed: 22)
    var wanted = x.map(Double.init)
    for start in stride(from: 0, to: x.count, by: shape.headDim) {
      let position = shape.firstPosition + start / row % shape.time
      for i in 0..<half {
        let (a, b) = (Double(x[start + i]), Double(x[start + half + i]))
        let (c, s) = (Double(cosines[position * half + i]), Double(sines[position * half + i]))
        wanted[start + i] = a * c - b * s
        wanted[start + half + i] = b * c + a * s
      }
    }
    let tables = try (device.floats(cosines), device.floats(sines))
    let out = try device.blank(x.count)
    try device.rotary(
      device.floats(x), cosines: tables.0, sines: tables.1, to: out, shape)
    #expect(relativeError(try device.read(out), wanted) < 3e-7)

    var back = shape
    back.inverse = true
    try device.rotary(out, cosines: tables.0, sines: tables.1, to: out, back)
    #expect(relativeError(try device.read(out), x.map(Double.init)) < 5e-7)
  }

  @Test(arguments: testDevices, [1, 5, 16, 33, 40_000])
  func swigluMatchesTheFormula(_ test: TestDevice, count: Int) throws {
    let device = try test.device
    let gate = uniform(count, seed: 31).map { $0 * 20 }
    let (up, dOut) = (uniform(count, seed: 32), uniform(count, seed: 33))
    let sigmoids = gate.map { 1 / (1 + exp(-Double($0))) }
    let silu = zip(gate, sigmoids).map { Double($0) * $1 }
    let slopes = zip(gate, sigmoids).map { $1 * (1 + Double($0) * (1 - $1)) }
    let out = try device.blank(count)
    let (gates, ups) = try (device.floats(gate), device.floats(up))
    try device.swiglu(gate: gates, up: ups, to: out, count: count)
    #expect(
      relativeError(try device.read(out), zip(silu, up).map { $0 * Double($1) }) < 1e-6
    )

    let (dGate, dUp) = try (device.blank(count), device.floats(dOut))
    try device.swigluGradient(dUp, gate: gates, up: ups, dGate: dGate, dUp: dUp, count: count)
    let wanted = slopes.indices.map { Double(dOut[$0]) * Double(up[$0]) * slopes[$0] }
    #expect(relativeError(try device.read(dGate), wanted) < 1e-6)
    #expect(
      relativeError(try device.read(dUp), zip(silu, dOut).map { $0 * Double($1) })
        < 1e-6)
  }

  @Test(arguments: testDevices)
  func swigluIsFiniteAtEitherEnd(_ test: TestDevice) throws {
    let device = try test.device
    let gate: [Float] = [-1e30, -200, -88.8, -0.0, 0, 88.8, 200, 1e30, .nan]
    let ones = try device.floats([Float](repeating: 1, count: gate.count))
    let out = try device.blank(gate.count)
    let dGate = try device.blank(gate.count)
    let gates = try device.floats(gate)
    try device.swiglu(gate: gates, up: ones, to: out, count: gate.count)
    let values = try device.read(out)
    #expect(values[0] == 0 && values[1] == 0 && abs(values[2]) < 1e-36)
    let ulps = test.accuracy.ulps(BinaryOperation.divide)
    func areClose(_ found: ArraySlice<Float>, _ wanted: [Float]) -> Bool {
      zip(found, wanted).allSatisfy { isClose($0, Double($1), ulps: ulps) }
    }
    #expect(areClose(values[3...7], [0, 0, 88.8, 200, 1e30]))
    #expect(values[8].isNaN)
    try device.swigluGradient(
      ones, gate: gates, up: ones, dGate: dGate, dUp: out, count: gate.count)
    let slopes = try device.read(dGate)
    #expect(slopes[0] == 0 && slopes[1] == 0 && abs(slopes[2]) < 1e-36)
    #expect(areClose(slopes[3...7], [0.5, 0.5, 1, 1, 1]))
    #expect(slopes[8].isNaN)
  }

  @Test(arguments: testDevices, [(1, 1), (3, 5), (4, 16), (70, 33), (2, 49_152)])
  func softmaxMatchesTheFormula(_ test: TestDevice, size: (rows: Int, width: Int))
    throws
  {
    let device = try test.device
    let x = uniform(size.rows * size.width, seed: 41).map { $0 * 30 }
    var wanted: [Double] = []
    for row in 0..<size.rows {
      let values = x[row * size.width..<(row + 1) * size.width].map(Double.init)
      let most = values.max() ?? 0
      let total = values.reduce(0) { $0 + exp($1 - most) }
      wanted += values.map { exp($0 - most) / total }
    }
    let out = try device.floats(x)
    try device.softmax(out, to: out, rows: size.rows, width: size.width)
    #expect(relativeError(try device.read(out), wanted) < 1e-6)
  }

  @Test(arguments: testDevices, [2, 20])
  func softmaxTakesInfinitiesAsPyTorchDoes(_ test: TestDevice, width: Int) throws {
    let device = try test.device
    var x = [Float](repeating: 0, count: 5 * width)
    x[0] = -.infinity  // masked
    x[width] = .infinity
    x[2 * width + width - 1] = .nan
    for i in 0..<width { x[3 * width + i] = -.infinity }
    for i in 0..<width { x[4 * width + i] = 3e38 }
    let out = try device.blank(x.count)
    try device.softmax(device.floats(x), to: out, rows: 5, width: width)
    let values = try device.read(out)
    let ulps = test.accuracy.ulps(BinaryOperation.divide)
    #expect(values[0] == 0 && isClose(values[1], Double(1 / Float(width - 1)), ulps: ulps))
    #expect(values[width].isNaN)
    #expect(values[2 * width..<4 * width].allSatisfy { $0.isNaN })
    #expect(
      values[(4 * width)...].allSatisfy { isClose($0, Double(1 / Float(width)), ulps: ulps) })
  }
}
