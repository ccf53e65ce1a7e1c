extension Parser {
  /// An atom with the calls, indices and attributes behind it.
  mutating func parsePostfix() throws -> Expression {
    var value = try parseAtom()
    while case .symbol(let symbol) = current.kind {
      switch symbol {
      case .leftParenthesis:
        consume()
        let arguments = try parseArguments()
        value = try node(
          .call(value, arguments), value.span.joined(to: previous.span),
          over: [value] + arguments.map(\.expression))
      case .leftBracket:
        consume()
        let index = try parseIndex()
        value = try node(
          .index(value, index), value.span.joined(to: previous.span), over: [value, index])
      case .dot:
        consume()
        let name = try parseAttributeName()
        value = try node(
          .attribute(value, name), value.span.joined(to: previous.span), over: [value])
      default: return value
      }
    }
    return value
  }

  private mutating func parseAttributeName() throws -> String {
    if case .keyword(let keyword) = current.kind {
      throw fault("'\(keyword.rawValue)' is a reserved word and no attribute", current.span)
    }
    return try expectName("a name after '.'")
  }

  // MARK: Calls

  private mutating func parseArguments() throws -> [CallArgument] {
    var arguments: [CallArgument] = []
    var seen: Set<String> = []
    while !isAt(.rightParenthesis) {
      let span = current.span
      let argument = try parseArgument(isOnly: arguments.isEmpty)
      switch argument {
      case .keyword(let name, _):
        if !seen.insert(name).inserted { throw fault("'\(name)' is given twice", span) }
      case .positional:
        if arguments.contains(where: \.isNamed) {
          throw fault("an argument by position cannot follow one by name", span)
        }
      case .unpacked, .unpackedKeywords: break
      }
      arguments.append(argument)
      if !accept(.comma) { break }
    }
    try expect(.rightParenthesis, "or ',' in the arguments")
    return arguments
  }

  private mutating func parseArgument(isOnly: Bool) throws -> CallArgument {
    if accept(.power) { return .unpackedKeywords(try parseExpression()) }
    if accept(.multiply) { return .unpacked(try parseExpression()) }
    if case .name(let name) = current.kind, next.kind == .symbol(.assign) {
      consume()
      consume()
      if isAt(.comma) || isAt(.rightParenthesis) {
        throw fault("'\(name)=' needs a value", previous.span)
      }
      return .keyword(name, try parseExpression())
    }
    let value = try parseExpression()
    if isAt(.assign) { throw fault("the name of an argument must be a plain name", value.span) }
    if isAt(.for) {
      let generator = try parseComprehension(.generator(value), from: value.span)
      if !isOnly || !isAt(.rightParenthesis) {
        throw fault("a generator needs parentheses among other arguments", generator.span)
      }
      return .positional(generator)
    }
    return .positional(value)
  }

  // MARK: Indices

  /// What stands between brackets, the closing one included; commas make a tuple.
  private mutating func parseIndex() throws -> Expression {
    let start = current.span
    if isAt(.rightBracket) { throw fault("an index is missing", start) }
    let first = try parseIndexPart()
    guard isAt(.comma) else {
      try expect(.rightBracket, "after the index")
      return first
    }
    var parts = [first]
    while accept(.comma), !isAt(.rightBracket) { parts.append(try parseIndexPart()) }
    let span = start.joined(to: previous.span)
    try expect(.rightBracket, "after the index")
    return try node(.tuple(parts), span, over: parts)
  }

  private mutating func parseIndexPart() throws -> Expression {
    let start = current.span
    var lower: Expression?
    if !isAt(.colon) {
      let value = try parseStarredOrExpression()
      guard isAt(.colon) else { return value }
      lower = value
    }
    consume()
    let upper = startsSlicePart ? try parseExpression() : nil
    let step = accept(.colon) && startsSlicePart ? try parseExpression() : nil
    let parts = [lower, upper, step].compactMap { $0 }
    return try node(.slice(lower, upper, step), start.joined(to: previous.span), over: parts)
  }

  private var startsSlicePart: Bool { !isAt(.colon) && !isAt(.comma) && !isAt(.rightBracket) }
}

extension CallArgument {
  var expression: Expression {
    switch self {
    case .positional(let value), .keyword(_, let value), .unpacked(let value),
      .unpackedKeywords(let value):
      value
    }
  }

  var isNamed: Bool {
    switch self {
    case .keyword, .unpackedKeywords: true
    case .positional, .unpacked: false
    }
  }
}
