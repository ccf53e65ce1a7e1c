extension Parser {
  /// Reads one compound statement, or the simple statements of one line.
  mutating func parseStatement(into statements: inout [Statement]) throws {
    let start = current.span
    switch current.kind {
    case .indent: throw fault("this line is indented, but opens no block", start)
    case .newline, .dedent: consume()
    case .magic(let name, let arguments):
      consume()
      try finishHostLine(.magic(name: name, arguments: arguments), start, &statements)
    case .shell(let command):
      consume()
      try finishHostLine(.shell(command), start, &statements)
    case .help(let name):
      consume()
      try finishHostLine(.help(name), start, &statements)
    default:
      endedWithSemicolon = false
      if let compound = try parseCompound() {
        statements.append(compound)
      } else {
        try parseSimpleLine(into: &statements)
      }
    }
  }

  private mutating func finishHostLine(
    _ kind: Statement.Kind, _ span: Span, _ statements: inout [Statement]
  ) throws {
    endedWithSemicolon = false
    statements.append(Statement(kind: kind, span: span))
    if current.kind == .newline { consume() }
  }

  private mutating func parseSimpleLine(into statements: inout [Statement]) throws {
    while true {
      statements.append(try parseSimple())
      endedWithSemicolon = accept(.semicolon)
      if current.kind == .newline || current.kind == .end {
        consume()
        return
      }
      if !endedWithSemicolon { throw strayToken(after: statements.last) }
    }
  }

  /// A statement is over, but its line goes on.
  private func strayToken(after statement: Statement?) -> LanguageError {
    if case .expression(let expression)? = statement?.kind, case .name(let name) = expression.kind {
      switch current.kind {
      case .name, .int, .float, .string, .formatted:
        return fault("a call needs parentheses: \(name)(...)", current.span)
      default: break
      }
    }
    if isAt(.assign) { return fault("cannot assign here; '==' compares", current.span) }
    return unexpected("expected the end of the statement")
  }

  // MARK: Simple statements

  private mutating func parseSimple() throws -> Statement {
    let start = current.span
    try refuseUnsupported()
    guard case .keyword(let keyword) = current.kind else { return try parseExpressionStatement() }
    let kind: Statement.Kind
    switch keyword {
    case .pass:
      consume()
      kind = .pass
    case .break, .continue:
      consume()
      if loopDepth == 0 { throw fault("'\(keyword.rawValue)' outside of a loop", start) }
      kind = keyword == .break ? .breakLoop : .continueLoop
    case .return:
      consume()
      if scopes.isEmpty { throw fault("'return' outside of a function", start) }
      kind = .returnValue(endsStatement ? nil : try parseExpressionList(allowingStars: true))
    case .assert:
      consume()
      let condition = try parseExpression()
      kind = .assert(condition, accept(.comma) ? try parseExpression() : nil)
    case .del:
      consume()
      kind = .delete(try parseDeletion())
    case .global, .nonlocal:
      consume()
      try parseDeclaration(keyword, start)
      kind = .declaration
    default: return try parseExpressionStatement()
    }
    return Statement(kind: kind, span: start.joined(to: previous.span))
  }

  private var endsStatement: Bool {
    current.kind == .newline || current.kind == .end || isAt(.semicolon)
  }

  private mutating func parseDeletion() throws -> [Expression] {
    let target = try parseExpressionList(allowingStars: false)
    let targets: [Expression]
    switch target.kind {
    case .tuple(let elements), .list(let elements): targets = elements
    default: targets = [target]
    }
    for target in targets {
      switch target.kind {
      case .name(let name): bind(name)
      case .attribute, .index: break
      default: throw fault("cannot delete \(describe(target))", target.span)
      }
    }
    return targets
  }

  private mutating func parseDeclaration(_ keyword: Keyword, _ start: Span) throws {
    repeat {
      let span = current.span
      let name = try expectName("a name after '\(keyword.rawValue)'")
      guard let last = scopes.indices.last else {
        if keyword == .nonlocal { throw fault("'nonlocal' outside of a function", start) }
        continue
      }
      if scopes[last].locals.contains(name) {
        throw fault("'\(name)' is used before its '\(keyword.rawValue)' line", span)
      }
      if keyword == .global {
        scopes[last].globals.insert(name)
      } else {
        guard scopes.dropLast().contains(where: { $0.locals.contains(name) }) else {
          throw fault("no function around this one has a variable '\(name)'", span)
        }
        scopes[last].nonlocals.insert(name)
      }
    } while accept(.comma)
  }

  private mutating func parseExpressionStatement() throws -> Statement {
    let first = try parseExpressionList(allowingStars: true)
    if case .symbol(let symbol) = current.kind, let operation = symbol.augmented {
      switch first.kind {
      case .name(let name): bind(name)
      case .attribute, .index: break
      default: throw fault("cannot assign to \(describe(first))", first.span)
      }
      consume()
      let value = try parseExpressionList(allowingStars: false)
      return Statement(
        kind: .augmented(first, operation, value), span: first.span.joined(to: value.span))
    }
    if isAt(.colon) { try refuseAnnotation(first) }
    var targets: [Expression] = []
    var value = first
    while accept(.assign) {
      try checkTarget(value)
      targets.append(value)
      value = try parseExpressionList(allowingStars: true)
    }
    if targets.isEmpty {
      if case .starred = value.kind { throw fault("'*' cannot stand alone", value.span) }
      return Statement(kind: .expression(value), span: value.span)
    }
    if case .starred = value.kind { throw fault("'*' cannot stand alone", value.span) }
    for target in targets { bindNames(in: target) }
    return Statement(kind: .assign(targets, value), span: first.span.joined(to: value.span))
  }

  private func refuseAnnotation(_ target: Expression) throws {
    if case .name(let name) = target.kind, next.kind != .newline {
      throw fault("type annotations are not supported; write \(name) = value", current.span)
    }
  }
}
