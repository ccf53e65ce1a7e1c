extension Method {
  /// The receiver of a dict's method.
  private static func object(_ value: Value) -> DictObject {
    if case .dict(let dict) = value { dict } else { DictObject() }
  }

  static var dict: [Method] {
    [
      Method("get", "key, default=None, /", "The value of a key, or the default.") {
        dict, arguments, _ in
        try object(dict).value(for: arguments.value("key")) ?? arguments.value("default")
      },
      Method("keys", "", "The keys in order.") { dict, _, _ in
        .object(DictView(object(dict), .keys))
      },
      Method("values", "", "The values in order.") { dict, _, _ in
        .object(DictView(object(dict), .values))
      },
      Method("items", "", "The pairs of key and value in order.") { dict, _, _ in
        .object(DictView(object(dict), .items))
      },
      Method("pop", "key, default=None, /", "Removes a key and returns its value.") {
        dict, arguments, _ in
        let key = arguments.value("key")
        if let entry = try object(dict).remove(key) { return entry.value }
        if arguments.isGiven("default") { return arguments.value("default") }
        throw LanguageError("the dict has no key \(key.shortRepresentation)")
      },
      Method("popitem", "", "Removes the last pair and returns it.") { dict, _, _ in
        guard let entry = object(dict).removeLast() else {
          throw LanguageError("the dict is empty")
        }
        return .tuple([entry.key, entry.value])
      },
      Method("setdefault", "key, default=None, /", "The value of a key, set first if it is new.") {
        dict, arguments, _ in
        let key = arguments.value("key")
        if let value = try object(dict).value(for: key) { return value }
        try object(dict).set(key, to: arguments.value("default"))
        return arguments.value("default")
      },
      Method("update", "other=None, /, **entries", "Sets all entries of another dict.") {
        dict, arguments, _ in
        let dict = object(dict)
        if !arguments.value("other").isNone { try dict.merge(arguments.value("other")) }
        try dict.merge(.dict(arguments.keywords("entries")))
        return .none
      },
      Method("copy", "", "A new dict of the same entries.") { dict, _, _ in
        let copy = DictObject()
        try copy.merge(dict)
        return .dict(copy)
      },
      Method("clear", "", "Removes all entries.") { dict, _, _ in
        object(dict).removeAll()
        return .none
      },
    ]
  }
}

/// What `keys`, `values` and `items` return: it follows the dict.
final class DictView: HostObject {
  enum Part: String { case keys, values, items }

  private let dict: DictObject
  private let part: Part

  init(_ dict: DictObject, _ part: Part) {
    self.dict = dict
    self.part = part
  }

  var typeName: String { "dict_\(part.rawValue)" }

  private func element(_ entry: DictObject.Entry) -> Value {
    switch part {
    case .keys: entry.key
    case .values: entry.value
    case .items: .tuple([entry.key, entry.value])
    }
  }

  func representation() throws -> String {
    "\(typeName)(\(try Value.list(dict.entries.map(element)).representation()))"
  }

  func length() -> Int? { dict.count }

  func iterate() -> ValueIterator? { dict.makeIterator(element) }

  func contains(_ value: Value) throws -> Bool? {
    part == .keys ? try dict.value(for: value) != nil : nil
  }

  func binary(_ operation: BinaryOperator, _ other: Value, reflected: Bool) throws -> Value? {
    guard operation == .equal || operation == .notEqual, part != .values,
      case .object(let object) = other, let view = object as? DictView, view.part == part
    else { return nil }
    var isEqual = dict.count == view.dict.count
    for entry in dict.entries where isEqual {
      isEqual = try view.contains(entry)
    }
    return .bool(isEqual == (operation == .equal))
  }

  /// Whether the dict behind has an entry, its value counting for `items` alone.
  private func contains(_ entry: DictObject.Entry) throws -> Bool {
    guard let value = try dict.value(for: entry.key) else { return false }
    return try part == .keys || Equality.holdsOrSame(value, entry.value)
  }
}
