import Foundation
import Kernels
import TestFixtures
import Testing

@Suite("Elementwise")
struct ElementwiseTests {
  static let specials: [Float] = [
    0, -0.0, 1, -1, 0.5, -2.5, 3, 0x1p-133, -0x1p-133, 88, -88, 104, -120, 1e30, .infinity,
    -.infinity,
    .nan,
  ]

  @Test("unary functions follow libm", arguments: testDevices, UnaryOperation.allCases)
  func unary(_ test: TestDevice, _ operation: UnaryOperation) throws {
    guard operation != .not else { return }
    let device = try test.device
    let x = Self.specials + uniform(70_001, seed: 1).map { $0 * 20 }
    let target = try device.blank(x.count)
    try device.apply(operation, try device.floats(x), to: target, count: x.count)
    for (value, found) in zip(x, try device.read(target)) {
      let wanted = Self.reference(operation, Double(value))
      let isClose = isClose(found, wanted, ulps: test.accuracy.ulps(operation))
      #expect(isClose, "\(operation)(\(value)) = \(found), not \(wanted)")
      if !isClose { return }
    }
  }

  static func reference(_ operation: UnaryOperation, _ x: Double) -> Double {
    switch operation {
    case .negate: -x
    case .absolute: abs(x)
    case .exp: exp(x)
    case .log: log(x)
    case .sqrt: x.squareRoot()
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .not: x == 0 ? 1 : 0
    }
  }

  @Test("negates and measures ints, turns bools", arguments: testDevices)
  func otherTypes(_ test: TestDevice) throws {
    let device = try test.device
    let x: [Int64] = [0, 5, -7, .max, .min]
    let ints = try device.ints(x)
    try device.apply(.absolute, ints, to: ints, count: x.count)
    #expect(try device.readInts(ints) == [0, 5, 7, .max, .min])
    try device.apply(.negate, ints, to: ints, count: x.count)
    #expect(try device.readInts(ints) == [0, -5, -7, -.max, .min])
    let bools = try device.bools([true, false, true])
    try device.apply(.not, bools, to: bools, count: 3)
    #expect(try device.readBytes(bools) == [0, 1, 0])
    #expect(throws: KernelError.self) { try device.apply(.exp, ints, to: ints, count: 1) }
    #expect(throws: KernelError.self) { try device.apply(.not, ints, to: ints, count: 1) }
  }

  /// Two operands' strides over a shape.
  struct Pair: CustomTestStringConvertible {
    var shape: [Int]
    var a: [Int]
    var b: [Int]
    var testDescription: String { "\(shape): \(a), \(b)" }
  }

  static let pairs = [
    Pair(shape: [], a: [], b: []),
    Pair(shape: [0, 3], a: [3, 1], b: [0, 1]),
    Pair(shape: [70_003], a: [1], b: [1]),
    Pair(shape: [1003], a: [1], b: [0]),
    Pair(shape: [1003], a: [0], b: [1]),
    Pair(shape: [19], a: [0], b: [0]),
    Pair(shape: [37, 65], a: [65, 1], b: [0, 1]),
    Pair(shape: [37, 65], a: [1, 0], b: [65, 1]),
    Pair(shape: [37, 65], a: [1, 37], b: [65, 1]),
    Pair(shape: [3, 700], a: [700, 1], b: [2100, 3]),
    Pair(shape: [3, 4, 5], a: [20, 5, 1], b: [0, 5, 1]),
    Pair(shape: [3, 4, 5], a: [0, 1, 0], b: [5, 0, 1]),
    Pair(shape: [2000, 2], a: [2, 1], b: [1, 0]),
  ]

  static func extent(_ shape: [Int], _ strides: [Int]) -> Int {
    zip(shape, strides).reduce(1) { $0 + max(0, $1.0 - 1) * $1.1 }
  }

  @Test("binary functions broadcast", arguments: testDevices, pairs)
  func broadcasting(_ test: TestDevice, _ pair: Pair) throws {
    let device = try test.device
    let a = uniform(Self.extent(pair.shape, pair.a), seed: 1)
    let b = uniform(Self.extent(pair.shape, pair.b), seed: 2)
    let all = indices(of: pair.shape)
    let operands = all.map { (a[offset($0, pair.a)], b[offset($0, pair.b)]) }
    let (left, right) = try (Strided(device.floats(a), pair.a), Strided(device.floats(b), pair.b))
    let target = try device.blank(all.count)
    try device.apply(.subtract, left, right, to: target, shape: pair.shape)
    #expect(try device.read(target) == operands.map { $0.0 - $0.1 })

    let bools = try device.bools([Bool](repeating: false, count: all.count))
    try device.apply(.less, left, right, to: bools, shape: pair.shape)
    #expect(try device.readBytes(bools) == operands.map { $0.0 < $0.1 ? 1 : 0 })

    let condition = try Strided(device.bools(a.map { $0 > 0 }), pair.a)
    try device.select(condition, left, right, to: target, shape: pair.shape)
    #expect(try device.read(target) == operands.map { $0.0 > 0 ? $0.0 : $0.1 })

    func whole(_ value: Float) -> Int64 { Int64(value * 1e12) }
    let ints = try device.blankInts(all.count)
    try device.select(
      condition, Strided(device.ints(a.map(whole)), pair.a),
      Strided(device.ints(b.map(whole)), pair.b), to: ints, shape: pair.shape)
    #expect(try device.readInts(ints) == operands.map { whole($0.0 > 0 ? $0.0 : $0.1) })
    try device.select(
      condition, Strided(device.bools(a.map { $0 > 0.5 }), pair.a),
      Strided(device.bools(b.map { $0 > 0.5 }), pair.b), to: bools, shape: pair.shape)
    #expect(
      try device.readBytes(bools) == operands.map { ($0.0 > 0 ? $0.0 : $0.1) > 0.5 ? 1 : 0 })
  }

  @Test("f32 functions of two", arguments: testDevices, BinaryOperation.allCases)
  func floats(_ test: TestDevice, _ operation: BinaryOperation) throws {
    guard operation != .and, operation != .or else { return }
    let device = try test.device
    let values = Self.specials + [2.5, -3, 0.1, 7, 1e-20]
    let a = values.flatMap { value in values.map { _ in value } }
    let b = values.flatMap { _ in values }
    let shape = [a.count]
    let target =
      operation.isComparison
      ? try device.bools(a.map { _ in false }) : try device.blank(a.count)
    try device.apply(
      operation, Strided(try device.floats(a), contiguous: shape),
      Strided(try device.floats(b), contiguous: shape), to: target, shape: shape)
    let found =
      operation.isComparison
      ? try device.readBytes(target).map(Float.init) : try device.read(target)
    for i in a.indices {
      let wanted = Self.reference(operation, a[i], b[i])
      let isClose = isClose(found[i], Double(wanted), ulps: test.accuracy.ulps(operation))
      #expect(isClose, "\(operation)(\(a[i]), \(b[i])) = \(found[i]), not \(wanted)")
    }
  }

  static func reference(_ operation: BinaryOperation, _ a: Float, _ b: Float) -> Float {
    func truth(_ value: Bool) -> Float { value ? 1 : 0 }
    switch operation {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .minimum: return a.isNaN || b.isNaN ? .nan : min(a, b)
    case .maximum: return a.isNaN || b.isNaN ? .nan : max(a, b)
    case .power: return pow(a, b)
    case .floorDivide:
      if b == 0 { return a / b }
      if a.isNaN || b.isNaN || a.isInfinite { return .nan }
      if b.isInfinite { return a == 0 ? 0 : (a < 0) == (b < 0) ? 0 : -1 }
      return Float((Double(a) / Double(b)).rounded(.down))
    case .remainder:
      if a.isNaN || b.isNaN || a.isInfinite || b == 0 { return .nan }
      let rest = fmod(a, b)
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    case .equal: return truth(a == b)
    case .notEqual: return truth(a != b)
    case .less: return truth(a < b)
    case .lessOrEqual: return truth(a <= b)
    case .greater: return truth(a > b)
    case .greaterOrEqual: return truth(a >= b)
    case .and, .or: return .nan
    }
  }

  @Test("i64 functions of two wrap and round down as Python's", arguments: testDevices)
  func integers(_ test: TestDevice) throws {
    let device = try test.device
    let a: [Int64] = [7, -7, 7, -7, 6, .min, .max, 5, .min]
    let b: [Int64] = [2, 2, -2, -2, 3, -1, 2, 0, 1]
    func run(_ operation: BinaryOperation) throws -> [Int64] {
      let target = try device.blankInts(a.count)
      try device.apply(
        operation, Strided(try device.ints(a), contiguous: [a.count]),
        Strided(try device.ints(b), contiguous: [b.count]), to: target, shape: [a.count])
      return try device.readInts(target)
    }
    #expect(try run(.floorDivide) == [3, -4, -4, 3, 2, .min, .max / 2, 0, .min])
    #expect(try run(.remainder) == [1, 1, -1, -1, 0, 0, 1, 0, 0])
    #expect(try run(.multiply) == zip(a, b).map { $0 &* $1 })
    #expect(try run(.add) == zip(a, b).map { $0 &+ $1 })
    #expect(try run(.maximum) == zip(a, b).map { max($0, $1) })
    #expect(throws: KernelError.self) { try run(.divide) }
  }

  @Test("bool functions of two", arguments: testDevices)
  func bools(_ test: TestDevice) throws {
    let device = try test.device
    let target = try device.bools([false, false, false, false])
    let a = Strided(try device.bools([false, false, true, true]), contiguous: [4])
    let b = Strided(try device.bools([false, true, false, true]), contiguous: [4])
    for (operation, wanted) in [
      (BinaryOperation.and, [0, 0, 0, 1] as [UInt8]), (.or, [0, 1, 1, 1]), (.equal, [1, 0, 0, 1]),
      (.less, [0, 1, 0, 0]),
    ] {
      try device.apply(operation, a, b, to: target, shape: [4])
      #expect(try device.readBytes(target) == wanted)
    }
    #expect(throws: KernelError.self) { try device.apply(.add, a, b, to: target, shape: [4]) }
  }

  @Test("scales and accumulates, in place too", arguments: testDevices)
  func accumulation(_ test: TestDevice) throws {
    let device = try test.device
    let (x, y) = (uniform(40_007, seed: 1), uniform(40_007, seed: 2))
    let (source, target) = try (device.floats(x), device.floats(y))
    try device.accumulate(source, scale: 0.5, into: target, count: x.count)
    #expect(
      relativeError(try device.read(target), zip(x, y).map { Double($0) * 0.5 + Double($1) }) < 1e-7
    )
    try device.scale(source, by: -3, to: source, count: x.count)
    #expect(try device.read(source) == x.map { $0 * -3 })
  }
}
