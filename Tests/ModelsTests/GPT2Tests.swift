import Checkpoints
import Files
import Kernels
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

/// What is GPT-2's alone: the names of its checkpoints and its learned positions.
@Suite struct GPT2Tests {
  /// The original checkpoints are of the bare model, and hold the causal mask of each layer.
  @Test func theBareModelsNamesAreRead() throws {
    let folder = try checkpoint("gpt2") { tensors in
      tensors = tensors.map {
        WritableTensor(
          name: String($0.name.dropFirst("transformer.".count)), type: $0.type, shape: $0.shape,
          values: $0.values)
      }
      for layer in 0..<3 {
        for name in ["bias", "masked_bias"] {
          tensors.append(
            WritableTensor(
              name: "h.\(layer).attn.\(name)", shape: [1, 1, 2, 2], floats: [1, 0, 1, 1]))
        }
      }
    }
    let golden = try Golden("gpt2")
    let model = try Model.load(folder, on: anyDevice)
    #expect(
      maximumDifference(try model.logits(golden.ids()).floats(), try golden.floats("logits")) < 1e-4
    )
    // Saved, they have the names that transformers writes.
    #expect(model.weights.names == (try golden.model().weights.names))
    #expect(model.weights["transformer.h.0.attn.c_attn.weight"]?.shape == [24, 72])
  }

  @Test func whatIsMissingOrUnknownIsNamed() throws {
    let short = try checkpoint("gpt2") { tensors in
      tensors.removeAll { $0.name == "transformer.h.1.mlp.c_fc.bias" }
    }
    #expect(
      message { try Model.load(short, on: anyDevice) }
        == "\(short): transformer.h.1.mlp.c_fc.bias: the checkpoint has no such tensor")
    let long = try checkpoint("gpt2") {
      $0.append(
        WritableTensor(name: "transformer.h.1.attn.q.weight", shape: [1], floats: [1]))
    }
    #expect(
      message { try Model.load(long, on: anyDevice) }
        == "\(long): transformer.h.1.attn.q.weight: a gpt2 model has no place for this tensor")
  }

  @Test func positionsEnd() throws {
    let model = try Golden("gpt2").model()
    func ids(_ count: Int) throws -> Tensor {
      try Tensor([Int64](repeating: 5, count: count), shape: [1, count], on: anyDevice)
    }
    #expect(try model.logits(ids(48)).shape == [1, 48, 96])
    #expect(
      message { try model.logits(ids(49)) }
        == "gpt2 has learned 48 positions and cannot take 49: take shorter windows")
    var generator = RandomGenerator(seed: 0)
    #expect(try model.generate([5, 6], count: 46, using: &generator).count == 46)
    #expect(
      message { try model.generate([5, 6], count: 47, using: &generator) }
        == "a prompt of 2 tokens and 47 more pass the 48 positions of gpt2: ask for at most 46")
    #expect(
      message {
        try model.generate([Int](repeating: 5, count: 48), count: 1, using: &generator)
      }
        == "a prompt of 48 tokens and 1 more pass the 48 positions of gpt2: take a shorter prompt")
  }

  /// Weights stored [in, out] round to bf16 and are packed as those stored [out, in] are.
  @Test func bfloatPrecision() throws {
    let device = CPUDevice(threads: 2)
    let golden = try Golden("gpt2")
    let model = try golden.model(on: device)
    device.use(.bf16)
    let found = try model.logits(golden.ids(on: device)).floats()
    let difference = maximumDifference(found, try golden.floats("logits"))
    #expect(difference < 0.2 && difference > 1e-4)
    // One row at a time, as in generation.
    var generator = RandomGenerator(seed: 0)
    #expect(try model.generate([5, 6], count: 5, using: &generator).count == 5)
  }

  @Test(arguments: testDevices)
  func anUntiedHeadIsItsOwn(_ test: TestDevice) throws {
    let golden = try Golden("gpt2")
    let folder = try checkpoint("gpt2") {
      $0.append(
        WritableTensor(
          name: "lm_head.weight", shape: [96, 24], floats: Array(repeating: 0, count: 96 * 24)))
    }
    // Tied, the second copy takes no part; untied it does.
    let tied = try Model.load(folder, on: test.device)
    let wanted = try golden.floats("logits")
    #expect(
      maximumDifference(try tied.logits(golden.ids(on: test.device)).floats(), wanted) < 1e-4)
    try replace(
      "config.json", in: folder, with: edited("gpt2") { $0["tie_word_embeddings"] = false })
    let untied = try Model.load(folder, on: test.device)
    #expect(try untied.logits(golden.ids(on: test.device)).floats().allSatisfy { $0 == 0 })
    #expect(untied.parameters == tied.parameters + 96 * 24)
  }
}
