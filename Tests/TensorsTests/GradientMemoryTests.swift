import Kernels
import Tensors
import TestFixtures
import Testing

/// Where gradients go: prepared memory, several passes, tensors used more than once.
@Suite struct GradientMemoryTests {
  @Test(arguments: testDevices)
  func addsToPreparedMemory(_ test: TestDevice) throws {
    let device = try test.device
    let weight = try tensor([1, 2, 3, 4], [2, 2], on: device)
    let x = try tensor([5, 6], [1, 2], on: device)
    weight.isTracked = true
    let memory = try tensor([100, 200, 300, 400], [2, 2], on: device)
    func pass(accumulates: Bool) throws {
      let gradients = Gradients()
      gradients.prepare(memory, for: weight, accumulates: accumulates)
      try gradients.run(from: try x.linear(weight).sum())
      #expect(gradients[weight] === memory)
    }
    try pass(accumulates: true)
    #expect(try memory.floats() == [105, 206, 305, 406])
    try pass(accumulates: false)
    #expect(try memory.floats() == [5, 6, 5, 6])
    try pass(accumulates: true)
    #expect(try memory.floats() == [10, 12, 10, 12])
  }

  /// A tied weight: rows of it go in, and it makes the logits that come out.
  @Test(arguments: testDevices)
  func sumsTheUsesOfATiedWeight(_ test: TestDevice) throws {
    let device = try test.device
    let table = try tensor([1, 2, 3, 4, 5, 6], [3, 2], on: device)
    table.isTracked = true
    let memory = try tensor([0, 0, 0, 0, 0, 0], [3, 2], on: device)
    let gradients = Gradients()
    gradients.prepare(memory, for: table, accumulates: true)
    let ids = try Tensor([2, 0] as [Int64], shape: [2], on: device)
    try gradients.run(from: try table.rows(ids).linear(table).sum())
    // d/dT of Σ T[i]·T[j] over i in (2, 0) and all j: each row gets T[2] + T[0], rows 2 and 0 get
    // the sum of all rows beside it.
    #expect(try memory.floats() == [15, 20, 6, 8, 15, 20])
  }

  /// The gradient of a sum is one tensor for both operands; adding to one leaves the other alone.
  @Test func doesNotWriteIntoASharedGradient() throws {
    let a = try tensor([1, 2], [2])
    let b = try tensor([3, 4], [2])
    for leaf in [a, b] { leaf.isTracked = true }
    let scalar = try a.plus(b).sum().plus(a.times(a).sum())
    let found = try gradients(of: scalar, for: [a, b])
    #expect(try found[0].floats() == [3, 5])
    #expect(try found[1].floats() == [1, 1])
  }

  @Test func whatTheScalarDoesNotDependOnHasZeros() throws {
    let a = try tensor([1, 2], [2])
    let b = try tensor([3, 4], [2])
    for leaf in [a, b] { leaf.isTracked = true }
    #expect(try gradients(of: a.sum(), for: [b])[0].floats() == [0, 0])
    #expect(try gradients(of: a.detached().sum(), for: [a])[0].floats() == [0, 0])
  }

  @Test func startsFromAScalarAlone() throws {
    let a = try tensor([1, 2], [2])
    a.isTracked = true
    #expect(
      message { try gradients(of: a, for: [a]) }
        == "cannot differentiate shape [2]: gradients start from one f32 number")
    #expect(
      message { try gradients(of: a.binary(.floorDivide, a).sum(), for: [a]) }
        == "there is no gradient of floorDivide")
  }
}
