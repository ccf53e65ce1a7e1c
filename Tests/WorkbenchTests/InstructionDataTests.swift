import Foundation
import Testing

/// Instruction data at the prompt.
@Suite struct InstructionDataTests {
  private static let model =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../Fixtures/models/llama-tied.gguf").standardized.path

  @Test func lossesCountWhatIsLearnt() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/data.jsonl"
      let line = #"{"prompt": "the king is", "completion": " on the ring"}"#
      try Array(repeating: line, count: 12).joined(separator: "\n")
        .write(toFile: path, atomically: true, encoding: .utf8)
      let recording = try RecordingSession()
      _ = try recording.run("model = load(\"\(Self.model)\")")
      _ = try recording.run("data = tokens(\"\(path)\", model, length=8)")
      #expect(
        try recording.run("data.learnt.shape == data.shape, data.learnt.dtype") == "(True, 'bool')")
      #expect(
        try recording.run("loss(model, data).tokens == int(data.learnt[:, 1:].sum().item())")
          == "True")
      #expect(try recording.run("0 < loss(model, data).tokens < len(data) * 7") == "True")
      #expect(try recording.run("tokens([1, 2, 3, 4], length=2).learnt.all().item()") == "True")
      #expect(
        try recording.run(
          "a, b = split(data, 0.5)\na.learnt.shape[0] + b.learnt.shape[0] == len(data)")
          == "True")
      _ = try recording.run("save(data, \"\(folder)/ids.npy\")\nids = load(\"\(folder)/ids.npy\")")
      #expect(
        try recording.run("ids.shape == data.shape, tokens(ids).learnt.all().item()")
          == "(True, True)")
    }
  }

  @Test func messagesNeedATemplate() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/data.jsonl"
      try #"{"messages": [{"role": "user", "content": "x"}]}"#
        .write(toFile: path, atomically: true, encoding: .utf8)
      let recording = try RecordingSession()
      _ = try recording.run("model = load(\"\(Self.model)\")")
      let error = try recording.error("tokens(\"\(path)\", model, length=4)")
      #expect("\(error)".contains("its tokenizer has none"))
    }
  }
}
