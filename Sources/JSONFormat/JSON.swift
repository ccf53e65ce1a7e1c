/// A JSON value that keeps what Foundation's reader loses: the order of an object's members, the
/// difference between `1` and `1.0`, and keys that differ in bytes while Swift's `String` calls
/// them equal (two tokens of a vocabulary may be canonically equivalent).
public enum JSON: Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

/// The members of an object in their order.
public struct JSONObject: Sendable {
  /// A key and its value.
  public typealias Member = (key: String, value: JSON)

  /// All members, in the order of the text.
  public private(set) var members: [Member]

  /// Makes an object of members whose keys differ.
  public init(_ members: [Member] = []) {
    self.members = members
  }

  /// The value of `key`, compared byte for byte. O(members). Setting nil removes the member;
  /// setting a new key appends it.
  public subscript(key: String) -> JSON? {
    get { index(of: key).map { members[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((key, value))
      case (nil, nil): break
      }
    }
  }

  /// The keys in order.
  public var keys: [String] { members.map(\.key) }

  private func index(of key: String) -> Int? {
    members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
  }
}

extension JSON {
  /// The member of an object, nil where there is none or the value is no object.
  public subscript(key: String) -> JSON? {
    if case .object(let object) = self { object[key] } else { nil }
  }

  /// The value as a Boolean, or nil.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The value as an integer, or nil; `2.0` is not one.
  public var int: Int? { if case .int(let value) = self { value } else { nil } }

  /// The value as a floating-point number, integers included, or nil.
  public var double: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// The value as a string, or nil.
  public var string: String? { if case .string(let value) = self { value } else { nil } }

  /// The elements of an array, or nil.
  public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }

  /// The value as an object, or nil.
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// Whether the value is `null`.
  public var isNull: Bool { if case .null = self { true } else { false } }
}

extension JSON: Equatable {
  /// Equality by value, strings by their bytes, objects by their members in order.
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.double(let a), .double(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.members.elementsEqual(b.members) {
        $0.key.utf8.elementsEqual($1.key.utf8) && $0.value == $1.value
      }
    default: false
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An integer.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A floating-point number.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// A Boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An array.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// An object with its members in the order written.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(JSONObject(elements.map { (key: $0.0, value: $0.1) }))
  }
}
