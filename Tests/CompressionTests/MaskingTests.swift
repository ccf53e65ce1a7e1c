import Compression
import Models
import Tensors
import TestFixtures
import Testing

/// Masks as views: a masked model and the pruned one agree within 1e-4 on every axis.
@Suite struct MaskingTests {
  /// Units to switch off, drawn at random with equal counts in every layer and group.
  private struct Draw {
    var heads: [(Int, Int)] = []
    var neurons: [(Int, Int)] = []
    var channels: [Int] = []
    var layers: [Int] = []

    init(_ axes: Set<ImportanceAxis>, _ sizes: Architecture, seed: Int) {
      var random = RandomGenerator(seed: seed)
      for layer in 0..<sizes.layers {
        if axes.contains(.neurons) {
          neurons += random.permutation(sizes.ffn).prefix(sizes.ffn / 3).map { (layer, $0) }
        }
        guard axes.contains(.heads) else { continue }
        let groups = sizes.kvHeads == sizes.heads ? 1 : sizes.kvHeads
        let size = sizes.heads / groups
        for group in 0..<groups {
          heads += random.permutation(size).prefix(max(1, size / 3)).map {
            (layer, group * size + $0)
          }
        }
      }
      if axes.contains(.channels) {
        channels = Array(random.permutation(sizes.hidden).prefix(sizes.hidden / 4))
      }
      if axes.contains(.layers) { layers = Array(random.permutation(sizes.layers).prefix(1)) }
    }

    func masked(_ model: Model) throws -> Model {
      try mask(model, heads: heads, neurons: neurons, channels: channels, layers: layers)
    }
  }

  static let axes: [Set<ImportanceAxis>] =
    ImportanceAxis.allCases.map { [$0] } + [
      [.heads, .neurons], [.channels, .layers], [.heads, .neurons, .channels],
      Set(ImportanceAxis.allCases),
    ]

  @Test(arguments: Golden.names, axes)
  func equalsThePrunedModel(name: String, axes: Set<ImportanceAxis>) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let whole = try golden.floats("logits")
    for seed in 0..<3 {
      let masked = try Draw(axes, model.architecture, seed: seed).masked(model)
      let pruned = try prune(masked, PruningRequest())
      let found = try masked.logits(golden.ids()).floats()
      #expect(maximumDifference(found, try pruned.logits(golden.ids()).floats()) < 1e-4)
      #expect(maximumDifference(found, whole) > 1e-3)
      #expect(pruned.parameters < model.parameters && masked.parameters == model.parameters)
    }
  }

  @Test(arguments: ["llama-tied", "nemotron", "qwen3", "gpt2"], testDevices)
  func equalsThePrunedModelOnEveryDevice(name: String, on test: TestDevice) throws {
    let golden = try Golden(name)
    let model = try golden.model(on: test.device)
    let masked = try Draw(Set(ImportanceAxis.allCases), model.architecture, seed: 9).masked(model)
    let found = try masked.logits(golden.ids(on: test.device)).floats()
    let wanted = try prune(masked, PruningRequest()).logits(golden.ids(on: test.device)).floats()
    #expect(maximumDifference(found, wanted) < 1e-4)
  }

  @Test func masksAddUp() throws {
    let golden = try Golden("llama-tied")
    let model = try golden.model()
    func logits(_ model: Model) throws -> [Float] { try model.logits(golden.ids()).floats() }
    let first = try mask(model, heads: [(0, 1), (2, 5)], channels: [3])
    let second = try mask(first, heads: [(0, 2)], neurons: [(1, 7)], layers: [3])
    let together = try mask(
      model, heads: [(0, 1), (2, 5), (0, 2)], neurons: [(1, 7)], channels: [3], layers: [3])
    #expect(second.mask == together.mask)
    #expect(try logits(second) == logits(together))
    // unmask goes back one mask at a time, or all the way.
    #expect(try unmask(second) === first && unmask(first) === model)
    #expect(try unmask(second, all: true) === model)
    #expect(try logits(unmask(second)) == logits(first))
    #expect(message { try unmask(model) } == "llama-tied is not masked")
    #expect(message { try unmask(model, all: true) } == "llama-tied is not masked")
  }

  @Test func unitsThatAreNotThere() throws {
    let model = try Golden("llama-tied").model()
    #expect(
      message { try mask(model, heads: [(4, 0)]) } == "layer 4 is outside the model's 4 layers")
    #expect(message { try mask(model, heads: [(0, 6)]) } == "head 6 is outside the model's 6 heads")
    #expect(
      message { try mask(model, neurons: [(0, -1)]) }
        == "neuron -1 is outside the model's 40 neurons")
    #expect(
      message { try mask(model, channels: [36]) } == "channel 36 is outside the model's 36 channels"
    )
    #expect(message { try mask(model, layers: [-1]) } == "layer -1 is outside the model's 4 layers")
    let nothing = "a mask must leave at least one channel and one layer on"
    #expect(message { try mask(model, channels: Array(0..<36)) } == nothing)
    #expect(message { try mask(model, layers: [0, 1, 2, 3]) } == nothing)
    // Also where two masks switch everything off together.
    let half = try mask(model, channels: Array(0..<18))
    #expect(message { try mask(half, channels: Array(18..<36)) } == nothing)
  }

  @Test func trainingRefusesAMask() throws {
    let golden = try Golden("llama-tied")
    let masked = try mask(golden.model(), layers: [0])
    #expect(
      message {
        try Trainer(
          masked, .languageModelling, golden.windows("windows"),
          settings: TrainingSettings(steps: 1))
      }
        == "training does not take a masked model: prune(model) cuts what is masked, unmask(model) "
        + "is the model without the mask")
  }
}
