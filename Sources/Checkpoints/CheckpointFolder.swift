import Files
import JSONFormat

/// A Hugging Face checkpoint folder: its configuration, its tensors over one file or several, the
/// names of its tokenizer files. A folder with a config.json alone opens too, without tensors.
public struct CheckpointFolder: Sendable {
  /// The path as it was given.
  public let path: String
  /// `config.json`, an object.
  public let config: JSON
  /// `generation_config.json`, an object, or nil where there is none.
  public let generationConfig: JSON?
  /// All tensors, in the files' order.
  public let tensors: [StoredTensor]
  /// The tokenizer's files that are there.
  public let tokenizerFiles: [String]
  private let index: TensorIndex

  private static let knownTokenizerFiles = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "merges.txt", "chat_template.jinja", "chat_template.json", "tokenizer.model",
  ]

  /// Opens a folder and checks its files; no tensor's bytes are touched.
  /// - Throws: `FileError` where the folder or its config.json is missing; `CheckpointError` where
  ///   a shard is missing, lacks a tensor that the index places there, or a file is damaged.
  public init(path: String) throws {
    self.path = path
    switch kind(ofFile: path) {
    case .folder: break
    case .missing: throw FileError(path: path, reason: "there is no such folder")
    case .file: throw FileError(path: path, reason: "is not a folder")
    }
    guard kind(ofFile: path + "/config.json") == .file else {
      throw FileError(path: path, reason: "is no checkpoint folder: it has no config.json")
    }
    config = try Self.readObject(path + "/config.json")
    let generation = path + "/generation_config.json"
    // A bare `nil` would mean `JSON.null` here.
    generationConfig = kind(ofFile: generation) == .file ? try Self.readObject(generation) : .none
    tokenizerFiles = Self.knownTokenizerFiles.filter { kind(ofFile: path + "/" + $0) == .file }
    tensors = try Self.readTensors(path)
    var index = TensorIndex()
    for (position, tensor) in tensors.enumerated() {
      _ = index.insert(tensor.name, at: position)
    }
    self.index = index
  }

  /// The tensor of a name, compared by bytes, or nil.
  public func tensor(named name: String) -> StoredTensor? {
    index[name].map { tensors[$0] }
  }

  /// The tensor of a name that must be there.
  /// - Throws: `CheckpointError` naming the folder and the tensor.
  public func requiredTensor(named name: String) throws -> StoredTensor {
    if let tensor = tensor(named: name) { return tensor }
    let reason =
      tensors.isEmpty
      ? "the folder holds no weights: neither model.safetensors nor \(indexName)"
      : "the checkpoint has no such tensor"
    throw CheckpointError(file: path, tensor: name, reason: reason)
  }

  private static func readObject(_ path: String) throws -> JSON {
    .object(try MappedFile(path: path).readObject(what: "the file"))
  }

  private static func readTensors(_ folder: String) throws -> [StoredTensor] {
    let single = folder + "/model.safetensors"
    let indexPath = folder + "/" + indexName
    if kind(ofFile: single) == .file { return try SafetensorsFile(path: single).tensors }
    guard kind(ofFile: indexPath) == .file else { return [] }
    var tensors: [StoredTensor] = []
    for (shard, names) in try readIndex(indexPath) {
      let path = folder + "/" + shard
      guard kind(ofFile: path) == .file else {
        throw CheckpointError(
          file: folder, reason: "the shard \(shard), which \(indexName) names, is missing")
      }
      let file = try SafetensorsFile(path: path)
      for name in names where file.tensor(named: name) == nil {
        throw CheckpointError(
          file: path, tensor: name, reason: "is missing, though \(indexName) places it here")
      }
      var wanted = TensorIndex()
      for name in names { _ = wanted.insert(name, at: 0) }
      tensors += file.tensors.filter { wanted[$0.name] != nil }
    }
    return tensors
  }

  /// The shards of an index, sorted by name, each with the tensors that it holds.
  private static func readIndex(_ path: String) throws -> [(shard: String, names: [String])] {
    let index = try MappedFile(path: path).readObject(what: "the index")
    guard let map = index["weight_map"]?.object else {
      throw CheckpointError(file: path, reason: "has no weight_map object")
    }
    var shards: [(shard: String, names: [String])] = []
    var positions = TensorIndex()
    for (name, value) in map.members {
      guard let shard = value.string else {
        throw CheckpointError(file: path, tensor: name, reason: "its shard is not a string")
      }
      guard isPlainName(shard) else {
        throw CheckpointError(
          file: path, tensor: name,
          reason: "its shard \(printable(shard)) is not the name of a file in the folder")
      }
      if let position = positions[shard] {
        shards[position].names.append(name)
      } else {
        _ = positions.insert(shard, at: shards.count)
        shards.append((shard, [name]))
      }
    }
    return shards.sorted { precedes($0.shard, $1.shard) }
  }

  /// A name that leads to no other folder.
  private static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".."
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 < 0x20 }
  }
}
