import Checkpoints
import Files
import Foundation
import JSONFormat
import TestTools
import Testing

@Suite struct ShardedWriterTests {
  private func source() throws -> [WritableTensor] {
    let folder = try CheckpointFolder(path: Fixtures.path("sharded"))
    return try Fixtures.expected("sharded").map {
      WritableTensor(copying: try folder.requiredTensor(named: $0.name))
    }
  }

  /// The shards are those that huggingface_hub wrote from the same tensors, and so is the index but
  /// for its order.
  @Test func writesTheHubsShards() throws {
    let folder = try temporaryFolder()
    try writeShardedSafetensors(folder: folder, source(), maximumShardBytes: 300)
    let names = try namesInFolder(folder)
    #expect(names == (1...3).map { "model-0000\($0)-of-00003.safetensors" } + [indexName])
    for name in names.dropLast() {
      #expect(try content(folder, name) == Fixtures.bytes("sharded/" + name))
    }
    let index = try JSON(reading: content(folder, indexName))
    let expected = try JSON(reading: Fixtures.bytes("sharded/" + indexName))
    #expect(index["metadata"] == expected["metadata"])
    let members = try #require(expected["weight_map"]?.object?.members)
    #expect(
      index["weight_map"] == .object(JSONObject(members.sorted { $0.key < $1.key })))
  }

  @Test func oneFileWhereItFits() throws {
    let folder = try temporaryFolder()
    try writeShardedSafetensors(folder: folder, source())
    #expect(try namesInFolder(folder) == ["model.safetensors"])
  }

  @Test func staleFilesGoAndOthersStay() throws {
    let folder = try temporaryFolder()
    for name in ["config.json", "model-x.safetensors", "model-00001-of-0003.safetensors"] {
      try writeFile(folder + "/" + name) { try $0.write("{}") }
    }
    let others = try namesInFolder(folder)
    let tensors = try source()
    try writeShardedSafetensors(folder: folder, tensors, maximumShardBytes: 300)
    try writeShardedSafetensors(folder: folder, tensors, maximumShardBytes: 400)
    let shards = (1...2).map { "model-0000\($0)-of-00002.safetensors" }
    #expect(try Set(namesInFolder(folder)) == Set(others + shards + [indexName]))
    #expect(try CheckpointFolder(path: folder).tensors.count == 6)
    try writeShardedSafetensors(folder: folder, tensors)
    #expect(try Set(namesInFolder(folder)) == Set(others + ["model.safetensors"]))
    try writeShardedSafetensors(folder: folder, tensors, maximumShardBytes: 300)
    #expect(try namesInFolder(folder).count == others.count + 4)
    #expect(try CheckpointFolder(path: folder).tensors.count == 6)
  }

  @Test func aFailureLeavesTheOldCheckpoint() throws {
    let folder = try temporaryFolder()
    let tensors = try source()
    try writeShardedSafetensors(folder: folder, tensors, maximumShardBytes: 300)
    let before = try namesInFolder(folder).map { try content(folder, $0) }
    struct Stop: Error {}
    let zeros = WritableTensor(name: "a", shape: [64], floats: Array(repeating: 0, count: 64))
    let failing = WritableTensor(
      name: "z", type: .f32, shape: [64], values: .floats { _, _ in throw Stop() })
    #expect(throws: Stop.self) {
      try writeShardedSafetensors(
        folder: folder, [zeros, WritableTensor(name: "b", shape: [1], floats: [1]), failing],
        maximumShardBytes: 256)
    }
    #expect(try namesInFolder(folder).map { try content(folder, $0) } == before)
  }

  @Test func whatCannotBeSharded() throws {
    let folder = try temporaryFolder()
    let tensors = (0..<201).map { WritableTensor(name: "\($0)", shape: [1], floats: [1]) }
    expectError(
      "201 tensors in shards of 4 bytes make 201 files, at most 200 are written; raise the shard size"
    ) { try writeShardedSafetensors(folder: folder, tensors, maximumShardBytes: 4) }
    expectError("3: is to be written twice") {
      try writeShardedSafetensors(
        folder: folder, Array(tensors.prefix(5)) + [tensors[3]], maximumShardBytes: 4)
    }
    #expect(try namesInFolder(folder).isEmpty)
  }

  private let indexName = "model.safetensors.index.json"

  private func content(_ folder: String, _ name: String) throws -> [UInt8] {
    try MappedFile(path: folder + "/" + name).withBytes(Array.init)
  }
}
