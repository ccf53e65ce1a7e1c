import JSONFormat
import Kernels
import Tensors
import TestFixtures
import Testing

/// Elementwise operations against NumPy, special values and all.
@Suite struct ElementwiseTests {
  static let operations: [BinaryOperation] = [
    .add, .subtract, .multiply, .divide, .power, .floorDivide, .remainder, .minimum, .maximum,
    .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
  ]

  @Test(arguments: operations, testDevices)
  func floatsAreNumpys(operation: BinaryOperation, on test: TestDevice) throws {
    let rules = try NumpyRules.rules("floats")
    func side(_ name: String) throws -> Tensor {
      let values = try #require(rules[name]).floats
      return try tensor(values, [values.count], on: test.device)
    }
    let wanted = try #require(rules["results"]?["\(operation)"])
    let found = try side("left").binary(operation, side("right"))
    if operation.isComparison {
      #expect(found.type == .bool)
      #expect(try found.truths() == wanted.array?.compactMap(\.bool))
    } else {
      #expect(areEqual(try found.floats(), wanted.floats, within: 1e-6))
    }
  }

  @Test(
    arguments: [
      BinaryOperation.add, .subtract, .multiply, .minimum, .maximum, .floorDivide, .remainder,
    ], testDevices)
  func integersAreNumpys(operation: BinaryOperation, on test: TestDevice) throws {
    let rules = try NumpyRules.rules("integers")
    func side(_ name: String) throws -> Tensor {
      let values = try #require(rules[name]).ints
      return try Tensor(values.map { Int64($0) }, shape: [values.count], on: test.device)
    }
    let found = try side("left").binary(operation, side("right"))
    #expect(found.type == .i64)
    #expect(try found.integers().map { Int($0) } == rules["results"]?["\(operation)"]?.ints)
  }

  @Test func broadcastsAsNumpyDoes() throws {
    let rows = try #require(NumpyRules.rules("broadcast").array)
    for row in rows {
      let pair = try #require(row.array)
      let found = try? Shape.broadcast(pair[0].ints, pair[1].ints, verb: "add")
      #expect(found == (pair[2].isNull ? nil : pair[2].ints), "\(row.text())")
    }
  }

  @Test(arguments: testDevices)
  func broadcastsValues(_ test: TestDevice) throws {
    let column = try tensor([1, 2], [2, 1], on: test.device)
    let row = try tensor([10, 20, 30], [3], on: test.device)
    let sum = try column.plus(row)
    #expect(sum.shape == [2, 3])
    #expect(try sum.floats() == [11, 21, 31, 12, 22, 32])
    #expect(try row.minus(column).floats() == [9, 19, 29, 8, 18, 28])
    #expect(try row.plus(Tensor.full([0, 3], 0, on: test.device)).shape == [0, 3])
  }

  @Test func promotesTypes() throws {
    let bool = try Tensor([true, false], shape: [2], on: anyDevice)
    let integer = try Tensor([3, -4] as [Int64], shape: [2], on: anyDevice)
    let float = try tensor([0.5, 2], [2])
    #expect(try bool.plus(bool).type == .i64)
    #expect(try bool.plus(bool).integers() == [2, 0])
    #expect(try bool.plus(integer).integers() == [4, -4])
    #expect(try integer.times(float).floats() == [1.5, -8])
    #expect(try integer.plus(integer).type == .i64)
    #expect(try integer.divided(by: integer).type == .f32)
    #expect(try integer.mean().type == .f32)
    #expect(try bool.sum().integers() == [1])
    #expect(try integer.negated().integers() == [-3, 4])
    #expect(try integer.exponential().type == .f32)
    #expect(try tensor([-1.9, 1.9], [2]).converted(to: .i64).integers() == [-1, 1])
    #expect(try bool.binary(.less, integer).truths() == [true, false])
    #expect(try Tensor.select(bool, integer, float).floats() == [3, 2])
    #expect(try bool.inverted().truths() == [false, true])
    #expect(try bool.binary(.or, bool.inverted()).truths() == [true, true])
  }

  @Test(arguments: testDevices)
  func multipliesMatrices(_ test: TestDevice) throws {
    let a = try tensor([1, 2, 3, 4, 5, 6], [2, 3], on: test.device)
    let b = try tensor([1, 0, 2, 1, 0, 3], [3, 2], on: test.device)
    #expect(try a.matmul(b).floats() == [5, 11, 14, 23])
    #expect(try a.matmul(tensor([1, 1, 1], [3], on: test.device)).shape == [2])
    let dot = try tensor([1, 2], [2], on: test.device).matmul(tensor([3, 4], [2], on: test.device))
    #expect(dot.shape == [])
    #expect(try dot.item() == 11)
    let whole = try Tensor([1 << 40, 1] as [Int64], shape: [1, 2], on: test.device)
    let other = try Tensor([3, 1] as [Int64], shape: [2], on: test.device)
    #expect(try whole.matmul(other).integers() == [(3 << 40) + 1])
    let empty = try Tensor.full([2, 0], 0, on: test.device)
    #expect(
      try empty.matmul(Tensor.full([0, 3], 0, on: test.device)).floats() == [0, 0, 0, 0, 0, 0])
  }
}
