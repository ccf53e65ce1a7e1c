import JSONFormat
import Models
import Tensors
import TestFixtures
import Testing

/// Generation with a cache of keys and values.
@Suite struct GenerationTests {
  private func generate(
    _ model: Model, _ prompt: [Int], count: Int, _ sampling: Sampling = Sampling(),
    ends: Set<Int> = [], seed: Int = 0
  ) throws -> [Int] {
    var generator = RandomGenerator(seed: seed)
    return try model.generate(
      prompt, count: count, sampling: sampling, ends: ends, using: &generator)
  }

  private func ints(_ json: JSON?) throws -> [Int] {
    try #require(json?.array).compactMap(\.int)
  }

  @Test(
    arguments: ["llama-tied", "mistral-window", "nemotron", "qwen2", "gpt2"], testDevices)
  func isTransformersGreedyChoice(name: String, on test: TestDevice) throws {
    let golden = try Golden(name)
    let prompt = try ints(golden.json["generation"]?["prompt"])
    var wanted = try ints(golden.json["generation"]?["continuation"])
    // The list includes the end id where it came; ours ends before it.
    if wanted.last == 2 { wanted.removeLast() }
    let found = try generate(golden.model(on: test.device), prompt, count: 12, ends: [2])
    #expect(found == wanted)
  }

  @Test(arguments: Golden.names)
  func theCacheChangesNothing(_ name: String) throws {
    let model = try Golden(name).model()
    var ids = [5, 17, 3, 80]
    let found = try generate(model, ids, count: 20)
    for id in found {
      let all = try Tensor(ids.map { Int64($0) }, shape: [1, ids.count], on: model.device)
      let last = try model.logits(all).indexed([.at(0), .at(-1)])
      #expect(try Int(last.argmax().item()) == id, "after \(ids.count) ids")
      ids.append(id)
    }
  }

  @Test func stopsAtItsCountAndItsEnds() throws {
    let model = try Golden("llama-tied").model()
    let long = try generate(model, [57, 59, 73, 67], count: 12)
    #expect(long.count == 12)
    #expect(try generate(model, [57, 59, 73, 67], count: 5) == Array(long.prefix(5)))
    #expect(try generate(model, [57], count: 0) == [])
    let end = long[5]
    let first = try #require(long.firstIndex(of: end))
    #expect(
      try generate(model, [57, 59, 73, 67], count: 12, ends: [end]) == Array(long.prefix(first)))
  }

  @Test func samplesBySeed() throws {
    let model = try Golden("llama-tied").model()
    let warm = Sampling(temperature: 1.5)
    let first = try generate(model, [5, 6], count: 30, warm, seed: 1)
    #expect(first == (try generate(model, [5, 6], count: 30, warm, seed: 1)))
    #expect(first != (try generate(model, [5, 6], count: 30, warm, seed: 2)))
    #expect(Set(first).count > 5)
    // A temperature near 0, or a nucleus of one id, is the greedy choice.
    let greedy = try generate(model, [5, 6], count: 30)
    #expect(try generate(model, [5, 6], count: 30, Sampling(temperature: 1e-4), seed: 3) == greedy)
    let narrow = Sampling(temperature: 1, topP: 1e-6)
    #expect(try generate(model, [5, 6], count: 30, narrow, seed: 3) == greedy)
  }

  /// First ids drawn many times come as often as their probabilities say, and none from outside the
  /// nucleus.
  @Test(arguments: [1.0, 0.4])
  func drawsFromTheNucleus(_ topP: Double) throws {
    let model = try Golden("mistral").model()
    let ids = try Tensor([9, 31] as [Int64], shape: [1, 2], on: model.device)
    let last = try model.logits(ids).indexed([.at(0), .at(-1)])
    let shares = try last.softmax().floats().enumerated().sorted { $0.element > $1.element }
    var nucleus: [Int: Double] = [:]
    for (id, share) in shares where nucleus.values.reduce(0, +) < topP {
      nucleus[id] = Double(share)
    }
    let total = nucleus.values.reduce(0, +)
    var counts: [Int: Int] = [:]
    let draws = 1500
    for seed in 0..<draws {
      let sampling = Sampling(temperature: 1, topP: topP)
      let id = try #require(generate(model, [9, 31], count: 1, sampling, seed: seed).first)
      counts[id, default: 0] += 1
    }
    #expect(Set(counts.keys).isSubset(of: nucleus.keys))
    for (id, share) in nucleus {
      let wanted = share / total * Double(draws)
      #expect(abs(Double(counts[id] ?? 0) - wanted) < 5 * wanted.squareRoot() + 5, "id \(id)")
    }
  }

  @Test func refusesPromptsWithoutMeaning() throws {
    let model = try Golden("llama-tied").model()
    #expect(
      message { try generate(model, [], count: 3) }
        == "generation needs a prompt of at least one token")
    #expect(
      message { try generate(model, [96], count: 3) }
        == "id 96 is outside the vocabulary of 96 ids of llama-tied")
    #expect(message { try generate(model, [1], count: .max) } != nil)
  }
}
