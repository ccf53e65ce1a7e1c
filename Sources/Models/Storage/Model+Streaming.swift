import Checkpoints
import Files
import Kernels
import Tensors

extension Model {
  /// Opens a Hugging Face folder or a `.gguf` without loading its weights: each is decoded to the
  /// device when a pass comes to it and dropped after its layer, so that a model larger than memory
  /// can be scored. Of the embedding only the rows of a batch are read.
  /// - Throws: as `load`; `ModelError.invalid` where the device has no memory for one layer.
  package static func stream(_ path: String, on device: any Device) throws -> Model {
    let (configuration, source, text, type) = try open(path)
    let name = lastName(of: path)
    try device.requireMemory(forALayerOf: configuration, of: name)
    return Model(
      name: name, configuration: configuration,
      weights: Weights(streaming: configuration.weightShapes, from: source, on: device),
      text: text, storedType: type, device: device)
  }

  /// The tokenizer of a folder or a `.gguf`, or why there is none.
  /// - Throws: as `load`.
  package static func text(at path: String) throws -> TextSupport { try open(path).2 }

  private typealias Opened = (Configuration, any StoredWeights, TextSupport, StoredType)

  private static func open(_ path: String) throws -> Opened {
    switch kind(ofFile: path) {
    case .missing: throw FileError(path: path, reason: "there is no such file or folder")
    case .folder: try openFolder(path)
    case .file: try openGGUF(path)
    }
  }

  private static func openFolder(_ path: String) throws -> Opened {
    let folder = try StoredModel(folder: path)
    return (folder.configuration, folder, folder.text, folder.storedType)
  }

  private static func openGGUF(_ path: String) throws -> Opened {
    let source = try GGUFModel(path: path)
    try source.refuseUnknown()
    for shape in source.configuration.weightShapes { try source.check(shape) }
    return (source.configuration, source, try source.text(), try source.storedType())
  }
}

extension Device {
  /// Refuses a model of which one layer, or one weight outside the layers, has no room on the
  /// device.
  fileprivate func requireMemory(forALayerOf configuration: Configuration, of name: String) throws {
    let sizes = configuration.architecture
    let shapes = configuration.weightShapes
    // The embedding is read by rows; where it is the head too, a loss loads it and says so itself.
    let layer = sizes.parameters(of: shapes.filter { $0.layer == 0 }) * ElementType.f32.size
    let available = memory.available
    guard layer <= available else {
      throw ModelError.invalid(
        "\(name) needs \(megabytes(layer)) for the weights of one layer, and \(self.name) has "
          + "\(megabytes(available)) left: del models and tensors that are no longer needed, or take "
          + "another device")
    }
  }
}
