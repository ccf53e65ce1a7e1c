import Checkpoints
import Files
import JSONFormat
import Kernels
import Language
import Models
import Tensors

/// Why a value is not kept with its session.
struct CannotKeep: Error {
  /// A clause.
  let reason: String
}

/// Turns the variables of a session into what its folder holds:
///
///     session.json         variables, history, and every value that is no number or string
///     tensors.safetensors  the elements of tensors and tokens
///     importance-N.safetensors
///     models/N/            the models that were made or changed, as Hugging Face folders in f32
///
/// A value that several variables share is written once and shared again when it is read.
struct SessionWriter {
  /// The values so far; a value that is no plain number or string is named by its position here.
  private(set) var nodes: [JSON] = []
  /// The positions of what has an identity.
  private var positions: [ObjectIdentifier: Int] = [:]
  /// Keeps the objects alive whose identities are noted.
  private var noted: [AnyObject] = []
  /// What `tensors.safetensors` will hold.
  private var tensors: [WritableTensor] = []
  /// What the other files will hold.
  private(set) var importances: [ImportanceObject] = []
  private(set) var models: [Model] = []
  /// Where the weights of models are, a folder of the session or the place they were loaded from.
  private(set) var checkpoints: [JSON] = []
  private var checkpointPositions: [ObjectIdentifier: Int] = [:]

  /// Finds the origin of a model whose weights are those of its file.
  let origin: (Model) -> String?
  let builtins: [String: Value]

  private static let deepest = 200

  init(origin: @escaping (Model) -> String?, builtins: [String: Value]) {
    self.origin = origin
    self.builtins = builtins
  }

  /// Notes a variable's value.
  /// - Returns: how `session.json` refers to it.
  /// - Throws: `CannotKeep`; nothing of the value is then noted.
  mutating func note(_ value: Value) throws -> JSON {
    let before = self
    do {
      return try reference(value, depth: 0)
    } catch {
      self = before
      throw error
    }
  }

  /// Writes the files that the values need, `session.json` left out.
  /// - Throws: `FileError`, `CheckpointError`, what the device throws.
  func writeFiles(to folder: String) throws {
    if !tensors.isEmpty { try writeSafetensors(folder + "/tensors.safetensors", tensors) }
    for (number, object) in importances.enumerated() {
      try object.importance.save(to: "\(folder)/importance-\(number).safetensors")
    }
    if !models.isEmpty { try makeFolder(folder + "/models") }
    for (number, model) in models.enumerated() {
      try Interrupt.check()
      try model.save(to: "\(folder)/models/\(number)", as: .f32)
    }
  }

  // MARK: Values

  /// A plain value as it is, any other by its position.
  mutating func reference(_ value: Value, depth: Int) throws -> JSON {
    guard depth < Self.deepest else {
      throw CannotKeep(reason: "it is nested more than \(Self.deepest) deep")
    }
    switch value {
    case .none: return .null
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .float(let value): return .double(value)
    case .string(let value): return .string(value)
    default: return ["value": .int(try position(value, depth: depth))]
    }
  }

  private mutating func position(_ value: Value, depth: Int) throws -> Int {
    switch value {
    case .list(let list):
      return try once(list) { writer in
        try writer.node("list", ("items", writer.references(list.elements, depth: depth)))
      }
    case .tuple(let tuple):
      let items = try references(tuple.elements, depth: depth)
      return append(try node("tuple", ("items", items)))
    case .dict(let dict):
      return try once(dict) { writer in
        let entries = try dict.entries.map { entry -> JSON in
          .array([
            try writer.reference(entry.key, depth: depth + 1),
            try writer.reference(entry.value, depth: depth + 1),
          ])
        }
        return try writer.node("dict", ("entries", .array(entries)))
      }
    case .range(let range):
      let parts = [range.start, range.stop, range.step].map { JSON.int($0) }
      return append(try node("range", ("parts", .array(parts))))
    case .function(let function):
      guard let source = function.sourceText else {
        throw CannotKeep(reason: "it needs the variables of the function that made it")
      }
      return try once(function) { writer in
        let defaults = try function.defaults.map { name, value -> JSON in
          [.string(name), try writer.reference(value, depth: depth + 1)]
        }
        return try writer.node(
          "function", ("source", .string(source)), ("defaults", .array(defaults)))
      }
    case .builtin(let function):
      guard case .builtin(let known)? = builtins[function.name], known === function else {
        throw CannotKeep(reason: "it is a method of a value")
      }
      return append(try node("builtin", ("name", .string(function.name))))
    case .object(let object):
      // Models have an identity of their own: several values may show one.
      if let object = object as? ModelObject {
        return try once(object.model) { try $0.model(object.model) }
      }
      return try once(object) { try $0.node(object, depth: depth) }
    default: throw CannotKeep(reason: "\(value.typePhrase) has no form in a file")
    }
  }

  mutating func references(_ values: [Value], depth: Int) throws -> JSON {
    .array(try values.map { try reference($0, depth: depth + 1) })
  }

  /// The position of what has an identity: the place is taken before its parts are noted, which may
  /// hold it again.
  private mutating func once(
    _ object: AnyObject, _ make: (inout SessionWriter) throws -> JSON
  ) throws -> Int {
    if let position = positions[ObjectIdentifier(object)] { return position }
    let position = append(.null)
    positions[ObjectIdentifier(object)] = position
    noted.append(object)
    nodes[position] = try make(&self)
    return position
  }

  private mutating func append(_ node: JSON) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  func node(_ type: String, _ members: (key: String, value: JSON)...) throws -> JSON {
    .object(JSONObject([("type", .string(type))] + members))
  }

  // MARK: Parts of files

  /// Notes the elements of a tensor and gives the name that they get.
  mutating func store(_ tensor: Tensor) throws -> JSON {
    let name = "t\(tensors.count)"
    tensors.append(try tensor.writable(name: name))
    return .string(name)
  }

  /// Notes an importance and gives its number.
  mutating func store(_ importance: ImportanceObject) -> JSON {
    importances.append(importance)
    return .int(importances.count - 1)
  }

  /// A model: its weights where they are, and the masks that were laid over them.
  private mutating func model(_ model: Model) throws -> JSON {
    var masks: [JSON] = []
    var base = model
    while let mask = base.mask, let under = base.unmasked {
      masks.insert(mask.json, at: 0)
      base = under
    }
    return try node(
      "model", ("checkpoint", .int(try checkpoint(base))), ("name", .string(model.name)),
      ("dtype", .string(model.storedType.rawValue)), ("masks", .array(masks)))
  }

  private mutating func checkpoint(_ model: Model) throws -> Int {
    if let position = checkpointPositions[ObjectIdentifier(model.weights)] { return position }
    if let path = origin(model) {
      checkpoints.append(["path": .string(path), "stamp": .string(ModelOrigin.stamp(path))])
    } else {
      if let obstacle = model.configuration.obstacleToSaving {
        throw CannotKeep(reason: "\(model.name) cannot be saved: \(obstacle)")
      }
      checkpoints.append(["folder": .string("models/\(models.count)")])
      models.append(model)
    }
    checkpointPositions[ObjectIdentifier(model.weights)] = checkpoints.count - 1
    noted.append(model.weights)
    return checkpoints.count - 1
  }
}
