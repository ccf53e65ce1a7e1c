import JSONFormat
import Language
import Tensors

extension Value {
  /// A JSON value in the language.
  init(json: JSON) throws {
    switch json {
    case .null: self = .none
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .double(let value): self = .float(value)
    case .string(let value): self = .string(value)
    case .array(let elements): self = .list(try elements.map { try Value(json: $0) })
    case .object(let object):
      self = .dict(DictObject(try object.members.map { ($0.key, try Value(json: $0.value)) }))
    }
  }

  /// The value as JSON; tensors become lists, tuples too.
  /// - Throws: `LanguageError` for what JSON has no form for.
  func json(depth: Int = 0) throws -> JSON {
    guard depth < 100 else { throw LanguageError("json: nested more than 100 deep") }
    switch self {
    case .none: return .null
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .float(let value): return .double(value)
    case .string(let value): return .string(value)
    case .list, .tuple, .range:
      return .array(try elements().map { try $0.json(depth: depth + 1) })
    case .dict(let dict):
      return .object(
        JSONObject(
          try dict.entries.map { key, value in
            guard let name = key.asString ?? key.asInt.map(String.init) else {
              throw LanguageError("json: a key must be a string or an int, not \(key.typePhrase)")
            }
            return (key: name, value: try value.json(depth: depth + 1))
          }))
    case .object(let object as TensorObject):
      return try object.tensor.listValue().json(depth: depth)
    case .object(let object as TableObject):
      return try Value.list(object.elements()).json(depth: depth)
    default: throw LanguageError("json: there is no form for \(typePhrase)")
    }
  }
}

extension TableObject {
  /// The rows as dicts.
  func elements() throws -> [Value] { try Value.object(self).elements() }
}
