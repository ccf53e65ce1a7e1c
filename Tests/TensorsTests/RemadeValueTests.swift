import Kernels
import Tensors
import TestFixtures
import Testing

/// An operation whose result is let go and made again: its operands' shapes, and what it is.
struct RemadeCase: Sendable, CustomStringConvertible {
  let description: String
  let shapes: [[Int]]
  let operation: @Sendable ([Tensor]) throws -> Tensor

  init(
    _ description: String, _ shapes: [Int]...,
    operation: @escaping @Sendable ([Tensor]) throws -> Tensor
  ) {
    self.description = description
    self.shapes = shapes
    self.operation = operation
  }

  func operands(on device: any Device) throws -> [Tensor] {
    try shapes.enumerated().map { index, shape in
      let operand = try tensor(normals(shape.reduce(1, *), seed: index), shape, on: device)
      operand.isTracked = true
      return operand
    }
  }

  static let all = [
    RemadeCase("rmsNorm", [3, 5, 40], [40]) { try $0[0].rmsNorm(weight: $0[1], epsilon: 1e-5) },
    RemadeCase("layerNorm", [3, 5, 40], [40], [40]) {
      try $0[0].layerNorm(weight: $0[1], bias: $0[2], epsilon: 1e-5)
    },
    RemadeCase("swiglu", [3, 5, 40], [3, 5, 40]) { try $0[0].swiglu(up: $0[1]) },
    RemadeCase("squaredReLU", [3, 5, 40]) { try $0[0].activated(by: .squaredReLU) },
    RemadeCase("tanhGELU", [3, 5, 40]) { try $0[0].activated(by: .tanhGELU) },
    RemadeCase("a gated MLP", [3, 5, 24], [40, 24], [40, 24]) {
      try $0[0].gatedLinear(gate: $0[1], up: $0[2]).neurons
    },
  ]
}

/// Values that the way back makes again are those that were let go, bit for bit, and made once.
@Suite struct RemadeValueTests {
  @Test(arguments: RemadeCase.all, testDevices)
  func isTheValueThatWasLetGo(_ example: RemadeCase, on test: TestDevice) throws {
    for precision in test.precisions {
      let operands = try example.operands(on: test.device(at: precision))
      weak var first: Buffer?
      func lettingGo() throws -> (saved: SavedTensor, floats: [Float]) {
        let result = try example.operation(operands)
        first = result.region.buffer
        return (result.saved, try result.floats())
      }
      let (saved, floats) = try lettingGo()
      #expect(first == nil, "nothing holds the value")
      let again = try saved.value()
      #expect(try again.floats() == floats)
      #expect(try saved.value() === again, "made once")
      #expect(again.origin == nil)
    }
  }

  /// The same gradients whether a value was let go or somebody held it.
  @Test(arguments: RemadeCase.all, testDevices)
  func givesTheSameGradients(_ example: RemadeCase, on test: TestDevice) throws {
    for precision in test.precisions {
      let device = try test.device(at: precision)
      let operands = try example.operands(on: device)
      let weight = try tensor(normals(7 * 40, seed: 9), [7, 40], on: device)
      weight.isTracked = true
      func found(holding: Bool) throws -> [[Float]] {
        var result: Tensor? = try example.operation(operands)
        let loss = try result?.linear(weight).sum()
        if !holding { result = nil }
        let loss1 = try #require(loss)
        defer { withExtendedLifetime(result) {} }
        return try gradients(of: loss1, for: operands + [weight]).map { try $0.floats() }
      }
      let (held, remade) = (try found(holding: true), try found(holding: false))
      #expect(held == remade)
      #expect(held.allSatisfy { $0.contains { $0 != 0 } })
    }
  }

  /// What is held elsewhere is not made again: the way back reads it where it is.
  @Test func whatIsHeldIsNotMadeAgain() throws {
    for example in RemadeCase.all {
      let result = try example.operation(example.operands(on: anyDevice))
      let saved = result.saved
      #expect(try saved.value().region.buffer === result.region.buffer, "\(example)")
    }
  }

  /// Three that ask for one value have it made once, and it is let go after its own gradient
  /// flowed.
  @Test(arguments: testDevices)
  func isMadeOnceForAllWhoAsk(_ test: TestDevice) throws {
    let device = try test.fresh()
    let x = try tensor(normals(4 * 24, seed: 0), [4, 24], on: device)
    let weights = try (1...4).map { try tensor(normals(24 * 24, seed: $0), [24, 24], on: device) }
    for leaf in [x] + weights { leaf.isTracked = true }
    var saved: SavedTensor?
    var made = 0
    func loss() throws -> Tensor {
      let value = try x.times(weights[0].sum())
      let input = x.detached()
      let factor = try weights[0].detached().sum()
      value.recordOrigin(
        [x],
        remake: {
          made += 1
          return try input.times(factor)
        }
      ) { _, _ in }
      saved = value.saved
      return try value.linear(weights[1]).plus(value.linear(weights[2]))
        .plus(value.linear(weights[3])).sum()
    }
    let scalar = try loss()
    let gradients = Gradients()
    try gradients.run(from: scalar)
    #expect(made == 1)
    weak let remade = try saved?.value().region.buffer
    #expect(made == 2, "the first was let go")
    saved = nil
    #expect(remade == nil)
  }

  /// A second scalar of the same values comes after the first has used up its record.
  @Test func valuesOutliveTheRecordOfAnotherScalar() throws {
    let x = try tensor(normals(4 * 24, seed: 0), [4, 24])
    let weight = try tensor(normals(24, seed: 1), [24])
    let head = try tensor(normals(24 * 24, seed: 2), [24, 24])
    for leaf in [x, weight, head] { leaf.isTracked = true }
    func scalars() throws -> (Tensor, Tensor) {
      let normed = try x.rmsNorm(weight: weight, epsilon: 1e-5)
      return (try normed.linear(head).sum(), try normed.linear(head).sum())
    }
    let (first, second) = try scalars()
    let expected = try gradients(of: first, for: [head])[0].floats()
    #expect(try gradients(of: second, for: [head])[0].floats() == expected)
  }

  /// An operand whose elements no gradient asks for is not held by what was made of it.
  @Test(arguments: testDeviceKinds)
  func sumsAndRotationsHoldNoOperand(_ test: TestDevice) throws {
    let device = try test.device
    let x = try tensor(normals(48, seed: 0), [1, 2, 2, 12], on: device)
    let table = try tensor(normals(12, seed: 1), [2, 6], on: device)
    x.isTracked = true
    weak var operand: Buffer?
    func made(_ operation: (Tensor) throws -> Tensor) throws -> Tensor {
      let input = try x.times(x)
      operand = input.region.buffer
      return try operation(input)
    }
    for operation: (Tensor) throws -> Tensor in [
      { try $0.plus($0) }, { try $0.minus(x) }, { try $0.scaled(by: 2) },
      { try $0.transposed() }, { try $0.reshaped([2, 24]).scaled(by: 2) },
      { try $0.rotary(cosines: table, sines: table, firstPosition: 0) },
    ] {
      let result = try made(operation)
      #expect(operand == nil)
      #expect(try gradients(of: result.sum(), for: [x])[0].floats().contains { $0 != 0 })
    }
  }
}
