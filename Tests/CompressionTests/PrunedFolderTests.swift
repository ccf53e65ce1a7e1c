import Compression
import Models
import TestFixtures
import TestTools
import Testing

/// Pruned and distilled models as folders: transformers opens them with no warning and gives the
/// same logits. `PARE_PYTHON` names a Python that has it.
@Suite(.enabled(if: PythonOracle.hasTransformers)) struct PrunedFolderTests {
  /// A hidden size that is no multiple of the heads is refused by transformers for llama alone.
  @Test(arguments: [
    (
      "llama-tied",
      PruningRequest(hidden: .count(24), ffn: .count(25), heads: .count(4), layers: .count(3))
    ),
    ("llama-untied-rope3", PruningRequest(hidden: .count(24), heads: .count(2))),
    ("llama-mha", PruningRequest(hidden: .count(18), ffn: .count(28), heads: .count(3))),
    (
      "mistral",
      PruningRequest(hidden: .count(23), ffn: .count(30), heads: .count(2), layers: .count(2))
    ),
    ("mistral-window", PruningRequest(hidden: .count(20), heads: .count(3))),
    (
      "nemotron",
      PruningRequest(hidden: .count(15), ffn: .count(22), heads: .count(2), layers: .count(2))
    ),
    ("qwen2", PruningRequest(hidden: .count(19), heads: .count(4), layers: .count(3))),
    ("qwen2-mha", PruningRequest(hidden: .count(18), ffn: .count(21), heads: .count(3))),
    (
      "qwen3",
      PruningRequest(hidden: .count(15), ffn: .count(20), heads: .count(2), layers: .count(2))
    ),
    (
      "gpt2",
      PruningRequest(hidden: .count(18), ffn: .count(50), heads: .count(3), layers: .count(2))
    ),
  ])
  func opensWithTheSameLogits(name: String, request: PruningRequest) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let windows = try golden.windows("windows")
    let student = try prune(model, request, by: importance(model, windows))
    var settings = TrainingSettings(steps: 3)
    settings.batch = 2
    settings.learningRate = 1e-3
    try Trainer(
      student, .distillation(teacher: model, temperature: 1), windows, settings: settings
    ).train()
    let folder = try temporaryFolder() + "/student"
    try student.save(to: folder)
    let reading = try TransformersReading(folder, ids: try golden.windows("ids")[0].map { Int($0) })
    #expect(reading.complaints == [])
    let found = try student.logits(golden.ids(count: 1)).floats()
    #expect(maximumDifference(found, reading.logits) < 1e-4)
    let again = try Model.load(folder, on: anyDevice)
    #expect(try again.logits(golden.ids(count: 1)).floats() == found)
  }
}
