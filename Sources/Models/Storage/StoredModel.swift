import Checkpoints
import Kernels
import Tensors

/// A Hugging Face folder opened as a model whose weights stay on disk: every one is there and has
/// the shape that the configuration asks for; none is read.
package struct StoredModel {
  /// The folder's last name.
  package let name: String
  /// Its `config.json`.
  package let configuration: Configuration
  /// The tokenizer, or why there is none.
  package let text: TextSupport
  /// The type that the weights are stored in, f32 where it is none that a checkpoint is saved in.
  package let storedType: StoredType
  /// The cuts that led to the model, nil where it was never pruned.
  package let provenance: Provenance?
  private let folder: CheckpointFolder

  /// - Throws: `FileError`, `CheckpointError` or `ModelError` naming file, tensor and key.
  package init(folder path: String) throws {
    let folder = try CheckpointFolder(path: path)
    self.folder = folder
    name = lastName(of: path)
    configuration = try Configuration(folder.config, file: path + "/config.json")
    for shape in configuration.weightShapes {
      try shape.check(
        configuration.requiredTensor(shape.name, in: folder), in: configuration.architecture)
    }
    try Self.refuseUnknown(folder.tensors, configuration, in: path)
    text = try TextSupport(folder)
    let embedding = try configuration.requiredTensor(configuration.names.embedding, in: folder).type
    storedType = embedding.configName == nil ? .f32 : embedding
    provenance = try Provenance(inFolder: path, of: configuration.architecture)
  }

  /// A weight by its name in the checkpoint.
  /// - Throws: `CheckpointError` where there is none.
  package func weight(_ name: String) throws -> StoredTensor {
    try configuration.requiredTensor(name, in: folder)
  }

  /// Refuses a checkpoint with tensors that the model has no place for: leaving them out would
  /// change its results silently.
  private static func refuseUnknown(
    _ tensors: [StoredTensor], _ configuration: Configuration, in path: String
  ) throws {
    let known = Set(configuration.weightShapes.flatMap { configuration.spellings(of: $0.name) })
    for tensor in tensors where !known.contains(tensor.name) {
      let isDerived = configuration.family.isDerived(tensor.name)
      let isTiedHead =
        tensor.name == configuration.names.head && configuration.architecture.isTied
      if !isDerived && !isTiedHead {
        throw CheckpointError(
          file: path, tensor: tensor.name,
          reason: "a \(configuration.family.modelType) model has no place for this tensor")
      }
    }
  }
}

extension StoredModel: StoredWeights {
  package func elements(of shape: WeightShape) throws -> StoredElements {
    StoredElements(tensor: try weight(shape.name))
  }
}

/// The last component of a path, without `.gguf`.
func lastName(of path: String) -> String {
  let name = path.split(separator: "/").last.map(String.init) ?? path
  return name.hasSuffix(".gguf") ? String(name.dropLast(5)) : name
}

extension StoredType {
  /// The name in `config.json` of a type that checkpoints are saved in; nil for any other.
  package var configName: String? {
    switch self {
    case .f32: "float32"
    case .bf16: "bfloat16"
    case .f16: "float16"
    default: nil
    }
  }
}
