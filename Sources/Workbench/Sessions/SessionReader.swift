import Checkpoints
import Files
import JSONFormat
import Language
import Models
import Tensors

/// Why a value of a kept session cannot be had again though its folder is whole: what it refers to
/// elsewhere is gone.
struct LostReference: Error {
  /// A clause.
  let reason: String
}

/// Makes the values of a kept session again; believes nothing that the folder says.
final class SessionReader {
  let folder: String
  let session: Session
  private let nodes: [JSON]
  private let checkpoints: [JSON]
  private let file: SafetensorsFile?
  private var made: [Int: Value] = [:]
  private var bases: [Int: Model] = [:]
  /// What should be known of what was read, a line each.
  private(set) var notices: [String] = []

  private static let deepest = 1_000

  /// - Throws: `FileError`, `CheckpointError` for a damaged folder.
  init(folder: String, index: JSON, for session: Session) throws {
    self.folder = folder
    self.session = session
    guard let nodes = index["values"]?.array, let checkpoints = index["checkpoints"]?.array else {
      throw Self.damage(folder, "says nothing of its values")
    }
    self.nodes = nodes
    self.checkpoints = checkpoints
    let tensors = folder + "/tensors.safetensors"
    file = kind(ofFile: tensors) == .file ? try SafetensorsFile(path: tensors) : nil
  }

  /// The error for content that no session writes.
  static func damage(_ folder: String, _ reason: String) -> FileError {
    FileError(path: folder + "/" + SessionPlace.index, reason: "is damaged: it \(reason)")
  }

  func damage(_ reason: String) -> FileError { Self.damage(folder, reason) }

  /// The value of a variable.
  /// - Throws: as `value`; what was made on the way is then forgotten, since it may lack parts.
  func variable(_ reference: JSON) throws -> Value {
    let before = made
    do {
      return try value(reference)
    } catch {
      made = before
      throw error
    }
  }

  /// The value that a reference stands for.
  /// - Throws: `FileError` for a damaged folder; `LostReference`.
  func value(_ reference: JSON, depth: Int = 0) throws -> Value {
    switch reference {
    case .null: return .none
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .double(let value): return .float(value)
    case .string(let value): return .string(value)
    default: break
    }
    guard let position = reference["value"]?.int, nodes.indices.contains(position),
      depth < Self.deepest
    else { throw damage("refers to a value that is not there") }
    if let value = made[position] { return value }
    let value = try make(nodes[position], at: position, depth: depth)
    made[position] = value
    return value
  }

  private func make(_ node: JSON, at position: Int, depth: Int) throws -> Value {
    switch node["type"]?.string {
    case "list":
      let list = ListObject()
      // Before its elements, which may hold it again.
      made[position] = .list(list)
      list.elements = try values(node["items"], depth: depth)
      return .list(list)
    case "tuple": return .tuple(try values(node["items"], depth: depth))
    case "dict":
      let dict = DictObject()
      made[position] = .dict(dict)
      for entry in try array(node["entries"]) {
        let pair = try values(entry, depth: depth)
        guard pair.count == 2 else { throw damage("has an entry that is no pair") }
        try dict.set(pair[0], to: pair[1])
      }
      return .dict(dict)
    case "range":
      let parts = try array(node["parts"]).compactMap(\.int)
      guard parts.count == 3,
        let range = RangeValue(start: parts[0], stop: parts[1], step: parts[2])
      else { throw damage("has a range that is none") }
      return .range(range)
    case "function": return try function(node, depth: depth)
    case "builtin":
      let name = try string(node["name"])
      guard let function = session.interpreter.builtins[name] else {
        throw LostReference(reason: "there is no function '\(name)' here")
      }
      return function
    default: return try object(node, depth: depth)
    }
  }

  /// A function of its source, which is read and not run, and its defaults.
  private func function(_ node: JSON, depth: Int) throws -> Value {
    var defaults: [String: Value] = [:]
    for entry in try array(node["defaults"]) {
      guard let pair = entry.array, pair.count == 2, let name = pair[0].string else {
        throw damage("has a default that is no pair")
      }
      defaults[name] = try value(pair[1], depth: depth + 1)
    }
    do {
      return .function(
        try session.interpreter.function(of: try string(node["source"]), defaults: defaults))
    } catch let error as LanguageError {
      throw LostReference(reason: "its source cannot be read: \(error.message)")
    }
  }

  // MARK: Parts

  func array(_ json: JSON?) throws -> [JSON] {
    guard let array = json?.array else { throw damage("has a value without its parts") }
    return array
  }

  func string(_ json: JSON?) throws -> String {
    guard let text = json?.string else { throw damage("has a value without its text") }
    return text
  }

  func values(_ json: JSON?, depth: Int) throws -> [Value] {
    try array(json).map { try value($0, depth: depth + 1) }
  }

  func tensor(_ name: JSON?) throws -> Tensor {
    guard let name = name?.string, let stored = file?.tensor(named: name) else {
      throw damage("refers to a tensor that is not there")
    }
    return try session.tensor(stored)
  }

  /// A model: its weights once, however many views there are.
  func model(_ node: JSON) throws -> Model {
    guard let position = node["checkpoint"]?.int, checkpoints.indices.contains(position),
      let masks = node["masks"]?.array
    else { throw damage("has a model without its weights") }
    let base = try base(position)
    var model = base
    for json in masks {
      guard let mask = Mask(json, of: base.architecture) else {
        throw damage("has a mask that does not fit \(base.name)")
      }
      model = try Model(masking: model, with: mask)
    }
    if let name = node["name"]?.string { model.name = name }
    if let type = node["dtype"]?.string.flatMap(StoredType.init),
      [.f32, .bf16, .f16].contains(type)
    {
      model.storedType = type
    }
    return model
  }

  private func base(_ position: Int) throws -> Model {
    if let model = bases[position] { return model }
    let checkpoint = checkpoints[position]
    let model: Model
    if let path = checkpoint["path"]?.string {
      guard kind(ofFile: path) != .missing else {
        throw LostReference(reason: "\(path) is no longer there")
      }
      if checkpoint["stamp"]?.string != ModelOrigin.stamp(path) {
        notices.append("warning: \(path) was changed after the session was saved")
      }
      model = try Model.load(path, on: session.device)
      session.modelOrigins.append(ModelOrigin(of: model, path: path))
    } else {
      guard let name = checkpoint["folder"]?.string, name.hasPrefix("models/"),
        let number = Int(name.dropFirst(7)), number >= 0
      else { throw damage("has weights that are nowhere") }
      model = try Model.load("\(folder)/models/\(number)", on: session.device)
    }
    bases[position] = model
    return model
  }
}
