import Compression
import Corpus
import Evaluation
import Foundation
import JSONFormat
import Models
import Tensors
import TestFixtures
import Testing

/// The language-modelling loss against PyTorch.
@Suite struct LossTests {
  @Test(arguments: Golden.names, testDevices)
  func meanAndStandardError(name: String, on test: TestDevice) throws {
    let golden = try Golden(name)
    let found = try loss(golden.model(on: test.device), golden.windows("windows"))
    let mean = try #require(golden.json["loss"]?["mean"]?.double)
    #expect(abs(found.mean - mean) < 1e-5)
    #expect(abs(found.stderr - (try #require(golden.json["loss"]?["stderr"]?.double))) < 1e-5)
    #expect(found.tokens == 5 * 15)
    #expect(abs(found.perplexity - exp(mean)) < 1e-4 * exp(mean))
  }

  @Test func eachWindow() throws {
    let golden = try Golden("llama-mha")
    let windows = try golden.windows("windows")
    let wanted = try #require(golden.json["loss"]?["windows"]?.array).compactMap(\.double)
    let model = try golden.model()
    for (index, wanted) in wanted.enumerated() {
      let found = try loss(model, windows.selecting([index]))
      #expect(abs(found.mean - wanted) < 1e-5)
      #expect(found.stderr.isNaN)
    }
  }

  /// 150 windows go through the model in two batches.
  @Test func batchesDoNotShow() throws {
    let golden = try Golden("mistral")
    let windows = try golden.windows("windows")
    let many = windows.selecting((0..<30).flatMap { _ in 0..<5 })
    var steps: [Int] = []
    let found = try loss(golden.model(), many) { done, all in
      steps.append(done)
      #expect(all == 150)
    }
    #expect(abs(found.mean - (try loss(golden.model(), windows).mean)) < 1e-6)
    #expect(steps == [128, 150])
  }

  @Test func refusals() throws {
    let golden = try Golden("mistral")
    let model = try golden.model()
    #expect(
      message { try loss(model, TokenWindows([1, 2], length: 1)) }
        == "a loss needs windows of at least 2 tokens, not 1")
    #expect(
      message { try loss(model, TokenWindows([1, 2, 96], length: 3)) }
        == "id 96 is outside the vocabulary of 96 ids of mistral")
    try #require(model.weights["model.norm.weight"]).setItem(
      [.at(2)], to: Tensor.full([], .infinity, on: model.device))
    let text = try #require(message { try loss(model, golden.windows("windows")) })
    #expect(text.hasPrefix("the loss is "))
    #expect(
      text.hasSuffix(": the weight 'model.norm.weight' of mistral holds a NaN or an infinity"))
  }
}
