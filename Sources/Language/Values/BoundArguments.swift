/// The arguments of a call, each under its parameter's name, with typed access.
public struct BoundArguments {
  /// The name of the function that was called.
  public let function: String
  let signature: Signature
  let values: [Value]
  /// The first so many parameters were given, where `given` does not say it one by one.
  let givenCount: Int
  let given: [Bool]?

  private func index(_ name: String) -> Int {
    guard let index = signature.parameters.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("\(function)() has no parameter '\(name)'")
    }
    return index
  }

  /// The argument, or the default where none was given.
  public func value(_ name: String) -> Value { values[index(name)] }

  /// Whether the function has a parameter of this name.
  public func has(_ name: String) -> Bool {
    signature.parameters.contains { $0.name == name }
  }

  /// Whether the call gave an argument; false where the default stands in.
  public func isGiven(_ name: String) -> Bool {
    let index = index(name)
    return given?[index] ?? (index < givenCount)
  }

  /// The values of `*name`.
  public func variadic(_ name: String) -> [Value] {
    if case .tuple(let tuple) = value(name) { tuple.elements } else { [] }
  }

  /// The values of `**name`.
  public func keywords(_ name: String) -> DictObject {
    if case .dict(let dict) = value(name) { dict } else { DictObject() }
  }

  /// The error that an argument is of the wrong kind: `steps must be an int, not a string`.
  public func mismatch(_ name: String, _ expected: String) -> LanguageError {
    LanguageError("\(name) must be \(expected), not \(value(name).typePhrase)")
  }

  /// An integer; a host's number that is whole counts.
  /// - Throws: `LanguageError` naming the parameter.
  public func int(_ name: String) throws -> Int {
    if let number = try plainNumber(name).asInt { return number }
    throw mismatch(name, "an int")
  }

  /// An integer or `None`.
  /// - Throws: `LanguageError` naming the parameter.
  public func optionalInt(_ name: String) throws -> Int? {
    if value(name).isNone { return nil }
    if let number = try plainNumber(name).asInt { return number }
    throw mismatch(name, "an int or None")
  }

  /// A number.
  /// - Throws: `LanguageError` naming the parameter.
  public func double(_ name: String) throws -> Double {
    if let number = try plainNumber(name).asDouble { return number }
    throw mismatch(name, "a number")
  }

  /// A number or `None`.
  /// - Throws: `LanguageError` naming the parameter.
  public func optionalDouble(_ name: String) throws -> Double? {
    if value(name).isNone { return nil }
    if let number = try plainNumber(name).asDouble { return number }
    throw mismatch(name, "a number or None")
  }

  /// A string.
  /// - Throws: `LanguageError` naming the parameter.
  public func string(_ name: String) throws -> String {
    if let text = value(name).asString { return text }
    throw mismatch(name, "a string")
  }

  /// A string or `None`.
  /// - Throws: `LanguageError` naming the parameter.
  public func optionalString(_ name: String) throws -> String? {
    if value(name).isNone { return nil }
    if let text = value(name).asString { return text }
    throw mismatch(name, "a string or None")
  }

  /// A Boolean.
  /// - Throws: `LanguageError` naming the parameter.
  public func bool(_ name: String) throws -> Bool {
    if case .bool(let value) = value(name) { return value }
    throw mismatch(name, "True or False")
  }

  /// The elements of a list or tuple.
  /// - Throws: `LanguageError` naming the parameter.
  public func list(_ name: String) throws -> [Value] {
    switch value(name) {
    case .list(let list): return list.elements
    case .tuple(let tuple): return tuple.elements
    case .range(let range): return try Value.range(range).elements()
    default: throw mismatch(name, "a list")
    }
  }

  /// The elements of a list or tuple, or nil for `None`.
  /// - Throws: `LanguageError` naming the parameter.
  public func optionalList(_ name: String) throws -> [Value]? {
    if value(name).isNone { return nil }
    return try list(name)
  }

  /// A dict.
  /// - Throws: `LanguageError` naming the parameter.
  public func dict(_ name: String) throws -> DictObject {
    if case .dict(let dict) = value(name) { return dict }
    throw mismatch(name, "a dict")
  }

  /// A host's object of one Swift type.
  /// - Throws: `LanguageError` naming the parameter and what it should be.
  public func object<Object>(
    _ name: String, as type: Object.Type = Object.self, expected: String
  ) throws -> Object {
    if case .object(let object) = value(name), let match = object as? Object { return match }
    throw mismatch(name, expected)
  }

  private func plainNumber(_ name: String) throws -> Value {
    if case .object(let object) = value(name), let number = try object.number() { return number }
    return value(name)
  }
}
