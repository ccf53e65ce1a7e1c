/// A key by Python's equality: `1`, `1.0` and `True` are one key, strings compare by their scalars.
struct DictKey: Hashable {
  private enum Form: Hashable {
    case none, ellipsis
    case int(Int)
    case float(UInt64)
    case string(TextKey)
    case tuple([DictKey])
    case range(Int, Int, Int)
    case identity(ObjectIdentifier)
    case type(String)
  }
  private let form: Form

  /// - Throws: `LanguageError` where the value cannot be a key.
  init(_ value: Value) throws {
    var budget = 1_000_000
    try self.init(value, depth: 0, budget: &budget)
  }

  init(text: String) {
    form = .string(TextKey(text))
  }

  private init(_ value: Value, depth: Int, budget: inout Int) throws {
    budget -= 1
    if depth > 100 || budget < 0 { throw LanguageError("the key is nested too deeply") }
    switch value {
    case .none: form = .none
    case .ellipsis: form = .ellipsis
    case .bool(let value): form = .int(value ? 1 : 0)
    case .int(let value): form = .int(value)
    case .float(let value):
      form = Int(exactly: value).map { .int($0) } ?? .float(value.bitPattern)
    case .string(let value): form = .string(TextKey(value))
    case .tuple(let tuple):
      var keys: [DictKey] = []
      for element in tuple {
        keys.append(try DictKey(element, depth: depth + 1, budget: &budget))
      }
      form = .tuple(keys)
    case .range(let range): form = .range(range.count, range.start, range.step)
    case .function(let function): form = .identity(ObjectIdentifier(function))
    case .builtin(let function): form = .identity(ObjectIdentifier(function))
    case .object(let type as TypeObject): form = .type(type.name)
    case .object(let object): form = .identity(ObjectIdentifier(object))
    case .list, .dict, .slice:
      throw LanguageError(
        "\(value.typePhrase) cannot be a key: use a string, a number or a tuple of them")
    }
  }
}

/// A string hashed and compared by its bytes.
struct TextKey: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: TextKey, right: TextKey) -> Bool { sameText(left.text, right.text) }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// A mutable dict that keeps the order of insertion, shared by all that name it.
public final class DictObject: Container {
  /// A key and its value.
  public typealias Entry = (key: Value, value: Value)

  private var positions: [DictKey: Int] = [:]
  /// Entries in order; nil where one was removed.
  private var slots: [(key: DictKey, entry: Entry)?] = []

  /// An empty dict.
  public override init() {}

  /// A dict with string keys; a later one of the same name replaces an earlier one.
  public convenience init(_ entries: [(String, Value)]) {
    self.init()
    for (key, value) in entries { set(DictKey(text: key), (.string(key), value)) }
  }

  /// How many entries there are.
  public var count: Int { positions.count }

  /// The entries in order. O(count).
  public var entries: [Entry] { slots.compactMap { $0?.entry } }

  /// The value of a string key, or nil.
  public subscript(name: String) -> Value? {
    positions[DictKey(text: name)].flatMap { slots[$0]?.entry.value }
  }

  /// The value of a key, or nil.
  /// - Throws: `LanguageError` where the value cannot be a key.
  public func value(for key: Value) throws -> Value? {
    positions[try DictKey(key)].flatMap { slots[$0]?.entry.value }
  }

  /// Sets the value of a key; a new key goes to the end.
  /// - Throws: `LanguageError` where the value cannot be a key or the dict is full.
  public func set(_ key: Value, to value: Value) throws {
    let form = try DictKey(key)
    if positions.count >= Limits.elements { throw Limits.tooLarge("a dict", positions.count) }
    set(form, (key, value))
  }

  private func set(_ key: DictKey, _ entry: Entry) {
    if let position = positions[key] {
      // The first spelling of the key stays: {1: "a"} | {True: "b"} is {1: "b"}.
      slots[position]?.entry.value = entry.value
    } else {
      positions[key] = slots.count
      slots.append((key, entry))
    }
  }

  /// Removes a key and returns its entry, nil where there is none.
  /// - Throws: `LanguageError` where the value cannot be a key.
  @discardableResult public func remove(_ key: Value) throws -> Entry? {
    guard let position = positions.removeValue(forKey: try DictKey(key)) else { return nil }
    let entry = slots[position]?.entry
    slots[position] = nil
    while let last = slots.last, last == nil { slots.removeLast() }
    if slots.count > 32, slots.count > 2 * positions.count { compact() }
    return entry
  }

  /// Removes the last entry and returns it.
  func removeLast() -> Entry? {
    guard let (key, entry) = slots.popLast() ?? nil else { return nil }
    positions[key] = nil
    while let last = slots.last, last == nil { slots.removeLast() }
    return entry
  }

  /// Removes everything.
  public func removeAll() { dismantle() }

  private func compact() {
    slots = slots.filter { $0 != nil }
    for (position, slot) in slots.enumerated() {
      if let slot { positions[slot.key] = position }
    }
  }

  /// The entry at or after a slot, with the slot that follows it.
  func entry(from slot: Int) -> (entry: Entry, next: Int)? {
    var slot = slot
    while slot < slots.count {
      if let found = slots[slot] { return (found.entry, slot + 1) }
      slot += 1
    }
    return nil
  }

  override func surrender(into pending: inout [Container]) {
    for case (_, let entry)? in slots { pending.collect([entry.key, entry.value]) }
    slots = []
    positions = [:]
  }

  deinit { dismantle() }
}
