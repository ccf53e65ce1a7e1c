extension Parser {
  /// A literal, a name, or something in brackets.
  mutating func parseAtom() throws -> Expression {
    let token = current
    switch token.kind {
    case .name(let name):
      consume()
      return try node(.name(name), token.span)
    case .int(let magnitude):
      consume()
      guard let value = Int(exactly: magnitude) else {
        throw fault("the int does not fit in 64 bits; write it as a float, 1e20", token.span)
      }
      return try node(.constant(.int(value)), token.span)
    case .float(let value):
      consume()
      return try node(.constant(.float(value)), token.span)
    case .string, .formatted: return try parseStrings()
    case .keyword(let keyword): return try parseKeywordAtom(keyword)
    case .symbol(.leftParenthesis): return try parseParentheses()
    case .symbol(.leftBracket): return try parseList()
    case .symbol(.leftBrace): return try parseBraces()
    case .symbol(.ellipsis):
      consume()
      return try node(.constant(.ellipsis), token.span)
    case .symbol(.assign): throw fault("a target should stand before '='", token.span)
    default: throw unexpected("expected an expression")
    }
  }

  private mutating func parseKeywordAtom(_ keyword: Keyword) throws -> Expression {
    let span = current.span
    let value: Value
    switch keyword {
    case .none: value = .none
    case .true: value = .bool(true)
    case .false: value = .bool(false)
    default:
      try refuseUnsupported()
      throw unexpected("expected an expression")
    }
    consume()
    return try node(.constant(value), span)
  }

  // MARK: Strings

  /// Neighbouring string literals, which are one string.
  private mutating func parseStrings() throws -> Expression {
    let start = current.span
    var pieces: [FormattedPiece] = []
    var text = ""
    var hasFields = false
    while true {
      switch current.kind {
      case .string(let value): text += value
      case .formatted(let parts):
        hasFields = true
        if !text.isEmpty { pieces.append(.text(text)) }
        text = ""
        pieces += try parseFormatted(parts)
      default:
        let span = start.joined(to: previous.span)
        if !hasFields { return try node(.constant(.string(text)), span) }
        if !text.isEmpty { pieces.append(.text(text)) }
        return try node(.formatted(pieces), span)
      }
      consume()
    }
  }

  private func parseFormatted(_ parts: [FormattedPart]) throws -> [FormattedPiece] {
    try parts.map { part in
      switch part {
      case .text(let text): return .text(text)
      case .field(let range, let label, let conversion, let specification):
        var parser = try Parser(source, range: range, stack: stack)
        parser.scopes = scopes
        let expression = try parser.parseExpressionList(allowingStars: true)
        try parser.expectEnd()
        return .field(
          expression, label: label, conversion: conversion,
          specification: try specification.map(parseFormatted))
      }
    }
  }

  // MARK: Brackets

  private mutating func parseParentheses() throws -> Expression {
    let start = consume().span
    if accept(.rightParenthesis) { return try node(.tuple([]), start.joined(to: previous.span)) }
    try refuseUnsupported()
    let first = try parseStarredOrExpression()
    if isAt(.for) {
      let generator = try parseComprehension(.generator(first), from: start)
      try expect(.rightParenthesis, "after the generator")
      return try node(generator.kind, start.joined(to: previous.span), over: [generator])
    }
    guard isAt(.comma) else {
      if case .starred = first.kind { throw fault("'*' cannot stand alone", first.span) }
      try expect(.rightParenthesis, "to close the parenthesis")
      // The parentheses belong to the span, so that carets cover `(a + b)` whole.
      return try node(first.kind, start.joined(to: previous.span), over: [first])
    }
    let elements = try parseElements(first, until: .rightParenthesis)
    return try node(.tuple(elements), start.joined(to: previous.span), over: elements)
  }

  private mutating func parseList() throws -> Expression {
    let start = consume().span
    if accept(.rightBracket) { return try node(.list([]), start.joined(to: previous.span)) }
    let first = try parseStarredOrExpression()
    if isAt(.for) {
      let list = try parseComprehension(.list(first), from: start)
      try expect(.rightBracket, "after the comprehension")
      return try node(list.kind, start.joined(to: previous.span), over: [list])
    }
    let elements = try parseElements(first, until: .rightBracket)
    return try node(.list(elements), start.joined(to: previous.span), over: elements)
  }

  private mutating func parseElements(
    _ first: Expression, until close: Symbol
  ) throws -> [Expression] {
    var elements = [first]
    while accept(.comma), !isAt(close) { elements.append(try parseStarredOrExpression()) }
    try expect(close, "or ',' after the element")
    return elements
  }

  private mutating func parseBraces() throws -> Expression {
    let start = consume().span
    var entries: [DictEntry] = []
    var children: [Expression] = []
    while !isAt(.rightBrace) {
      if accept(.power) {
        let mapping = try parseBinary(minimum: Self.bitOrLevel)
        entries.append(.unpacked(mapping))
        children.append(mapping)
      } else {
        let key = try parseStarredOrExpression()
        if !isAt(.colon), isAt(.comma) || isAt(.rightBrace) || isAt(.for) {
          throw fault("sets are not supported; use a list, or a dict", start.joined(to: key.span))
        }
        try expect(.colon, "after the key of a dict")
        let value = try parseExpression()
        if entries.isEmpty, isAt(.for) {
          let dict = try parseComprehension(.dict(key: key, value: value), from: start)
          try expect(.rightBrace, "after the comprehension")
          return try node(dict.kind, start.joined(to: previous.span), over: [dict])
        }
        entries.append(.pair(key, value))
        children += [key, value]
      }
      if !accept(.comma) { break }
    }
    try expect(.rightBrace, "or ',' after the entry")
    return try node(.dict(entries), start.joined(to: previous.span), over: children)
  }

  // MARK: Comprehensions

  /// The `for` and `if` clauses behind the element of a comprehension.
  mutating func parseComprehension(
    _ result: Comprehension.Result, from start: Span
  ) throws -> Expression {
    var clauses: [Comprehension.Clause] = []
    var names = ScopeNames()
    var children: [Expression]
    switch result {
    case .list(let element), .generator(let element): children = [element]
    case .dict(let key, let value): children = [key, value]
    }
    if case .starred = children[0].kind {
      throw fault("'*' cannot stand in a comprehension", children[0].span)
    }
    while accept(.for) {
      let target = try parseTargetList()
      names.locals.formUnion(Self.names(in: target))
      try expect(.in, "after the variable of the comprehension")
      let iterable = try parseComprehensionPart()
      var conditions: [Expression] = []
      while accept(.if) { conditions.append(try parseComprehensionPart()) }
      clauses.append(.init(target: target, iterable: iterable, conditions: conditions))
      children += [target, iterable] + conditions
    }
    if isAt(.async) { try refuseUnsupported() }
    let comprehension = Comprehension(result: result, clauses: clauses, names: names)
    return try node(
      .comprehension(comprehension), start.joined(to: previous.span), over: children)
  }

  /// An expression without a bare conditional, whose `if` would be the comprehension's.
  private mutating func parseComprehensionPart() throws -> Expression {
    try nested { try $0.parseDisjunction() }
  }
}
