extension Interpreter {
  func evaluateCall(
    _ calleeExpression: Expression, _ arguments: [CallArgument], _ frame: Frame
  ) throws -> Value {
    // A method of the language's own types runs without being made a value first.
    if case .attribute(let base, let name) = calleeExpression.kind {
      let receiver = try evaluate(base, frame)
      if let method = methods.unbound(name, of: receiver) {
        try poll()
        let bound = try method.signature.bind(
          try evaluateArguments(arguments, frame), to: method.name)
        return try method.body(receiver, bound, self)
      }
      let callee = try located(calleeExpression, frame) { try attribute(name, of: receiver) }
      return try apply(callee, try evaluateArguments(arguments, frame))
    }
    let callee = try evaluate(calleeExpression, frame)
    return try apply(callee, try evaluateArguments(arguments, frame))
  }

  private func evaluateArguments(
    _ arguments: [CallArgument], _ frame: Frame
  ) throws -> Arguments {
    var result = Arguments()
    result.positional.reserveCapacity(arguments.count)
    for argument in arguments {
      switch argument {
      case .positional(let expression): result.positional.append(try evaluate(expression, frame))
      case .keyword(let name, let expression):
        result.keywords.append((name, try evaluate(expression, frame)))
      case .unpacked(let expression):
        result.positional += try located(expression, frame) {
          try evaluate(expression, frame).elements()
        }
      case .unpackedKeywords(let expression):
        result.keywords += try located(expression, frame) {
          try keywordArguments(try evaluate(expression, frame))
        }
      }
    }
    return result
  }

  private func keywordArguments(_ value: Value) throws -> [(name: String, value: Value)] {
    guard case .dict(let dict) = value else {
      throw LanguageError("'**' needs a dict, not \(value.typePhrase)")
    }
    return try dict.entries.map { key, value in
      guard case .string(let name) = key else {
        throw LanguageError("the names of arguments are strings, not \(key.typePhrase)")
      }
      return (name, value)
    }
  }

  /// Calls a value with arguments.
  func apply(_ callee: Value, _ arguments: Arguments) throws -> Value {
    try poll()
    switch callee {
    case .function(let function): return try run(function, arguments)
    case .builtin(let function):
      if function.defersToMethod, let result = try deferred(function, arguments) { return result }
      return try function.body(function.signature.bind(arguments, to: function.name), self)
    case .object(let object):
      if let result = try object.call(arguments, self) { return result }
    default: break
    }
    throw LanguageError("\(callee.typePhrase) cannot be called")
  }

  /// `sum(x)` as `x.sum()`, where x is a host's object with such a method.
  private func deferred(_ function: BuiltinFunction, _ arguments: Arguments) throws -> Value? {
    guard case .object(let object)? = arguments.positional.first,
      let method = try object.attribute(function.name), method.isCallable
    else { return nil }
    return try apply(
      method, Arguments(Array(arguments.positional.dropFirst()), keywords: arguments.keywords))
  }

  private func run(_ function: FunctionObject, _ arguments: Arguments) throws -> Value {
    let bound = try function.signature.bind(arguments, to: function.name)
    guard callDepth <= recursionLimit else {
      throw LanguageError(
        "calls are nested more than \(recursionLimit) deep; does \(function.name)() ever stop?")
    }
    if stack.isExhausted { throw tooDeep() }
    callDepth += 1
    defer { callDepth -= 1 }
    let definition = function.definition
    let scope = Scope(names: definition.names, parent: function.closure)
    for (parameter, value) in zip(definition.parameters, bound.values) {
      scope.variables[parameter.name] = value
    }
    let frame = Frame(source: definition.source, function: function.name, scope: scope)
    do {
      if case .returned(let value) = try execute(definition.body, frame) { return value }
      return .none
    } catch let error as LanguageError {
      throw error.leavingFunction()
    }
  }

  func makeFunction(_ definition: FunctionDefinition, _ frame: Frame) throws -> Value {
    let parameters = try definition.parameters.map { parameter in
      Signature.Parameter(
        parameter.name, parameter.kind,
        default: try parameter.defaultValue.map { try evaluate($0, frame) })
    }
    return .function(
      FunctionObject(
        definition: definition, signature: Signature(parameters), closure: frame.scope))
  }
}

extension Interpreter {
  /// The function of a single `def` or `lambda`, which is read and not run: its defaults are given.
  ///
  /// - Parameter defaults: the values of its parameters, by name.
  /// - Throws: `LanguageError` for a source that is anything else, or lacks a default.
  public func function(of source: String, defaults: [String: Value]) throws -> FunctionObject {
    let definition = try Self.definition(of: source)
    let parameters = try definition.parameters.map { parameter in
      guard parameter.defaultValue != nil else {
        return Signature.Parameter(parameter.name, parameter.kind)
      }
      guard let value = defaults[parameter.name] else {
        throw LanguageError("the default of '\(parameter.name)' is missing")
      }
      return Signature.Parameter(parameter.name, parameter.kind, default: value)
    }
    return FunctionObject(definition: definition, signature: Signature(parameters), closure: nil)
  }

  private static func definition(of source: String) throws -> FunctionDefinition {
    let isDefinition = source.hasPrefix("def ")
    // A lambda may have been written over lines inside brackets.
    let text = SourceText(isDefinition ? source + "\n" : "(" + source + ")", name: "a function")
    let statements = try Parser.program(text).statements
    if statements.count == 1 {
      if case .define(let definition) = statements[0].kind { return definition }
      if case .expression(let expression) = statements[0].kind,
        case .lambda(let definition) = expression.kind
      {
        return definition
      }
    }
    throw LanguageError("it is not one function alone")
  }
}

extension Value {
  /// Whether the value may be called.
  public var isCallable: Bool {
    switch self {
    case .function, .builtin: true
    case .object(let object): object.callSignature != nil
    default: false
    }
  }

  /// What a call of the value takes, nil where it cannot be called or does not say.
  public var callSignature: Signature? {
    switch self {
    case .function(let function): function.signature
    case .builtin(let function): function.signature
    case .object(let object): object.callSignature
    default: nil
    }
  }
}
