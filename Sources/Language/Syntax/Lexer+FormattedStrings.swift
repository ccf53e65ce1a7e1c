extension Lexer {
  /// The parts of an f-string up to its closing quote, or of a specification up to its `}`.
  mutating func readFormattedParts(
    until quote: Quote, isRaw: Bool, from start: Int, depth: Int
  ) throws -> [FormattedPart] {
    if depth > 4 { throw fault("f-string fields are nested too deeply", from: start) }
    let isSpecification = depth > 0
    var parts: [FormattedPart] = []
    var text = String.UnicodeScalarView()
    while !isAt(quote), !(isSpecification && current == "}") {
      guard let scalar = current, scalar != "\n" || quote.length == 3 else {
        throw unclosed(quote, from: start)
      }
      let isDoubled = self.scalar(at: position + 1) == scalar && !isSpecification
      switch scalar {
      case "\\": try readEscape(into: &text, isRaw: isRaw, quote, from: start)
      case "{" where !isDoubled:
        if !text.isEmpty { parts.append(.text(String(text))) }
        text = String.UnicodeScalarView()
        parts.append(try readField(until: quote, isRaw: isRaw, from: start, depth: depth))
      case "}" where !isDoubled:
        advance()
        throw fault("a single '}' in an f-string; write '}}' for the character", from: position - 1)
      case "{", "}":
        text.append(scalar)
        advance(by: 2)
      default:
        text.append(scalar)
        advance()
      }
    }
    if !text.isEmpty { parts.append(.text(String(text))) }
    return parts
  }

  /// `{expression}`, `{expression=}`, `{expression!r:specification}`.
  private mutating func readField(
    until quote: Quote, isRaw: Bool, from start: Int, depth: Int
  ) throws -> FormattedPart {
    let fieldStart = position
    advance()
    let expressionStart = position
    try skipExpression(in: quote, fieldStart: fieldStart, start: start)
    var expression = expressionStart..<position
    var label: String?
    if current == "=" {
      advance()
      while let scalar = current, scalar == " " { advance() }
      label = source.text(expressionStart..<position)
    }
    if source.text(expression).trimmed.isEmpty {
      throw fault("an f-string field needs an expression", from: fieldStart)
    }
    var conversion: Unicode.Scalar?
    if current == "!" {
      advance()
      guard let letter = current, ["r", "s", "a"].contains(letter) else {
        throw fault("a conversion is !r, !s or !a", from: position - 1)
      }
      conversion = letter
      advance()
    }
    var specification: [FormattedPart]?
    if current == ":" {
      advance()
      specification = try readFormattedParts(
        until: quote, isRaw: isRaw, from: start, depth: depth + 1)
    }
    guard current == "}" else {
      if current == nil { throw unclosed(quote, from: start) }
      throw fault("the f-string field is not closed; it needs '}'", from: fieldStart)
    }
    expression = expression.clamped(to: 0..<end)
    advance()
    return .field(
      expression: expression, label: label, conversion: conversion, specification: specification)
  }

  /// Moves to the `}`, `!`, `:` or `=` that ends the field's expression.
  private mutating func skipExpression(in quote: Quote, fieldStart: Int, start: Int) throws {
    var depth = 0
    while true {
      if isAt(quote) {
        throw fault("the f-string field is not closed; it needs '}'", from: fieldStart)
      }
      guard let scalar = current, scalar != "\n" || quote.length == 3 else {
        throw unclosed(quote, from: start)
      }
      let next = self.scalar(at: position + 1)
      switch scalar {
      case "(", "[", "{": depth += 1
      case ")", "]": depth -= 1
      case "}":
        if depth <= 0 { return }
        depth -= 1
      case "!" where depth <= 0 && next != "=": return
      case ":" where depth <= 0: return
      case "=" where depth <= 0:
        let previous = source.scalars[position - 1]
        let isComparison = next == "=" || ["=", "!", "<", ">"].contains(previous)
        if !isComparison { return }
      case "!": advance()
      case "'", "\"":
        try skipNestedString(fieldStart: fieldStart)
        continue
      case "\\": throw fault("a backslash cannot stand in an f-string field", from: position)
      case "#": throw fault("a comment cannot stand in an f-string field", from: position)
      default: break
      }
      advance()
    }
  }

  private mutating func skipNestedString(fieldStart: Int) throws {
    let scalar = current ?? "'"
    let isTriple =
      self.scalar(at: position + 1) == scalar && self.scalar(at: position + 2) == scalar
    let quote = Quote(scalar: scalar, length: isTriple ? 3 : 1)
    advance(by: quote.length)
    while !isAt(quote) {
      guard let scalar = current, scalar != "\n", scalar != "\\" else {
        throw fault("a string inside an f-string field is not closed", from: fieldStart)
      }
      advance()
    }
    advance(by: quote.length)
  }
}
