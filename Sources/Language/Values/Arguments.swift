/// The arguments of a call, before they meet a signature.
public struct Arguments {
  /// The arguments by position.
  public var positional: [Value]
  /// The arguments by name, in order.
  public var keywords: [(name: String, value: Value)]

  /// Arguments of a call.
  public init(_ positional: [Value] = [], keywords: [(name: String, value: Value)] = []) {
    self.positional = positional
    self.keywords = keywords
  }
}

extension Signature {
  /// Gives each parameter its argument.
  ///
  /// - Parameter name: the function's name, for errors.
  /// - Throws: `LanguageError` where an argument is missing, unknown, doubled or one too many.
  public func bind(_ arguments: Arguments, to name: String) throws -> BoundArguments {
    if let plain = bindPlainly(arguments, to: name) { return plain }
    var values = [Value?](repeating: nil, count: parameters.count)
    var next = 0
    var rest: [Value] = []
    for value in arguments.positional {
      while next < parameters.count, !parameters[next].takesPosition { next += 1 }
      if next < parameters.count {
        values[next] = value
        next += 1
      } else {
        rest.append(value)
      }
    }
    let others = DictObject()
    for (keyword, value) in arguments.keywords {
      if let index = parameters.firstIndex(where: { $0.takesName && $0.name == keyword }) {
        if values[index] != nil {
          throw LanguageError("\(name)() got '\(keyword)' twice")
        }
        values[index] = value
      } else if parameters.contains(where: { $0.kind == .keywords }) {
        try others.set(.string(keyword), to: value)
      } else {
        throw unexpected(keyword, name)
      }
    }
    let given = values.map { $0 != nil }
    try complete(&values, rest: rest, others: others, arguments: arguments, name: name)
    return BoundArguments(
      function: name, signature: self, values: values.map { $0 ?? .none }, givenCount: 0,
      given: given)
  }

  /// The common case, a position for each parameter from the first and defaults for the rest; nil
  /// where the call is anything else.
  private func bindPlainly(_ arguments: Arguments, to name: String) -> BoundArguments? {
    let count = arguments.positional.count
    guard arguments.keywords.isEmpty, count <= parameters.count else { return nil }
    for parameter in parameters[..<count] where !parameter.takesPosition { return nil }
    var values = arguments.positional
    for parameter in parameters[count...] {
      guard let value = parameter.defaultValue else { return nil }
      values.append(value)
    }
    return BoundArguments(
      function: name, signature: self, values: values, givenCount: count, given: nil)
  }

  private func complete(
    _ values: inout [Value?], rest: [Value], others: DictObject, arguments: Arguments, name: String
  ) throws {
    var missing: [String] = []
    var takesRest = false
    for (index, parameter) in parameters.enumerated() {
      switch parameter.kind {
      case .variadic:
        values[index] = .tuple(rest)
        takesRest = true
      case .keywords: values[index] = .dict(others)
      default:
        if values[index] == nil { values[index] = parameter.defaultValue }
        if values[index] == nil { missing.append("'\(parameter.name)'") }
      }
    }
    if !rest.isEmpty, !takesRest { throw tooMany(arguments.positional.count, name) }
    if !missing.isEmpty { throw LanguageError("\(name)() needs \(list(missing, "and"))") }
  }

  private func unexpected(_ keyword: String, _ name: String) -> LanguageError {
    let names = parameters.filter(\.takesName).map(\.name)
    let hint = didYouMean(keyword, names)
    if names.isEmpty { return LanguageError("\(name)() takes no keyword, got '\(keyword)'") }
    let all = hint.isEmpty && names.count <= 12 ? "; it takes \(list(names, "and"))" : hint
    return LanguageError("\(name)() got an unexpected keyword '\(keyword)'\(all)")
  }

  private func tooMany(_ count: Int, _ name: String) -> LanguageError {
    let most = parameters.filter(\.takesPosition).count
    let noun = most == 1 ? "1 positional argument" : "\(most) positional arguments"
    let takes = most == 0 ? "no positional arguments" : "at most \(noun)"
    return LanguageError("\(name)() takes \(takes), got \(count)")
  }
}

extension Signature.Parameter {
  var takesPosition: Bool { kind == .standard || kind == .positionOnly }
  var takesName: Bool { kind == .standard || kind == .keywordOnly }
}

/// `a, b and c`.
func list(_ items: [String], _ word: String) -> String {
  guard items.count > 1, let last = items.last else { return items.first ?? "" }
  return items.dropLast().joined(separator: ", ") + " \(word) " + last
}
