extension Value {
  /// Whether the value counts as true in a condition.
  /// - Throws: what a host's object throws, such as a tensor of many elements.
  public func truth() throws -> Bool {
    switch self {
    case .none: false
    case .bool(let value): value
    case .int(let value): value != 0
    case .float(let value): value != 0
    case .string(let value): !value.isEmpty
    case .list(let list): !list.elements.isEmpty
    case .tuple(let tuple): !tuple.isEmpty
    case .dict(let dict): dict.count > 0
    case .range(let range): range.count > 0
    case .object(let object): try object.truth()
    case .slice, .ellipsis, .function, .builtin: true
    }
  }

  /// `len(x)`.
  /// - Throws: `LanguageError` where the value has no length.
  public func length() throws -> Int {
    switch self {
    case .string(let value): return value.unicodeScalars.count
    case .list(let list): return list.elements.count
    case .tuple(let tuple): return tuple.count
    case .dict(let dict): return dict.count
    case .range(let range): return range.count
    case .object(let object):
      if let length = try object.length() { return length }
    default: break
    }
    throw LanguageError("\(typePhrase) has no length")
  }
}
