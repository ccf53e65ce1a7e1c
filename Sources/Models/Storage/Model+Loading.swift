import Checkpoints
import Files
import JSONFormat
import Kernels
import Tensors
import Tokenizers

extension Model {
  /// Loads a Hugging Face folder or a `.gguf` file. Weights become f32 on the device, on the
  /// processor when they are first used: until then, and where training let go of a teacher's, they
  /// stay in their file, and what uses them throws `FileError` where that was written into. They
  /// are not scanned for values that are not finite.
  /// - Throws: `FileError`, `CheckpointError` or `ModelError` naming file, tensor and key;
  ///   `ModelError.invalid` where the device lacks the memory for this model alone, before any
  ///   weight is read; `KernelError.outOfMemory`; `Interrupted`.
  public static func load(_ path: String, on device: any Device) throws -> Model {
    switch kind(ofFile: path) {
    case .missing: throw FileError(path: path, reason: "there is no such file or folder")
    case .folder: return try loadFolder(path, on: device)
    case .file: return try loadGGUF(path, on: device)
    }
  }

  /// The configuration of a folder (or of a `config.json`) or a `.gguf`, without any weight.
  /// - Throws: as `load`.
  public static func configuration(at path: String) throws -> Configuration {
    if kind(ofFile: path) == .folder {
      let folder = try CheckpointFolder(path: path)
      return try Configuration(folder.config, file: path + "/config.json")
    }
    if path.hasSuffix(".json") {
      let json = try MappedFile(path: path).withBytes { try JSON(reading: $0) }
      return try Configuration(json, file: path)
    }
    return try GGUFModel(path: path).configuration
  }

  private static func loadFolder(_ path: String, on device: any Device) throws -> Model {
    let source = try StoredModel(folder: path)
    try device.requireMemory(for: source.configuration, of: source.name)
    let weights = try source.configuration.weightShapes.map { shape in
      (shape.name, try source.elements(of: shape).weight(on: device))
    }
    let model = Model(
      name: source.name, configuration: source.configuration, weights: Weights(weights),
      text: source.text, storedType: source.storedType, device: device)
    model.provenance = source.provenance
    return model
  }

  private static func loadGGUF(_ path: String, on device: any Device) throws -> Model {
    let source = try GGUFModel(path: path)
    try source.refuseUnknown()
    let shapes = source.configuration.weightShapes
    for shape in shapes { try source.check(shape) }
    try device.requireMemory(for: source.configuration, of: lastName(of: path))
    let weights = try shapes.map { shape in
      (shape.name, try source.elements(of: shape).weight(on: device))
    }
    return Model(
      name: lastName(of: path), configuration: source.configuration, weights: Weights(weights),
      text: try source.text(), storedType: try source.storedType(), device: device)
  }
}

extension Configuration {
  /// The names under which a checkpoint may hold a weight.
  func spellings(of name: String) -> [String] {
    guard let prefix = family.optionalPrefix, name.hasPrefix(prefix) else { return [name] }
    return [name, String(name.dropFirst(prefix.count))]
  }

  /// A folder's tensor for a weight, under whichever of its names.
  /// - Throws: `CheckpointError` where there is none.
  package func requiredTensor(_ name: String, in folder: CheckpointFolder) throws -> StoredTensor {
    for spelling in spellings(of: name) {
      if let tensor = folder.tensor(named: spelling) { return tensor }
    }
    return try folder.requiredTensor(named: name)
  }
}

extension WeightShape {
  /// Refuses a stored tensor of another shape or kind.
  package func check(_ stored: StoredTensor, in architecture: Architecture) throws {
    let wanted = sizes(in: architecture)
    guard stored.shape == wanted else {
      throw stored.fault("has shape \(stored.shape), but the configuration asks for \(wanted)")
    }
    guard stored.type.isFloat else {
      throw stored.fault("is stored as \(stored.type.rawValue), which is no type of weights")
    }
  }
}

extension StoredTensor {
  /// The tensor in f32 on a device.
  package func load(on device: any Device) throws -> Tensor {
    let tensor = try Tensor(uninitialized: shape, on: device)
    try device.produce(tensor.region, count: count, granularity: 256) { output, range in
      try readFloats(range, into: output)
    }
    return tensor
  }
}

extension TextSupport {
  /// The tokenizer of a Hugging Face folder, and the files to save with the model.
  init(_ folder: CheckpointFolder) throws {
    var names = folder.tokenizerFiles
    if folder.generationConfig != nil { names.append("generation_config.json") }
    let files = try names.map { name in
      (name: name, content: try MappedFile(path: folder.path + "/" + name).withBytes { Array($0) })
    }
    func json(_ name: String) throws -> JSON? {
      guard let file = files.first(where: { $0.name == name }) else { return nil }
      do {
        return try JSON(reading: file.content)
      } catch {
        throw FileError(path: folder.path + "/" + name, reason: "\(error)")
      }
    }
    do {
      let tokenizer = try json("tokenizer.json").map {
        let template = files.first { $0.name == "chat_template.jinja" }?.content
        return try Tokenizer(
          tokenizerJSON: $0,
          configuration: Self.settings(try json("tokenizer_config.json"), template: template))
      }
      self.init(tokenizer: tokenizer, files: files)
    } catch TokenizerError.unsupported(let reason) {
      self.init(tokenizer: nil, problem: "its tokenizer is not read: \(reason)", files: files)
    } catch let error as TokenizerError {
      throw FileError(path: folder.path + "/tokenizer.json", reason: "\(error)")
    }
  }

  /// The tokenizer's settings, with the template of a file of its own, which newer versions of
  /// transformers write in its place.
  private static func settings(_ settings: JSON?, template: [UInt8]?) -> JSON? {
    guard let template else { return settings }
    var members = settings?.object ?? JSONObject()
    members["chat_template"] = .string(String(decoding: template, as: UTF8.self))
    return .object(members)
  }
}
