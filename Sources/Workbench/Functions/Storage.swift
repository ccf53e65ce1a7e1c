import Checkpoints
import Compression
import Figures
import Files
import JSONFormat
import Kernels
import Language
import Models
import Tensors

extension Session {
  /// The value stored at a path.
  func load(_ given: String) throws -> Value {
    let place = path(given)
    if kind(ofFile: place) == .file {
      if place.hasSuffix(".npy") { return .tensor(try loadArray(place)) }
      if place.hasSuffix(".safetensors") { return try loadTensors(place) }
      guard place.hasSuffix(".gguf") else {
        throw FileError(
          path: given,
          reason: "cannot be loaded: a model is a folder or a .gguf, a tensor .npy, a dict of "
            + "tensors .safetensors")
      }
    }
    if Run.isSaved(at: place) { return .object(try loadRun(place)) }
    let model = try Model.load(place, on: device)
    noteLoaded(model)
    modelOrigins.append(ModelOrigin(of: model, path: canonicalPath(place)))
    return .object(ModelObject(model))
  }

  /// The record of a saved run; its student is loaded when it is asked for.
  func loadRun(_ place: String) throws -> RunObject {
    RunObject(try Run(saved: place), on: device, folder: canonicalPath(place)) { [device] in
      try Run.student(ofRunAt: place, on: device)
    }
  }

  /// Keeps a model's name for the metadata of figures.
  func noteLoaded(_ model: Model) {
    if !loadedModels.contains(model.name) { loadedModels.append(model.name) }
  }

  private func loadArray(_ place: String) throws -> Tensor {
    try tensor(try NumpyFile(path: place).tensor)
  }

  private func loadTensors(_ place: String) throws -> Value {
    let file = try SafetensorsFile(path: place)
    if let importance = try Importance(file) {
      noteScores(importance)
      return .object(ImportanceObject(importance, on: device))
    }
    return .dict(DictObject(try file.tensors.map { ($0.name, .tensor(try tensor($0))) }))
  }

  func tensor(_ stored: StoredTensor) throws -> Tensor {
    if stored.type.isFloat { return try stored.load(on: device) }
    let integers = try stored.integers()
    guard stored.type == .bool else {
      return try Tensor(integers, shape: stored.shape, on: device)
    }
    return try Tensor(integers.map { $0 != 0 }, shape: stored.shape, on: device)
  }

  /// Writes a value where and how the arguments say.
  func save(_ arguments: BoundArguments) throws -> Value {
    let given = try arguments.string("path")
    let place = path(given)
    let value = arguments.value("value")
    func requireEnding(_ endings: String...) throws {
      guard !endings.contains(where: place.hasSuffix) else { return }
      throw FileError(
        path: given,
        reason: "\(value.typePhrase) is saved as \(endings.joined(separator: ", "))")
    }
    if arguments.isGiven("dtype"), !value.isModel {
      throw LanguageError("dtype= is for models, not for \(value.typePhrase)")
    }
    for name in ["width", "height", "dpi", "theme"] where arguments.isGiven(name) && !value.isFigure
    {
      throw LanguageError("\(name)= is for figures, not for \(value.typePhrase)")
    }
    switch value {
    case .object(let object as ModelObject):
      for ending in [".gguf", ".safetensors", ".npy"] where place.hasSuffix(ending) {
        throw FileError(path: given, reason: "a model is saved as a folder, not as \(ending)")
      }
      try object.model.save(to: place, as: try storedType(arguments))
      warn(object.model.configuration.transformersRefusal.map { [$0] } ?? [])
    case .object(let object as TensorObject):
      try requireEnding(".npy")
      try writeNumpy(place, object.tensor.writable(name: ""))
    case .object(let object as TokensObject):
      try requireEnding(".npy")
      try writeNumpy(place, object.tensor().writable(name: ""))
      if object.windows.learnt != nil {
        warn(["\(given) keeps the ids alone: which of them are learnt is not in it"])
      }
    case .object(let object as ImportanceObject):
      try requireEnding(".safetensors")
      try object.importance.save(to: place)
    case .object(let object as TableObject):
      try requireEnding(".csv", ".json", ".tex")
      try writeFile(place) { try $0.write(object.text(for: place)) }
    case .object(let object as FigureObject):
      try save(object.figure, given, arguments)
    case .dict(let dict):
      try requireEnding(".safetensors")
      try saveTensors(dict, to: place)
    default:
      throw LanguageError(
        "\(value.typePhrase) cannot be saved: models, tensors, tokens, dicts of tensors, "
          + "importance, tables and figures can")
    }
    return .none
  }

  private func storedType(_ arguments: BoundArguments) throws -> StoredType? {
    guard let name = try arguments.optionalString("dtype") else { return nil }
    guard let type = StoredType(rawValue: name), [.f32, .bf16, .f16].contains(type) else {
      throw LanguageError("dtype must be 'f32', 'bf16' or 'f16', not '\(name)'")
    }
    return type
  }

  private func saveTensors(_ dict: DictObject, to place: String) throws {
    let tensors = try dict.entries.map { key, value in
      guard let name = key.asString, case .object(let object) = value,
        let tensor = (object as? TensorObject)?.tensor
      else {
        throw LanguageError("a dict is saved where its keys are strings and its values tensors")
      }
      return try tensor.writable(name: name)
    }
    try writeSafetensors(place, tensors)
  }
}

extension Value {
  fileprivate var isModel: Bool {
    if case .object(let object) = self { object is ModelObject } else { false }
  }

  fileprivate var isFigure: Bool {
    if case .object(let object) = self { object is FigureObject } else { false }
  }
}

extension Tensor {
  /// This tensor as one to be written in its own type.
  func writable(name: String) throws -> WritableTensor {
    switch type {
    case .f32: writable(name: name, as: .f32)
    case .i64: WritableTensor(name: name, shape: shape, integers: try integers())
    case .bool: WritableTensor(name: name, type: .bool, shape: shape, integers: try integers())
    }
  }
}
