/// A value of the language.
public enum Value {
  /// `None`.
  case none
  /// `True` or `False`.
  case bool(Bool)
  /// A 64-bit integer.
  case int(Int)
  /// A floating-point number.
  case float(Double)
  /// A string, indexed by Unicode scalar as in Python.
  case string(String)
  /// A list; copies share it.
  case list(ListObject)
  /// A tuple.
  case tuple(Tuple)
  /// A dict in insertion order; copies share it.
  case dict(DictObject)
  /// The result of `range`.
  case range(RangeValue)
  /// A slice inside an index, `a:b:c`.
  indirect case slice(SliceValue)
  /// `...`.
  case ellipsis
  /// A function made by `def` or `lambda`.
  case function(FunctionObject)
  /// A function of the host.
  case builtin(BuiltinFunction)
  /// A value of the host: a tensor, a model, a figure.
  case object(any HostObject)
}

extension Value {
  /// A new list of values.
  public static func list(_ elements: [Value]) -> Value { .list(ListObject(elements)) }

  /// A new tuple of values.
  public static func tuple(_ elements: [Value]) -> Value { .tuple(Tuple(elements)) }

  /// The name of the value's type, as `type(x).__name__` gives it.
  public var typeName: String {
    switch self {
    case .none: "NoneType"
    case .bool: "bool"
    case .int: "int"
    case .float: "float"
    case .string: "str"
    case .list: "list"
    case .tuple: "tuple"
    case .dict: "dict"
    case .range: "range"
    case .slice: "slice"
    case .ellipsis: "ellipsis"
    case .function: "function"
    case .builtin(let function): function.isType ? "type" : "builtin_function_or_method"
    case .object(let object): object.typeName
    }
  }

  /// The type with its article, for errors: `an int`, `a string`, `None`.
  public var typePhrase: String {
    switch self {
    case .none: "None"
    case .string: "a string"
    case .function, .builtin: "a function"
    default: withArticle(typeName)
    }
  }

  /// Whether two values are one: `is`.
  func isIdentical(to other: Value) -> Bool {
    switch (self, other) {
    case (.none, .none), (.ellipsis, .ellipsis): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
    case (.string(let a), .string(let b)): sameText(a, b)
    case (.list(let a), .list(let b)): a === b
    case (.tuple(let a), .tuple(let b)): a.isIdentical(to: b)
    case (.dict(let a), .dict(let b)): a === b
    case (.function(let a), .function(let b)): a === b
    case (.builtin(let a), .builtin(let b)): a === b
    case (.range(let a), .range(let b)): a == b
    case (.object(let a), .object(let b)):
      a === b || (a as? TypeObject).map { $0 == (b as? TypeObject) } ?? false
    default: false
    }
  }

  /// An integer, a Boolean counting as 0 or 1; nil for anything else.
  public var asInt: Int? {
    switch self {
    case .int(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  /// A number as floating point, integers and Booleans included; nil for anything else.
  public var asDouble: Double? {
    switch self {
    case .float(let value): value
    case .int(let value): Double(value)
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  /// The text of a string; nil for anything else.
  public var asString: String? { if case .string(let value) = self { value } else { nil } }

  /// A dict; nil for anything else.
  public var asDict: DictObject? { if case .dict(let value) = self { value } else { nil } }

  /// Whether the value is `None`.
  public var isNone: Bool { if case .none = self { true } else { false } }
}

/// A noun with `a` or `an` before it.
func withArticle(_ noun: String) -> String {
  guard let first = noun.unicodeScalars.first else { return noun }
  return ("aeiouAEIOU".unicodeScalars.contains(first) ? "an " : "a ") + noun
}

/// Whether two strings have the same scalars; `==` would compare by canonical equivalence.
func sameText(_ left: String, _ right: String) -> Bool {
  left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
}
