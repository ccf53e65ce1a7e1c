import Checkpoints
import Files
import Foundation
import JSONFormat
import Kernels
import Models
import Tensors
import TestFixtures
import TestTools
import Testing

/// Checkpoints that are refused, each with its reason.
@Suite struct LoadingErrorTests {
  private func error(_ folder: String) -> String? {
    message { try Model.load(folder, on: anyDevice) }
  }

  @Test func aMissingPath() {
    #expect(error("/no/such") == "/no/such: there is no such file or folder")
  }

  @Test func aMissingTensor() throws {
    let folder = try checkpoint("mistral") { tensors in
      tensors.removeAll { $0.name == "model.layers.1.mlp.up_proj.weight" }
    }
    #expect(
      error(folder)
        == "\(folder): model.layers.1.mlp.up_proj.weight: the checkpoint has no such tensor")
  }

  @Test func aTensorOfAnotherShape() throws {
    let folder = try checkpoint("mistral") { tensors in
      tensors.removeAll { $0.name == "model.norm.weight" }
      tensors.append(
        WritableTensor(
          name: "model.norm.weight", shape: [27], floats: Array(repeating: 1, count: 27)))
    }
    let text = try #require(error(folder))
    #expect(
      text.hasPrefix(
        "\(folder)/model.safetensors: model.norm.weight: has shape [27], but the configuration "
          + "asks for [28] (byte "))
  }

  /// Weights stay in their file until they are used: one that was written into meanwhile is no
  /// longer theirs, one that another took the place of still is.
  @Test func aFileThatChangesAfterLoading() throws {
    let folder = try temporaryCopy(of: Golden.folder("llama-tied"))
    let path = folder + "/model.safetensors"
    func logits(_ model: Model) throws -> [Float] {
      let ids: [Int64] = [1, 2, 3]
      return try model.logits(Tensor(ids, shape: [1, 3], on: model.device)).floats()
    }
    let wanted = try logits(Model.load(folder, on: CPUDevice(threads: 1)))
    let model = try Model.load(folder, on: CPUDevice(threads: 1))
    let content = try Data(contentsOf: URL(filePath: path))
    try FileManager.default.removeItem(atPath: path)
    try content.write(to: URL(filePath: path))
    let second = try Model.load(folder, on: CPUDevice(threads: 1))
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 4096)
    try handle.close()
    #expect(try logits(model) == wanted)
    let error = #expect(throws: FileError.self) { try logits(second) }
    #expect(
      error?.description == "\(path): was written to after it was loaded: load it again")
  }

  @Test func aConfigurationOfAnotherModel() throws {
    let folder = try temporaryCopy(of: Golden.folder("mistral"))
    try replace("config.json", in: folder, with: edited("mistral") { $0["num_hidden_layers"] = 2 })
    #expect(
      error(folder)?.hasSuffix(": a mistral model has no place for this tensor") == true)
    try replace("config.json", in: folder, with: edited("mistral") { $0["num_hidden_layers"] = 4 })
    #expect(
      error(folder)
        == "\(folder): model.layers.3.input_layernorm.weight: the checkpoint has no such tensor")
  }

  @Test func anUnexpectedTensor() throws {
    let folder = try checkpoint("mistral") {
      $0.append(
        WritableTensor(
          name: "model.layers.0.self_attn.q_proj.bias", shape: [48],
          floats: Array(repeating: 0, count: 48)))
    }
    #expect(
      error(folder)
        == "\(folder): model.layers.0.self_attn.q_proj.bias: a mistral model has no place for this "
        + "tensor")
  }

  /// What older converters left behind takes no part in the model.
  @Test func derivedTensorsAreLeftOut() throws {
    let folder = try checkpoint("llama-tied") {
      $0.append(
        WritableTensor(
          name: "model.layers.0.self_attn.rotary_emb.inv_freq", shape: [3], floats: [1, 1, 1]))
      $0.append(
        WritableTensor(
          name: "lm_head.weight", shape: [96, 36], floats: Array(repeating: 0, count: 96 * 36)))
    }
    let golden = try Golden("llama-tied")
    let found = try Model.load(folder, on: anyDevice).logits(golden.ids()).floats()
    #expect(maximumDifference(found, try golden.floats("logits")) < 1e-4)
  }

  @Test func weightsOfIntegers() throws {
    let folder = try checkpoint("mistral") { tensors in
      tensors.removeAll { $0.name == "model.norm.weight" }
      tensors.append(
        WritableTensor(
          name: "model.norm.weight", shape: [28], integers: Array(repeating: 1, count: 28)))
    }
    #expect(error(folder)?.contains("is stored as i64, which is no type of weights") == true)
  }

  @Test func aFolderWithoutWeights() throws {
    let folder = try temporaryFolder()
    #expect(error(folder) == "\(folder): is no checkpoint folder: it has no config.json")
    try replace("config.json", in: folder, with: edited("mistral") { _ in })
    #expect(error(folder)?.contains("the folder holds no weights") == true)
    // Sizes can be had of it all the same.
    #expect(try Model.configuration(at: folder).architecture.headDim == 12)
    #expect(
      try Model.configuration(at: folder + "/config.json").parameters
        == Golden("mistral").model().parameters)
  }

  @Test func idsOutsideTheVocabulary() throws {
    let model = try Golden("llama-tied").model()
    func error(_ ids: [Int64], _ shape: [Int]) -> String? {
      message { try model.logits(Tensor(ids, shape: shape, on: anyDevice)) }
    }
    #expect(error([1, 96], [1, 2]) == "id 96 is outside the vocabulary of 96 ids of llama-tied")
    #expect(error([-1], [1, 1]) == "id -1 is outside the vocabulary of 96 ids of llama-tied")
    #expect(
      error([], [1, 0]) == "a model takes ids [batch, time] with at least one id, not [1, 0]")
    #expect(error([1], [1]) == "a model takes ids [batch, time] with at least one id, not [1]")
  }

  @Test func idsOfAnotherTypeOrDevice() throws {
    let model = try Golden("llama-tied").model()
    #expect(
      message { try model.logits(Tensor([1, 2] as [Float], shape: [1, 2], on: anyDevice)) }
        == "a model takes ids of type i64, not f32")
    let ids = try Tensor([1, 2] as [Int64], shape: [1, 2], on: CPUDevice(threads: 1))
    #expect(
      message { try model.logits(ids) }
        == "the ids are on cpu and llama-tied on cpu: move one with .to(\"cpu\")")
  }

  /// Refused before any weight is read, whichever way the model is stored.
  @Test func aDeviceWithoutTheMemory() throws {
    let wanted = try Golden("llama-tied").model()
    let bytes = wanted.parameters * 4
    for path in [Golden.folder("llama-tied"), Golden.folder("llama-tied.gguf")] {
      let small = CPUDevice(threads: 1, availableMemory: { bytes - 1 })
      #expect(
        message { try Model.load(path, on: small) }
          == "llama-tied needs \(bytes) bytes for its weights, and cpu has \(bytes - 1) bytes left: "
          + "del models and tensors that are no longer needed, or take a smaller model")
      #expect(small.traffic == Traffic())
      #expect(small.memory == MemoryUse(used: 0, pooled: 0, available: bytes - 1))
      let exact = CPUDevice(threads: 1, availableMemory: { bytes })
      #expect(try Model.load(path, on: exact).parameters == wanted.parameters)
    }
  }

  /// Loading does not scan the weights; what comes out of them names the first bad one.
  @Test(arguments: [Float.nan, .infinity])
  func aBadWeightIsNamed(_ value: Float) throws {
    let folder = try checkpoint("mistral") {
      $0.set("model.layers.2.mlp.down_proj.weight", 17, to: value)
      $0.set("model.layers.1.self_attn.v_proj.weight", 5, to: value)
    }
    let model = try Model.load(folder, on: anyDevice)
    var generator = RandomGenerator(seed: 0)
    let text = try #require(message { try model.generate([5], count: 2, using: &generator) })
    #expect(text.hasPrefix("a logit is "))
    #expect(
      text.hasSuffix(
        ": the weight 'model.layers.1.self_attn.v_proj.weight' of mistral holds a NaN or an infinity"
      ))
  }

  /// A device may have the memory and yet not in one piece.
  @Test func aWeightPastTheLargestBufferIsNamed() throws {
    let folder = Golden.folder("llama-tied")
    let device = try OpenCLDevice(
      OpenCLDescription.all()[0], OpenCLDriver.installed.get(), largestBuffer: 4096)
    #expect(
      message { try Model.load(folder, on: device) }
        == "model.embed_tokens.weight of llama-tied needs 13824 bytes in one piece, and opencl:0 allows 4096 "
        + "bytes: take the device cpu, or a smaller model")
    let model = try Model.load(folder, on: anyDevice)
    #expect(message { try model.moved(to: device) }?.contains("of llama-tied needs ") == true)
  }
}
