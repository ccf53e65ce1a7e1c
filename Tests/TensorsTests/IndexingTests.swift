import JSONFormat
import Kernels
import Tensors
import TestFixtures
import Testing

/// Indices and slices, by NumPy's rules.
@Suite struct IndexingTests {
  @Test func slicesAsNumpyDoes() throws {
    let line = try Tensor.range(0, 5, step: 1, on: anyDevice)
    let rows = try #require(NumpyRules.rules("slices").array)
    #expect(rows.count > 600)
    for row in rows {
      let bounds = try #require(row.array)
      let found = try line.indexed([
        .slice(start: bounds[0].int, end: bounds[1].int, step: bounds[2].int)
      ])
      #expect(try found.integers().map { Int($0) } == bounds[3].ints, "\(row.text())")
    }
  }

  @Test(arguments: [Int.min, .min + 1, .max])
  func takesExtremeBoundsAndSteps(_ extreme: Int) throws {
    let matrix = try Tensor.range(0, 6, step: 1, on: anyDevice).reshaped([3, 2])
    let slice = AxisIndex.slice(start: nil, end: nil, step: extreme)
    #expect(try matrix.indexed([slice]).integers() == (extreme > 0 ? [0, 1] : [4, 5]))
    let bounds = AxisIndex.slice(start: extreme, end: nil, step: nil)
    #expect(try matrix.indexed([bounds]).shape == (extreme > 0 ? [0, 2] : [3, 2]))
    #expect(message { try matrix.indexed([.at(extreme)]) } != nil)
  }

  @Test(arguments: testDevices)
  func mixesIndices(_ test: TestDevice) throws {
    let x = try Tensor.range(0, 24, step: 1, on: test.device).reshaped([2, 3, 4])
    func part(_ indices: AxisIndex...) throws -> ([Int], [Int64]) {
      let part = try x.indexed(indices)
      return (part.shape, try part.integers())
    }
    let whole = AxisIndex.slice(start: nil, end: nil, step: nil)
    #expect(try part(.at(1), .at(-1), .at(0)) == ([], [20]))
    #expect(try part(.at(-1), .slice(start: 1, end: nil, step: nil), .at(2)) == ([2], [18, 22]))
    #expect(try part(.ellipsis, .at(1)) == ([2, 3], [1, 5, 9, 13, 17, 21]))
    #expect(
      try part(whole, .at(0), .newAxis, .slice(start: nil, end: nil, step: -3))
        == ([2, 1, 2], [3, 0, 15, 12]))
    #expect(try part(.newAxis, .at(0), .ellipsis, .at(0)) == ([1, 3], [0, 4, 8]))
    #expect(try part(.slice(start: 5, end: nil, step: nil)) == ([0, 3, 4], []))
  }

  @Test func twoEllipsesAreRefused() throws {
    let x = try Tensor.full([2, 3, 4], 0, on: anyDevice)
    let list = AxisIndex.take(IndexList([0], shape: [1]))
    for indices in [[.ellipsis, .ellipsis, list], [list, .ellipsis, .ellipsis]] {
      #expect(message { try x.indexed(indices) }?.contains("at most one may be ...") == true)
    }
  }

  @Test(arguments: testDevices)
  func writesToParts(_ test: TestDevice) throws {
    let x = try Tensor.full([2, 3], 0, on: test.device)
    try x.setItem([.at(0)], to: tensor([1, 2, 3], [3], on: test.device))
    try x.setItem(
      [.slice(start: nil, end: nil, step: nil), .slice(start: nil, end: nil, step: -2)],
      to: tensor([8, 9], [2], on: test.device))
    #expect(try x.floats() == [9, 2, 8, 9, 0, 8])
    // An assignment from the tensor itself reads what was there before.
    try x.setItem([.at(0)], to: x.indexed([.at(0), .slice(start: nil, end: nil, step: -1)]))
    #expect(try x.floats() == [8, 2, 9, 9, 0, 8])
    try x.assign(Tensor([7] as [Int64], shape: [], on: test.device))
    #expect(try x.floats() == [7, 7, 7, 7, 7, 7])
  }

  @Test(arguments: testDevices)
  func picksByLists(_ test: TestDevice) throws {
    let x = try Tensor.range(0, 24, step: 1, on: test.device).reshaped([2, 3, 4])
    let whole = AxisIndex.slice(start: nil, end: nil, step: nil)
    let (rows, columns) = (IndexList([2, 0], shape: [2]), IndexList([-1, 1], shape: [2]))
    let part = try x.indexed([whole, .take(rows), .take(columns)])
    #expect(part.shape == [2, 2])
    #expect(try part.integers() == [11, 1, 23, 13])
    try x.setItem([.at(0), .take(rows)], to: Tensor([7] as [Int64], shape: [], on: test.device))
    #expect(try x.indexed([.at(0)]).integers() == [7, 7, 7, 7, 4, 5, 6, 7, 7, 7, 7, 7])
    let mask = try x.binary(.equal, Tensor([7] as [Int64], shape: [], on: test.device))
    #expect(try x.indexed(AxisIndex.nonzero(mask)).integers() == Array(repeating: 7, count: 9))
    try mask.setItem(
      [.take(IndexList([1], shape: [1]))], to: mask.indexed([.take(IndexList([0], shape: [1]))]))
    #expect(try mask.indexed([.at(1)]).truths() == mask.indexed([.at(0)]).truths())
  }

  @Test(arguments: testDevices)
  func movesAxes(_ test: TestDevice) throws {
    let x = try Tensor.range(0, 6, step: 1, on: test.device).reshaped([2, -1])
    #expect(try x.transposed().integers() == [0, 3, 1, 4, 2, 5])
    #expect(try x.transposed([-1, 0]).shape == [3, 2])
    let cube = try Tensor.range(0, 24, step: 1, on: test.device).reshaped([2, 3, 4])
    #expect(try cube.transposed([1, 2, 0]).integers().prefix(4) == [0, 12, 1, 13])
    #expect(
      try Tensor.concatenated([x, x], axis: -1).integers() == [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5])
    #expect(
      try x.rows(Tensor([1, 1] as [Int64], shape: [1, 2], on: test.device)).shape == [1, 2, 3])
    #expect(try Tensor.range(5, 0, step: -2, on: test.device).integers() == [5, 3, 1])
    #expect(try Tensor.range(0, 5, step: -1, on: test.device).count == 0)
  }
}
