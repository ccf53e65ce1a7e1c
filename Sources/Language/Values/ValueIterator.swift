/// A one-way walk over values.
public final class ValueIterator {
  private let advance: () throws -> Value?

  /// A walk whose next element is what the closure returns, nil at the end.
  public init(_ advance: @escaping () throws -> Value?) {
    self.advance = advance
  }

  /// A walk over an array.
  public convenience init(_ values: [Value]) {
    var position = 0
    self.init {
      guard position < values.count else { return nil }
      defer { position += 1 }
      return values[position]
    }
  }

  /// The next element, nil at the end.
  public func next() throws -> Value? { try advance() }
}

/// What `zip`, `enumerate`, `map` and the like return: it can be walked once.
final class IteratorObject: HostObject {
  let typeName: String
  let iterator: ValueIterator

  /// A walk that looks for an interrupt now and then, whoever drains it.
  init(
    _ typeName: String, _ interpreter: Interpreter, _ advance: @escaping () throws -> Value?
  ) {
    self.typeName = typeName
    var steps = 0
    self.iterator = ValueIterator {
      if steps & 0x3FF == 0 { try interpreter.poll() }
      steps &+= 1
      return try advance()
    }
  }

  func representation() -> String { "<\(typeName) object>" }
  func iterate() -> ValueIterator? { iterator }
}

extension Value {
  /// The elements that `for` walks.
  /// - Throws: `LanguageError` where the value cannot be walked.
  public func makeIterator() throws -> ValueIterator {
    switch self {
    case .list(let list): return list.makeIterator()
    case .tuple(let tuple): return ValueIterator(tuple.elements)
    case .dict(let dict): return dict.makeIterator { $0.key }
    case .string(let text):
      var scalars = text.unicodeScalars.makeIterator()
      return ValueIterator { scalars.next().map { .string(String($0)) } }
    case .range(let range):
      var position = 0
      return ValueIterator {
        guard position < range.count else { return nil }
        defer { position += 1 }
        return .int(range[position])
      }
    case .object(let object):
      if let iterator = try object.iterate() { return iterator }
      throw LanguageError("\(typePhrase) cannot be walked by a loop")
    default:
      throw LanguageError("\(typePhrase) cannot be walked by a loop")
    }
  }

  /// All elements that `for` would walk.
  /// - Throws: `LanguageError` where the value cannot be walked or holds too many elements.
  public func elements() throws -> [Value] {
    switch self {
    case .list(let list): return list.elements
    case .tuple(let tuple): return tuple.elements
    case .range(let range): try Limits.check(count: range.count, of: "a list")
    default: break
    }
    var result: [Value] = []
    let iterator = try makeIterator()
    while let element = try iterator.next() {
      if result.count >= Limits.elements { throw Limits.tooLarge("a list", result.count) }
      result.append(element)
    }
    return result
  }
}

extension ListObject {
  /// Walks the list as it is at each step: elements added on the way are seen, as in Python.
  func makeIterator() -> ValueIterator {
    var position = 0
    return ValueIterator { [self] in
      guard position < elements.count else { return nil }
      defer { position += 1 }
      return elements[position]
    }
  }
}

extension DictObject {
  /// Walks the entries; a key added or removed on the way is an error.
  func makeIterator(_ part: @escaping (Entry) -> Value) -> ValueIterator {
    let count = self.count
    var slot = 0
    return ValueIterator { [self] in
      if self.count != count { throw LanguageError("the dict changed its size during the loop") }
      guard let (entry, next) = entry(from: slot) else { return nil }
      slot = next
      return part(entry)
    }
  }
}
