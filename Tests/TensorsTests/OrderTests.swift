import Files
import JSONFormat
import Kernels
import Tensors
import TestFixtures
import TestTools
import Testing

/// Orders, running sums and log-softmax against NumPy and PyTorch (Fixtures/orders.py).
@Suite struct OrderTests {
  private struct Case {
    let input: Tensor
    let name: String
    let option: JSON
    let output: JSON

    init(_ json: JSON, on device: any Device) throws {
      let parts = try #require(json.array)
      let values = try #require(parts[0].array)
      let shape = try #require(parts[1].array).compactMap(\.int)
      let integers = values.compactMap(\.int).map { Int64($0) }
      let isInteger = integers.count == values.count && !values.isEmpty
      input =
        try isInteger
        ? Tensor(integers, shape: shape, on: device)
        : Tensor(values.map { Float($0.double ?? .nan) }, shape: shape, on: device)
      name = try #require(parts[2].string)
      option = parts[3]
      output = parts[4]
    }

    func made() throws -> [Tensor] {
      switch name {
      case "sort": return [try input.sorted(axis: option.int ?? -1)]
      case "argsort": return [try input.sortedPlaces(axis: option.int ?? -1)]
      case "cumsum": return [try input.runningSum(axis: option.int)]
      case "topk":
        let (values, places) = try input.largest(option.int ?? 0)
        return [values, places]
      case "log_softmax": return [try input.logSoftmax()]
      default:
        let targets = (option.array ?? []).compactMap(\.int).map { Int64($0) }
        return [
          try input.crossEntropy(Tensor(targets, shape: [targets.count], on: input.device))
        ]
      }
    }
  }

  private func agree(_ made: Tensor, _ wanted: JSON, isExact: Bool) throws -> Bool {
    let wanted = try #require(wanted.array)
    if made.type == .i64 {
      return try made.integers() == wanted.compactMap(\.int).map { Int64($0) }
    }
    let values = try made.floats()
    return values.count == wanted.count
      && zip(values, wanted).allSatisfy { value, wanted in
        guard let wanted = wanted.double else { return value.isNaN }
        return abs(Double(value) - wanted) <= (isExact ? 0 : 1e-5 * max(1, abs(wanted)))
      }
  }

  @Test(arguments: [-1, 4, -99]) func aClassThatIsNoneIsRefused(_ target: Int64) throws {
    let logits = try Tensor.full([2, 4], 0, on: anyDevice)
    let targets = try Tensor([0, target], shape: [2], on: anyDevice)
    #expect(throws: TensorError.self) { try logits.crossEntropy(targets) }
  }

  @Test func rowsOfTheIgnoredClassDoNotCount() throws {
    let logits = try Tensor([Float](repeating: 0, count: 8), shape: [2, 4], on: anyDevice)
    let some = try Tensor([Int64(Tensor.ignoredClass), 1], shape: [2], on: anyDevice)
    #expect(abs(try logits.crossEntropy(some).item() - 1.386_294_4) < 1e-5)
    let none = try Tensor([Int64](repeating: -100, count: 2), shape: [2], on: anyDevice)
    #expect(try logits.crossEntropy(none).item().isNaN)
  }

  @Test(arguments: testDeviceKinds)
  func areNumPysAndPyTorchs(_ test: TestDevice) throws {
    let path = fixturePath("tensors/orders.json")
    let cases = try #require(MappedFile(path: path).withBytes { try JSON(reading: $0) }.array)
    #expect(cases.count > 40)
    for json in cases {
      let example = try Case(json, on: test.device)
      let made = try example.made()
      let wanted = example.name == "topk" ? example.output.array ?? [] : [example.output]
      #expect(made.count == wanted.count)
      let isExact = !["cumsum", "log_softmax", "cross_entropy"].contains(example.name)
      for (made, wanted) in zip(made, wanted) {
        let agrees = try agree(made, wanted, isExact: isExact)
        #expect(agrees, "\(example.name) \(example.option) of \(example.input.shape)")
      }
    }
  }
}
