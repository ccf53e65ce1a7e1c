import Compression
import Corpus
import Evaluation
import Foundation
import Kernels
import Models
import TestFixtures
import Testing

/// What blocks of layers contribute, against PyTorch.
@Suite struct LayerImportanceTests {
  @Test(arguments: Golden.names, testDeviceKinds)
  func everyBlock(_ name: String, on test: TestDevice) throws {
    let golden = try Golden(name)
    let (model, windows) = (try golden.model(on: test.device), try golden.windows("windows"))
    for (metric, tensor) in [(DepthMetric.loss, "layer_loss"), (.influence, "layer_influence")] {
      let found = try layerImportance(model, windows, metric: metric, blocks: .all)
      #expect(found.shape == (try golden.shape(tensor)))
      let wanted = try golden.floats(tensor)
      for (place, value) in wanted.enumerated() {
        let other = found.values[place]
        #expect(value.isNaN ? other.isNaN : abs(other - Double(value)) < 2e-5, "\(metric) \(place)")
      }
    }
  }

  @Test(arguments: [1, 2, 4])
  func blocksOfOneLength(_ length: Int) throws {
    let golden = try Golden("llama-tied")
    let (model, windows) = (try golden.model(), try golden.windows("windows"))
    let whole = try loss(model, windows)
    for metric in DepthMetric.allCases {
      let all = try layerImportance(model, windows, metric: metric, blocks: .all)
      let found = try layerImportance(model, windows, metric: metric, blocks: .length(length))
      #expect(found.shape == [4 - length + 1])
      for (start, value) in found.values.enumerated() {
        #expect(abs(value - all.values[start * 4 + length - 1]) < 1e-6)
        guard metric == .perplexity, length < 4 else { continue }
        let skipping = try mask(model, layers: Array(start..<start + length))
        let rise = try loss(skipping, windows).perplexity - whole.perplexity
        #expect(abs(value - rise) < 1e-4 * abs(rise))
      }
      let cheapest = found.values.enumerated().min { $0.element < $1.element }?.offset
      #expect(try found.dropStart(length: length) == cheapest)
      #expect(try all.dropStart(length: length) == cheapest)
    }
  }

  /// More windows than go through the model at a time, and progress to the end.
  @Test func batchesDoNotShow() throws {
    let golden = try Golden("mistral")
    let (model, windows) = (try golden.model(), try golden.windows("windows"))
    let many = windows.selecting((0..<30).flatMap { _ in 0..<5 })
    var steps: [Int] = []
    let found = try layerImportance(model, many) { done, all in
      steps.append(done)
      #expect(all == 150)
    }
    let wanted = try layerImportance(model, windows).values
    for (value, wanted) in zip(found.values, wanted) { #expect(abs(value - wanted) < 1e-6) }
    #expect(steps == steps.sorted() && steps.last == 150)
  }

  /// Each layer has seven products, and the head of 96 ids one: what is counted is what was
  /// computed.
  @Test func noLayerIsComputedTwice() async {
    await #expect(processExitsWith: .success) {
      for test in testDeviceKinds {
        let golden = try Golden("llama-tied")
        let (model, windows) = (try golden.model(on: test.device), try golden.windows("windows"))
        func products(_ metric: DepthMetric, _ blocks: DepthBlocks) throws -> Int {
          let before = try test.device.traffic
          _ = try layerImportance(model, windows, metric: metric, blocks: blocks)
          return try (test.device.traffic - before).products
        }
        // Layers after the block: 3 + 2 + 1 + 0.
        #expect(try products(.loss, .length(1)) == 7 * (4 + 6) + 5, "\(test)")
        #expect(try products(.perplexity, .length(3)) == 7 * (4 + 1) + 3, "\(test)")
        #expect(try products(.loss, .all) == 7 * (4 + 6 + 3 + 1) + 11, "\(test)")
        #expect(try products(.influence, .all) == 7 * 4, "\(test)")
      }
    }
  }

  @Test func unitsThatAreOffStayOff() throws {
    let golden = try Golden("llama-tied")
    let windows = try golden.windows("windows")
    let masked = try mask(golden.model(), heads: [(1, 2)], channels: [4])
    let found = try layerImportance(masked, windows)
    let rise = try loss(mask(masked, layers: [1]), windows).mean - loss(masked, windows).mean
    #expect(abs(found.values[1] - rise) < 1e-6)
  }

  @Test func refusals() throws {
    let golden = try Golden("llama-tied")
    let (model, windows) = (try golden.model(), try golden.windows("windows"))
    #expect(
      message { try layerImportance(model, windows, blocks: .length(5)) }
        == "block=5 is not possible: the model has 4 layers")
    #expect(
      message { try layerImportance(mask(model, layers: [2]), windows) }
        == "layer_importance skips layers by itself, and layer 2 of llama-tied is switched off "
        + "already: prune(model) makes a model without it, unmask(model) is the one with it")
    #expect(
      message { try layerImportance(model, TokenWindows([1, 2], length: 1)) }
        == "a loss needs windows of at least 2 tokens, not 1")
    let found = try layerImportance(model, windows, blocks: .length(2))
    #expect(
      message { try found.dropStart(length: 1) }
        == "the depth importance is of blocks of 2 layers, and 1 are to be dropped: "
        + "layer_importance(model, tokens, block=1) measures those")
    #expect(
      message { try found.dropStart(length: 5) }
        == "a block of 5 layers cannot be dropped of 4 layers")
    let other = try Golden("mistral").model()
    let refusal = try #require(message { try found.require(measured: other) })
    #expect(refusal.contains("is of llama-tied") && refusal.contains("not of mistral"))
    try found.require(measured: model)
  }
}
