import Files
import Foundation
import JSONFormat

/// Writes the tensors of a model into its folder: `model.safetensors`, or shards
/// `model-00001-of-0000n.safetensors` with `model.safetensors.index.json` where they pass
/// `maximumShardBytes`. A checkpoint that was there is replaced whole, its stale shards and index
/// removed; identical input gives identical bytes.
///
/// - Parameters:
///   - folder: the folder, which exists.
///   - tensors: they fill the shards in this order.
///   - maximumShardBytes: the bytes of tensors that a shard holds; a larger tensor stands alone.
/// - Throws: as `writeSafetensors`; no file is replaced before all values are there.
public func writeShardedSafetensors(
  folder: String, _ tensors: [WritableTensor], maximumShardBytes: Int = 5_000_000_000
) throws {
  var shards = try split(tensors, maximumShardBytes, folder)
  if shards.isEmpty { shards = [[]] }
  guard shards.count <= maximumShards else {
    throw CheckpointError(
      file: folder,
      reason: "\(tensors.count) tensors in shards of \(maximumShardBytes) bytes make"
        + " \(shards.count) files, at most \(maximumShards) are written; raise the shard size")
  }
  var names = ["model.safetensors"]
  if shards.count > 1 {
    names = (1...shards.count).map {
      "model-\(fiveDigits($0))-of-\(fiveDigits(shards.count)).safetensors"
    }
  }
  let plans = try zip(names, shards).map { name, tensors in
    try SafetensorsPlan(
      path: folder + "/" + name, tensors: tensors, metadata: [("format", "pt")])
  }
  if shards.count > 1 {
    let index = try indexText(names, shards, folder)
    try writeFile(folder + "/" + indexName) {
      try $0.write(index)
      try writeAll(plans[...])
    }
    names.append(indexName)
  } else {
    try writeAll(plans[...])
  }
  for stale in try namesInFolder(folder) where isCheckpointFile(stale) && !names.contains(stale) {
    // A model.safetensors that stays would be read before the new shards.
    guard unlink(expandingHome(folder) + "/" + stale) == 0 else {
      let cause = String(cString: strerror(errno)).lowercased()
      throw FileError(path: folder + "/" + stale, reason: "cannot remove the old file: \(cause)")
    }
  }
}

/// Shards are open all at once while they are written.
private let maximumShards = 200

let indexName = "model.safetensors.index.json"

/// Writes files inside each other's writing: `writeFile` renames when its body ends, so that none
/// is in place before all bytes are made and, but for the writers' last buffers, written.
private func writeAll(_ plans: ArraySlice<SafetensorsPlan>) throws {
  try plans.first?.writeFile { try writeAll(plans.dropFirst()) }
}

private func split(
  _ tensors: [WritableTensor], _ maximum: Int, _ folder: String
) throws -> [[WritableTensor]] {
  var shards: [[WritableTensor]] = []
  var room = 0
  for tensor in tensors {
    let size = try tensor.byteCount(path: folder)
    if shards.isEmpty || size > room {
      shards.append([])
      room = maximum
    }
    shards[shards.count - 1].append(tensor)
    room -= size
  }
  return shards
}

private func indexText(
  _ names: [String], _ shards: [[WritableTensor]], _ folder: String
) throws -> String {
  var files: [(key: String, value: JSON)] = []
  var known = TensorIndex()
  var total = 0
  for (name, tensors) in zip(names, shards) {
    for tensor in tensors {
      guard known.insert(tensor.name, at: files.count) else {
        throw CheckpointError(file: folder, tensor: tensor.name, reason: "is to be written twice")
      }
      files.append((tensor.name, .string(name)))
      let size = try tensor.byteCount(path: folder)
      let (sum, overflow) = total.addingReportingOverflow(size)
      guard !overflow else {
        throw CheckpointError(file: folder, reason: "the tensors need more bytes than 2^63")
      }
      total = sum
    }
  }
  files.sort { precedes($0.key, $1.key) }
  let index: JSON = .object(
    JSONObject([
      ("metadata", .object(JSONObject([("total_size", .int(total))]))),
      ("weight_map", .object(JSONObject(files))),
    ]))
  return index.text(indent: 2) + "\n"
}

/// Whether a file belongs to a checkpoint of an earlier writing.
package func isCheckpointFile(_ name: String) -> Bool {
  name == "model.safetensors" || name == indexName
    || isShard(name)
}

/// Whether a name is `model-00000-of-00000.safetensors`, whatever the digits.
private func isShard(_ name: String) -> Bool {
  let pattern = Array("model-00000-of-00000.safetensors".utf8)
  let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
  return name.utf8.count == pattern.count
    && zip(name.utf8, pattern).allSatisfy { $1 == digits.lowerBound ? digits ~= $0 : $0 == $1 }
}

private func fiveDigits(_ number: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
}
