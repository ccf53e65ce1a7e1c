extension Parser {
  /// A statement with a block, nil where the current token opens none.
  mutating func parseCompound() throws -> Statement? {
    let start = current.span
    guard case .keyword(let keyword) = current.kind else { return nil }
    let kind: Statement.Kind
    switch keyword {
    case .if: kind = try parseIf()
    case .while: kind = try parseWhile()
    case .for: kind = try parseFor()
    case .def: kind = .define(try parseDefinition())
    default: return nil
    }
    endedWithSemicolon = false
    return Statement(kind: kind, span: start.joined(to: previous.span))
  }

  private mutating func parseIf() throws -> Statement.Kind {
    var branches: [(condition: Expression, body: [Statement])] = []
    repeat {
      let word = consume()
      let condition = try parseExpression()
      branches.append((condition, try parseBlock(after: describe(word))))
    } while isAt(.elif)
    return .branch(branches, otherwise: try parseElse())
  }

  private mutating func parseWhile() throws -> Statement.Kind {
    consume()
    let condition = try parseExpression()
    let body = try parseLoopBody(after: "'while'")
    return .whileLoop(condition, body: body, otherwise: try parseElse())
  }

  private mutating func parseFor() throws -> Statement.Kind {
    consume()
    let target = try parseTargetList()
    bindNames(in: target)
    try expect(.in, "after the loop's variable")
    let iterable = try parseExpressionList(allowingStars: true)
    let body = try parseLoopBody(after: "'for'")
    return .forLoop(target, iterable, body: body, otherwise: try parseElse())
  }

  private mutating func parseLoopBody(after word: String) throws -> [Statement] {
    loopDepth += 1
    defer { loopDepth -= 1 }
    return try parseBlock(after: word)
  }

  private mutating func parseElse() throws -> [Statement] {
    accept(.else) ? try parseBlock(after: "'else'") : []
  }

  private mutating func parseDefinition() throws -> FunctionDefinition {
    let start = consume().span
    let name = try expectName("the function's name after 'def'")
    bind(name)
    try expect(.leftParenthesis, "after the function's name")
    let parameters = try parseParameters()
    try expect(.rightParenthesis, "after the parameters")
    if accept(.arrow) { _ = try parseExpression() }
    return try parseFunction(name, parameters, from: start) { try $0.parseBlock(after: "'def'") }
  }

  /// A function's body, with a scope of its own.
  mutating func parseFunction(
    _ name: String, _ parameters: [ParameterSyntax], from start: Span,
    body: (inout Parser) throws -> [Statement]
  ) throws -> FunctionDefinition {
    let outerLoops = loopDepth
    loopDepth = 0
    scopes.append(ScopeNames(locals: Set(parameters.map(\.name))))
    defer { loopDepth = outerLoops }
    let statements = try body(&self)
    let names = scopes.popLast() ?? ScopeNames()
    return FunctionDefinition(
      name: name, parameters: parameters, body: statements, names: names, source: source,
      span: start.joined(to: previous.span))
  }

  /// The statements after a colon: on the same line, or indented below it.
  private mutating func parseBlock(after word: String) throws -> [Statement] {
    if isAt(.assign) { throw fault("'=' assigns; '==' compares", current.span) }
    try expect(.colon, "to open the block of \(word)")
    return try nested { parser in
      var statements: [Statement] = []
      guard parser.current.kind == .newline else {
        if let compound = try parser.misplacedCompound() { throw compound }
        try parser.parseStatement(into: &statements)
        return statements
      }
      parser.consume()
      guard parser.current.kind == .indent else {
        let atEnd = parser.isAtEndOfSource
        throw parser.fault(
          "the block of \(word) needs an indented line", parser.previous.span, incomplete: atEnd)
      }
      parser.consume()
      while parser.current.kind != .dedent, parser.current.kind != .end {
        try parser.parseStatement(into: &statements)
      }
      parser.consume()
      return statements
    }
  }

  /// `if a: for b in c:` on one line is no Python.
  private func misplacedCompound() throws -> LanguageError? {
    switch current.kind {
    case .keyword(.if), .keyword(.while), .keyword(.for), .keyword(.def):
      return unexpected("a block of its own needs its own line")
    default: return nil
    }
  }

  // MARK: Parameters

  /// The parameters of a `def` or `lambda`, up to the token that ends them.
  ///
  /// - Parameter allowingBareDefaults: whether `name=` may stand without a value, as signatures of
  ///   built-in functions write a required keyword.
  mutating func parseParameters(
    annotated: Bool = true, allowingBareDefaults: Bool = false
  ) throws -> [ParameterSyntax] {
    var parameters: [ParameterSyntax] = []
    var kind = Signature.Parameter.Kind.standard
    var sawDefault = false
    while !isAt(.rightParenthesis), !isAt(.colon), current.kind != .end {
      let span = current.span
      if accept(.divide) {
        guard !parameters.isEmpty, parameters.allSatisfy({ $0.kind == .standard }) else {
          throw fault("'/' must follow parameters by position", span)
        }
        parameters = parameters.map {
          ParameterSyntax(name: $0.name, kind: .positionOnly, defaultValue: $0.defaultValue)
        }
      } else if let parameter = try parseParameter(&kind, annotated, allowingBareDefaults) {
        if parameters.contains(where: { $0.name == parameter.name }) {
          throw fault("the parameter '\(parameter.name)' appears twice", span)
        }
        if parameters.last?.kind == .keywords {
          throw fault("nothing may follow the '**' parameter", span)
        }
        if parameter.kind == .standard, !allowingBareDefaults {
          if sawDefault, parameter.defaultValue == nil {
            throw fault("'\(parameter.name)' without a default follows one with a default", span)
          }
          sawDefault = parameter.defaultValue != nil
        }
        parameters.append(parameter)
      }
      if !accept(.comma) { break }
    }
    return parameters
  }

  private mutating func parseParameter(
    _ kind: inout Signature.Parameter.Kind, _ annotated: Bool, _ allowingBareDefaults: Bool
  ) throws -> ParameterSyntax? {
    let star = current.span
    if accept(.power) {
      let name = try parseParameterName(annotated)
      return ParameterSyntax(name: name, kind: .keywords, defaultValue: nil)
    }
    if accept(.multiply) {
      if kind == .keywordOnly { throw fault("only one '*' may stand among the parameters", star) }
      kind = .keywordOnly
      if isAt(.comma) { return nil }
      let name = try parseParameterName(annotated)
      return ParameterSyntax(name: name, kind: .variadic, defaultValue: nil)
    }
    let name = try parseParameterName(annotated)
    guard accept(.assign) else { return ParameterSyntax(name: name, kind: kind, defaultValue: nil) }
    if allowingBareDefaults, isAt(.comma) || current.kind == .end {
      return ParameterSyntax(name: name, kind: kind, defaultValue: nil)
    }
    return ParameterSyntax(name: name, kind: kind, defaultValue: try parseExpression())
  }

  private mutating func parseParameterName(_ annotated: Bool) throws -> String {
    let name = try expectName("a parameter's name")
    if annotated, accept(.colon) { _ = try parseExpression() }
    return name
  }
}
