import Kernels
import Models
import TestFixtures
import TestTools
import Testing

@Suite struct RandomModelTests {
  private let configuration = Result {
    try Model.configuration(at: fixturePath("models/gpt2/config.json"))
  }

  private func floats(_ model: Model) throws -> [String: [Float]] {
    try Dictionary(
      uniqueKeysWithValues: model.weights.names.map {
        ($0, try #require(model.weights[$0]).floats())
      })
  }

  @Test(arguments: testDevices)
  func aSeedGivesTheSameWeightsOnEveryDevice(_ test: TestDevice) throws {
    let configuration = try configuration.get()
    let wanted = try floats(
      Model.random(configuration, name: "random", seed: 3, on: CPUDevice(threads: 1)))
    let model = try Model.random(configuration, name: "random", seed: 3, on: test.device)
    #expect(try floats(model) == wanted)
    #expect(model.parameters == configuration.parameters)
  }

  @Test func matricesAreNormalGainsAreOneAndBiasesZero() throws {
    let configuration = try configuration.get()
    let device = CPUDevice(threads: 2)
    let weights = try floats(Model.random(configuration, name: "random", seed: 0, on: device))
    let other = try floats(Model.random(configuration, name: "random", seed: 1, on: device))
    let embedding = try #require(weights.first { $0.key.hasSuffix("wte.weight") })
    let count = Double(embedding.value.count)
    let mean = embedding.value.reduce(0.0) { $0 + Double($1) } / count
    let square = embedding.value.reduce(0.0) { $0 + Double($1 * $1) } / count
    #expect(abs(mean) < 0.02 * 5 / count.squareRoot())
    #expect(abs(square.squareRoot() / 0.02 - 1) < 5 / (2 * count).squareRoot())
    #expect(other[embedding.key] != embedding.value)
    #expect(Set(weights.values.filter { $0.count > 64 }).count > 4)
    for (name, values) in weights where name.contains("ln_") {
      #expect(values.allSatisfy { $0 == (name.hasSuffix("bias") ? 0 : 1) }, "\(name)")
    }
  }
}
