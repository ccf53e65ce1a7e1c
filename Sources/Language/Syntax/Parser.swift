/// Builds the syntax tree of a source, by recursive descent.
struct Parser {
  let source: SourceText
  private let tokens: [Token]
  private var index = 0
  private var nesting = 0
  let stack: StackGuard
  /// The functions around the statement being read, innermost last.
  var scopes: [ScopeNames] = []
  var loopDepth = 0

  /// - Parameter range: a part to read as one expression; nil for a whole program.
  init(_ source: SourceText, range: Range<Int>? = nil, stack: StackGuard = StackGuard()) throws {
    self.source = source
    self.tokens = try Lexer.tokens(of: source, range: range)
    self.stack = stack
  }

  /// Reads a whole cell.
  /// - Throws: `LanguageError` at the first thing that does not fit.
  static func program(_ source: SourceText) throws -> Program {
    var parser = try Parser(source)
    var statements: [Statement] = []
    while parser.current.kind != .end { try parser.parseStatement(into: &statements) }
    return Program(
      source: source, statements: statements, endsWithSemicolon: parser.endedWithSemicolon)
  }

  /// Whether the last simple statement was followed by a semicolon.
  var endedWithSemicolon = false

  // MARK: Tokens

  var current: Token { tokens[min(index, tokens.count - 1)] }

  var next: Token { tokens[min(index + 1, tokens.count - 1)] }

  /// The token just consumed.
  var previous: Token { tokens[min(max(index - 1, 0), tokens.count - 1)] }

  @discardableResult mutating func consume() -> Token {
    let token = current
    if index < tokens.count - 1 { index += 1 }
    return token
  }

  func isAt(_ symbol: Symbol) -> Bool { current.kind == .symbol(symbol) }

  func isAt(_ keyword: Keyword) -> Bool { current.kind == .keyword(keyword) }

  mutating func accept(_ symbol: Symbol) -> Bool {
    if isAt(symbol) {
      consume()
      return true
    }
    return false
  }

  mutating func accept(_ keyword: Keyword) -> Bool {
    if isAt(keyword) {
      consume()
      return true
    }
    return false
  }

  mutating func expect(_ symbol: Symbol, _ context: String) throws {
    if !accept(symbol) { throw unexpected("expected '\(symbol.rawValue)' \(context)") }
  }

  mutating func expect(_ keyword: Keyword, _ context: String) throws {
    if !accept(keyword) { throw unexpected("expected '\(keyword.rawValue)' \(context)") }
  }

  mutating func expectName(_ context: String) throws -> String {
    guard case .name(let name) = current.kind else { throw unexpected("expected \(context)") }
    consume()
    return name
  }

  /// Whether nothing but the ends of blocks is left.
  var isAtEndOfSource: Bool {
    tokens[index...].allSatisfy { $0.kind == .dedent || $0.kind == .newline || $0.kind == .end }
  }

  mutating func expectEnd() throws {
    if current.kind != .end { throw unexpected("expected the end") }
  }

  // MARK: Errors

  func fault(_ message: String, _ span: Span, incomplete: Bool = false) -> LanguageError {
    LanguageError(syntax: message, source, span, incomplete: incomplete)
  }

  /// An error at the current token, which is named.
  func unexpected(_ expectation: String) -> LanguageError {
    fault("\(expectation), found \(describe(current))", current.span)
  }

  func describe(_ token: Token) -> String {
    switch token.kind {
    case .name(let name): "'\(name)'"
    case .keyword(let keyword): "'\(keyword.rawValue)'"
    case .int, .float: "a number"
    case .string, .formatted: "a string"
    case .symbol(let symbol): "'\(symbol.rawValue)'"
    case .newline: "the end of the line"
    case .indent: "an indented line"
    case .dedent: "the end of the block"
    case .end: "the end"
    case .magic, .shell, .help: "a command"
    }
  }

  // MARK: Depth

  /// Runs one level of recursion, refused past what the stack can carry.
  mutating func nested<Result>(_ body: (inout Parser) throws -> Result) throws -> Result {
    nesting += 1
    defer { nesting -= 1 }
    if nesting > 200 || stack.isExhausted {
      throw fault("the expression is nested too deeply", current.span)
    }
    return try body(&self)
  }

  /// A node over its children.
  func node(
    _ kind: Expression.Kind, _ span: Span, over children: [Expression] = []
  ) throws -> Expression {
    let height = (children.map(\.height).max() ?? 0) + 1
    if height > 900 { throw fault("the expression is too long; split it into several", span) }
    return Expression(kind, span, height: height)
  }
}
