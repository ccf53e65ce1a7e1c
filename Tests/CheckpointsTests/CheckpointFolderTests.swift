import Checkpoints
import Files
import Foundation
import JSONFormat
import TestTools
import Testing

@Suite struct CheckpointFolderTests {
  @Test func opensShards() throws {
    let folder = try CheckpointFolder(path: Fixtures.path("sharded"))
    for (name, value) in try Fixtures.expected("sharded") {
      try expectEqual(folder.requiredTensor(named: name), value)
    }
    #expect(folder.tensors.count == 6)
    #expect(folder.config["my_key"]?.array == [1, 2.0])
    #expect(folder.generationConfig?["eos_token_id"]?.int == 2)
    #expect(folder.tokenizerFiles == ["tokenizer.json"])
  }

  @Test func aConfigurationAloneWillDo() throws {
    let path = try folder(["config.json": "{}"])
    let folder = try CheckpointFolder(path: path)
    #expect(folder.tensors.isEmpty && folder.tokenizerFiles.isEmpty)
    #expect(folder.generationConfig == .none)
    #expect {
      _ = try folder.requiredTensor(named: "lm_head.weight")
    } throws: {
      "\($0)" == "\(path): lm_head.weight: the folder holds no weights: neither model.safetensors"
        + " nor model.safetensors.index.json"
    }
  }

  @Test func namesThatSwiftCallsEqualStayApart() throws {
    let path = try folder(["config.json": "{}"])
    try writeSafetensors(
      path + "/model.safetensors",
      [
        WritableTensor(name: "\u{e9}", shape: [1], floats: [1]),
        WritableTensor(name: "e\u{301}", shape: [1], floats: [2]),
      ])
    let opened = try CheckpointFolder(path: path)
    #expect(try opened.tensor(named: "\u{e9}")?.floats() == [1])
    #expect(try opened.tensor(named: "e\u{301}")?.floats() == [2])
    #expect {
      _ = try opened.requiredTensor(named: "x")
    } throws: {
      "\($0)" == "\(path): x: the checkpoint has no such tensor"
    }
  }

  @Test func foldersThatAreNone() throws {
    let empty = try folder([:])
    func expect(_ error: String, _ path: String) {
      #expect { _ = try CheckpointFolder(path: path) } throws: { "\($0)" == "\(path): \(error)" }
    }
    expect("there is no such folder", empty + "/none")
    expect("is not a folder", Fixtures.path("f4.npy"))
    expect("is no checkpoint folder: it has no config.json", empty)
  }

  @Test func configurationsThatAreNone() throws {
    for (text, error) in [
      ("", "the file is not valid JSON: the text ends where a value should be (byte 0)"),
      ("[1]", "the file is not a JSON object (byte 0)"),
      ("{\"a\": 1", "the file is not valid JSON: the text ends inside an object (byte 7)"),
    ] {
      let path = try folder(["config.json": text])
      #expect { _ = try CheckpointFolder(path: path) } throws: {
        "\($0)" == "\(path)/config.json: \(error)"
      }
    }
  }

  @Test func indicesThatLie() throws {
    func expect(
      _ error: String, _ map: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let path = try folder([
        "config.json": "{}", "model.safetensors.index.json": "{\"weight_map\": \(map)}",
      ])
      try writeSafetensors(
        path + "/a.safetensors", [WritableTensor(name: "x", shape: [1], floats: [1])])
      expectError(error, sourceLocation: sourceLocation) { _ = try CheckpointFolder(path: path) }
    }
    try expect("has no weight_map object", "[]")
    try expect("x: its shard is not a string", "{\"x\": 1}")
    for shard in ["../a.safetensors", "/tmp/a.safetensors", "..", "", "sub/a.safetensors"] {
      try expect(
        "x: its shard \(shard.isEmpty ? "\"\"" : shard) is not the name of a file in the folder",
        "{\"x\": \"\(shard)\"}")
    }
    try expect(
      "the shard b.safetensors, which model.safetensors.index.json names, is missing",
      "{\"x\": \"a.safetensors\", \"y\": \"b.safetensors\"}")
    try expect(
      "y: is missing, though model.safetensors.index.json places it here",
      "{\"x\": \"a.safetensors\", \"y\": \"a.safetensors\"}")
  }

  private func folder(_ files: [String: String]) throws -> String {
    let folder = try temporaryFolder()
    for (name, text) in files {
      try writeFile(folder + "/" + name) { try $0.write(text) }
    }
    return folder
  }
}
