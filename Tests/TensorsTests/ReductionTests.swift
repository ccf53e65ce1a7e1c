import JSONFormat
import Kernels
import Tensors
import TestFixtures
import Testing

/// Reductions against NumPy; NaN wins maxima and minima, as there.
@Suite struct ReductionTests {
  static let reductions: [(name: String, apply: @Sendable (Tensor, Int?) throws -> Tensor)] = [
    ("sum", { try $0.sum(axis: $1) }), ("mean", { try $0.mean(axis: $1) }),
    ("max", { try $0.max(axis: $1) }), ("min", { try $0.min(axis: $1) }),
    ("var", { try $0.variance(axis: $1) }), ("argmax", { try $0.argmax(axis: $1) }),
    ("argmin", { try $0.argmin(axis: $1) }), ("any", { try $0.any(axis: $1) }),
    ("all", { try $0.all(axis: $1) }), ("norm", { try $0.norm(axis: $1) }),
  ]

  @Test(arguments: testDevices)
  func areNumpys(_ test: TestDevice) throws {
    let rules = try NumpyRules.rules("reductions")
    let results = try #require(rules["results"]?.object)
    #expect(results.members.count == 78)
    for (key, value) in results.members {
      let parts = key.split(separator: ".").map(String.init)
      let source = try tensor(try #require(rules[parts[0]]).floats, [3, 4], on: test.device)
      let reduction = try #require(Self.reductions.first { $0.name == parts[1] })
      let found = try reduction.apply(source, Int(parts[2]))
      if let truths = value.array?.compactMap(\.bool), !truths.isEmpty {
        #expect(try found.truths() == truths, "\(key)")
      } else {
        #expect(areEqual(try found.floats(), value.floats, within: 1e-6), "\(key)")
      }
    }
  }

  @Test func ofNothing() throws {
    let empty = try Tensor.full([0, 3], 0, on: anyDevice)
    #expect(try empty.sum().item() == 0)
    #expect(try empty.sum(axis: 0).floats() == [0, 0, 0])
    #expect(try empty.mean().item().isNaN)
    #expect(try empty.sum(axis: 1, keepsAxis: true).shape == [0, 1])
    #expect(try empty.any().truths() == [false] && empty.all().truths() == [true])
  }

  /// A sum of many numbers keeps close to the exact one, whatever the order.
  @Test(arguments: testDevices)
  func sumsManyNumbers(_ test: TestDevice) throws {
    let values = normals(100_000, seed: 5)
    let exact = values.reduce(0) { $0 + Double($1) }
    let found = try tensor(values, [100_000], on: test.device).sum().item()
    #expect(abs(found - exact) < 1e-2)
    let rows = try tensor(values, [1000, 100], on: test.device).sum(axis: 0).sum().item()
    #expect(abs(rows - exact) < 1e-2)
  }

  @Test(arguments: testDevices)
  func softmax(_ test: TestDevice) throws {
    let found = try tensor([0, 0, 1000, 1000, -1000, 0], [3, 2], on: test.device).softmax()
    #expect(areEqual(try found.floats(), [0.5, 0.5, 0.5, 0.5, 0, 1]))
    let nan = try tensor([.nan, 1], [2], on: test.device).softmax().floats()
    #expect(nan[0].isNaN && nan[1].isNaN)
  }
}
