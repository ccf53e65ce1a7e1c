extension Parser {
  /// Expressions with commas between: a tuple where there is a comma.
  mutating func parseExpressionList(allowingStars: Bool) throws -> Expression {
    let first = try parseElement(allowingStars)
    guard isAt(.comma) else { return first }
    var elements = [first]
    while accept(.comma), startsExpression { elements.append(try parseElement(allowingStars)) }
    return try node(.tuple(elements), first.span.joined(to: previous.span), over: elements)
  }

  private mutating func parseElement(_ allowingStars: Bool) throws -> Expression {
    guard isAt(.multiply) else { return try parseExpression() }
    let star = consume().span
    if !allowingStars { throw fault("'*' cannot stand here", star) }
    let inner = try parseBinary(minimum: Self.bitOrLevel)
    return try node(.starred(inner), star.joined(to: inner.span), over: [inner])
  }

  /// An element of a list, tuple or call, which a `*` may unpack.
  mutating func parseStarredOrExpression() throws -> Expression {
    try parseElement(true)
  }

  /// The targets of a `for`: names, attributes, items, with commas between.
  mutating func parseTargetList() throws -> Expression {
    var elements: [Expression] = []
    var hasComma = false
    let start = current.span
    repeat {
      if isAt(.in) { break }
      let star = current.span
      if accept(.multiply) {
        let inner = try parsePostfix()
        elements.append(try node(.starred(inner), star.joined(to: inner.span), over: [inner]))
      } else {
        elements.append(try parsePostfix())
      }
      if isAt(.comma) { hasComma = true }
    } while accept(.comma)
    guard let first = elements.first else { throw unexpected("expected the loop's variable") }
    let span = start.joined(to: previous.span)
    let target = hasComma ? try node(.tuple(elements), span, over: elements) : first
    try checkTarget(target)
    return target
  }

  var startsExpression: Bool {
    switch current.kind {
    case .name, .int, .float, .string, .formatted: true
    case .keyword(let keyword):
      [.none, .true, .false, .not, .lambda, .await, .yield].contains(keyword)
    case .symbol(let symbol):
      [
        .add, .subtract, .invert, .leftParenthesis, .leftBracket, .leftBrace, .ellipsis, .multiply,
      ].contains(symbol)
    default: false
    }
  }

  /// One expression, conditional and lambda included.
  mutating func parseExpression() throws -> Expression {
    try nested { parser in
      if parser.isAt(.lambda) { return try parser.parseLambda() }
      let value = try parser.parseDisjunction()
      if parser.isAt(.walrus) {
        throw parser.fault("':=' is not supported; assign on a line before", parser.current.span)
      }
      guard parser.accept(.if) else { return value }
      let condition = try parser.parseDisjunction()
      try parser.expect(.else, "after the condition: value if condition else other")
      let other = try parser.parseExpression()
      return try parser.node(
        .conditional(condition: condition, yes: value, no: other),
        value.span.joined(to: other.span), over: [value, condition, other])
    }
  }

  private mutating func parseLambda() throws -> Expression {
    let start = consume().span
    let parameters = try parseParameters(annotated: false)
    try expect(.colon, "after the parameters of 'lambda'")
    let definition = try parseFunction("<lambda>", parameters, from: start) { parser in
      let body = try parser.parseExpression()
      return [Statement(kind: .returnValue(body), span: body.span)]
    }
    return try node(.lambda(definition), start.joined(to: previous.span))
  }

  mutating func parseDisjunction() throws -> Expression {
    let first = try parseAnd()
    guard isAt(.or) else { return first }
    var operands = [first]
    while accept(.or) { operands.append(try parseAnd()) }
    return try node(.any(operands), first.span.joined(to: previous.span), over: operands)
  }

  private mutating func parseAnd() throws -> Expression {
    let first = try parseNot()
    guard isAt(.and) else { return first }
    var operands = [first]
    while accept(.and) { operands.append(try parseNot()) }
    return try node(.all(operands), first.span.joined(to: previous.span), over: operands)
  }

  private mutating func parseNot() throws -> Expression {
    guard isAt(.not) else { return try parseComparison() }
    let start = consume().span
    return try nested { parser in
      let operand = try parser.parseNot()
      return try parser.node(.not(operand), start.joined(to: operand.span), over: [operand])
    }
  }

  private mutating func parseComparison() throws -> Expression {
    let first = try parseBinary(minimum: Self.bitOrLevel)
    var links: [(ComparisonOperator, Expression)] = []
    while let comparison = acceptComparison() {
      links.append((comparison, try parseBinary(minimum: Self.bitOrLevel)))
    }
    if links.isEmpty { return first }
    return try node(
      .comparison(first, links), first.span.joined(to: previous.span),
      over: [first] + links.map(\.1))
  }

  private mutating func acceptComparison() -> ComparisonOperator? {
    switch current.kind {
    case .symbol(let symbol):
      let comparisons: [Symbol] = [.less, .greater, .lessEqual, .greaterEqual, .equal, .notEqual]
      guard comparisons.contains(symbol), let value = BinaryOperator(rawValue: symbol.rawValue)
      else { return nil }
      consume()
      return .value(value)
    case .keyword(.in):
      consume()
      return .contains(negated: false)
    case .keyword(.not) where next.kind == .keyword(.in):
      consume()
      consume()
      return .contains(negated: true)
    case .keyword(.is):
      consume()
      return .identity(negated: accept(.not))
    default: return nil
    }
  }

  // MARK: Arithmetic

  static let bitOrLevel = 1

  /// How tightly the operator at hand binds.
  private var binaryLevel: (BinaryOperator, Int)? {
    guard case .symbol(let symbol) = current.kind else { return nil }
    switch symbol {
    case .bitOr: return (.bitOr, 1)
    case .bitXor: return (.bitXor, 2)
    case .bitAnd: return (.bitAnd, 3)
    case .shiftLeft: return (.shiftLeft, 4)
    case .shiftRight: return (.shiftRight, 4)
    case .add: return (.add, 5)
    case .subtract: return (.subtract, 5)
    case .multiply: return (.multiply, 6)
    case .divide: return (.divide, 6)
    case .floorDivide: return (.floorDivide, 6)
    case .modulo: return (.modulo, 6)
    case .at: return (.matrixMultiply, 6)
    default: return nil
    }
  }

  mutating func parseBinary(minimum: Int) throws -> Expression {
    var left = try parseUnary()
    while let (operation, level) = binaryLevel, level >= minimum {
      consume()
      let right = try parseBinary(minimum: level + 1)
      left = try node(
        .binary(operation, left, right), left.span.joined(to: right.span), over: [left, right])
    }
    return left
  }

  private mutating func parseUnary() throws -> Expression {
    let start = current.span
    guard case .symbol(let symbol) = current.kind,
      let operation = UnaryOperator(rawValue: symbol.rawValue)
    else { return try parsePower() }
    consume()
    if operation == .negate, case .int(let magnitude) = current.kind,
      magnitude == UInt64(Int.max) + 1, next.kind != .symbol(.power)
    {
      let end = consume().span
      return try node(.constant(.int(.min)), start.joined(to: end))
    }
    return try nested { parser in
      let operand = try parser.parseUnary()
      return try parser.node(
        .unary(operation, operand), start.joined(to: operand.span), over: [operand])
    }
  }

  private mutating func parsePower() throws -> Expression {
    let base = try parsePostfix()
    guard accept(.power) else { return base }
    return try nested { parser in
      let exponent = try parser.parseUnary()
      return try parser.node(
        .binary(.power, base, exponent), base.span.joined(to: exponent.span),
        over: [base, exponent])
    }
  }
}
