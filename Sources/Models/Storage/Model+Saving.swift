import Checkpoints
import Files
import JSONFormat
import Kernels
import Tensors

extension Model {
  /// Saves the model as a Hugging Face folder, with its tokenizer's files. A checkpoint already
  /// there is replaced whole; a folder that holds anything else is refused.
  ///
  /// - Parameters:
  ///   - path: the folder, made where it is missing; its parent exists.
  ///   - type: f32, bf16 or f16; the type that the checkpoint had where nil.
  /// - Throws: `FileError`, `CheckpointError`; `ModelError` for a masked model, and for one whose
  ///   sizes its family's checkpoints cannot hold.
  public func save(to path: String, as type: StoredType? = nil) throws {
    try requireUnmasked(for: "save")
    let type = type ?? storedType
    guard let dtype = type.configName else {
      throw ModelError.invalid("weights are saved as f32, bf16 or f16, not \(type.rawValue)")
    }
    if let obstacle = configuration.obstacleToSaving {
      throw ModelError.invalid("\(name) cannot be saved: \(obstacle)")
    }
    try Self.refuseForeignFolder(path)
    let isNew = kind(ofFile: path) == .missing
    try makeFolder(path)
    do {
      try write(to: path, as: type, dtype: dtype)
    } catch {
      if isNew { try? removeFolder(path) }
      throw error
    }
  }

  /// Writes the files of the checkpoint, each whole, and takes away what was one of another.
  private func write(to path: String, as type: StoredType, dtype: String) throws {
    let tensors = weights.names.compactMap { name in
      weights[name].map { $0.writable(name: name, as: type) }
    }
    try writeShardedSafetensors(folder: path, tensors)
    let companions =
      text.files + Self.descriptions(configuration, dtype: dtype, provenance: provenance)
    for file in companions {
      try writeFile(path + "/" + file.name) { try $0.write(file.content) }
    }
    for stale in Self.companions.subtracting(companions.map(\.name))
    where kind(ofFile: path + "/" + stale) == .file {
      try removeFile(path + "/" + stale)
    }
  }

  /// The files that say what the weights are: `config.json`, and `pare.json` of a pruned model.
  package static func descriptions(
    _ configuration: Configuration, dtype: String, provenance: Provenance?
  ) -> [(name: String, content: [UInt8])] {
    let config = JSON.object(configuration.written(dtype: dtype)).text(indent: 2) + "\n"
    let cuts = provenance.map { $0.json.text() + "\n" }
    return [("config.json", Array(config.utf8))]
      + (cuts.map { [(provenanceFile, Array($0.utf8))] } ?? [])
  }

  /// The bytes of all weights in the type that `save` writes.
  public var savedBytes: Int { parameters * storedType.bytesPerBlock }

  /// The files that may stand beside the weights.
  private static let companions: Set = [
    "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
    "chat_template.jinja", "chat_template.json", "tokenizer.model", provenanceFile,
  ]

  /// Refuses a folder that holds anything but a checkpoint.
  package static func refuseForeignFolder(_ path: String) throws {
    switch kind(ofFile: path) {
    case .missing: return
    case .file: throw FileError(path: path, reason: "is a file; a model is saved as a folder")
    case .folder: break
    }
    for name in try namesInFolder(path) {
      guard companions.contains(name) || isCheckpointFile(name) else {
        throw FileError(
          path: path,
          reason: "holds '\(name)', which is no part of a checkpoint; choose a folder "
            + "of its own for the model")
      }
    }
  }
}

extension Tensor {
  /// This tensor as one to be written, read from the device piece by piece.
  package func writable(name: String, as type: StoredType) -> WritableTensor {
    WritableTensor(
      name: name, type: type, shape: shape,
      values: .floats { range, output in
        try self.device.download(
          self.region.advanced(by: range.lowerBound), to: UnsafeMutableRawBufferPointer(output))
      })
  }
}
