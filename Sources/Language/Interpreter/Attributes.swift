extension Interpreter {
  /// `value.name`.
  /// - Throws: `LanguageError` with did-you-mean where there is no such attribute.
  public func attribute(_ name: String, of value: Value) throws -> Value {
    if case .object(let object) = value {
      if let result = try object.attribute(name) { return result }
      throw LanguageError.noAttribute(name, of: value)
    }
    if let method = methods.method(name, of: value) { return .builtin(method) }
    switch (value, name) {
    case (.function(let function), "__name__"): return .string(function.name)
    case (.builtin(let function), "__name__"): return .string(function.name)
    case (.function(let function), "__doc__"):
      return function.documentation.map { .string($0) } ?? .none
    case (.range(let range), "start"), (.range(let range), "stop"), (.range(let range), "step"):
      return .int(name == "start" ? range.start : name == "stop" ? range.stop : range.step)
    default:
      let hint = didYouMean(name, attributeNames(of: value))
      throw LanguageError("\(value.typePhrase) has no attribute '\(name)'\(hint)")
    }
  }

  /// The attributes and methods of a value, in alphabetical order.
  public func attributeNames(of value: Value) -> [String] {
    if case .object = value { return value.attributeNames.sorted() }
    return (methods.names(of: value) + value.attributeNames).sorted()
  }

  /// What an attribute or method of a value is, in a line; nil where nothing says.
  public func attributeSummary(_ name: String, of value: Value) -> String? {
    if case .object(let object) = value { return object.attributeSummary(name) }
    if let method = methods.unbound(name, of: value) { return method.summary }
    if case .range = value, value.attributeNames.contains(name) {
      return "The \(name) of the range."
    }
    return nil
  }

  func setAttribute(_ name: String, of value: Value, to new: Value) throws {
    guard case .object(let object) = value else {
      throw LanguageError("attributes of \(value.typePhrase) cannot be set")
    }
    try object.setAttribute(name, to: new)
  }
}

extension Value {
  /// The attributes that are not methods of the language's own types.
  var attributeNames: [String] {
    switch self {
    case .object(let object): object.attributeNames
    case .range: ["start", "stop", "step"]
    default: []
    }
  }
}
