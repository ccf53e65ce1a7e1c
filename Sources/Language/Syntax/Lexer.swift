/// Cuts a source into tokens, indentation included.
struct Lexer {
  let source: SourceText
  private(set) var position: Int
  let end: Int
  private var tokens: [Token] = []
  /// The brackets that are open, with their places.
  private(set) var brackets: [(scalar: Unicode.Scalar, offset: Int)] = []
  private var indents: [Indent] = [Indent(column: 0, alternative: 0)]
  private var atLineStart: Bool
  /// Inside an f-string's braces line ends and indentation mean nothing.
  private let isExpression: Bool

  /// Two measures of one indentation: they disagree where tabs and spaces are mixed.
  private struct Indent: Equatable {
    /// With tabs to every eighth column.
    let column: Int
    /// With tabs of one column.
    let alternative: Int
  }

  /// - Parameter range: a part to read as one expression; nil reads the whole program.
  init(_ source: SourceText, range: Range<Int>? = nil) {
    self.source = source
    self.position = range?.lowerBound ?? 0
    self.end = min(range?.upperBound ?? source.scalars.count, source.scalars.count)
    self.isExpression = range != nil
    self.atLineStart = range == nil
  }

  /// All tokens, `.end` last.
  static func tokens(of source: SourceText, range: Range<Int>? = nil) throws -> [Token] {
    var lexer = Lexer(source, range: range)
    while try lexer.readToken() {}
    return lexer.tokens
  }

  /// The tokens up to the first error, with that error.
  static func tokensBeforeError(of source: SourceText) -> (tokens: [Token], error: LanguageError?) {
    var lexer = Lexer(source)
    do {
      while try lexer.readToken() {}
      return (lexer.tokens, nil)
    } catch {
      return (lexer.tokens, error as? LanguageError)
    }
  }

  // MARK: Looking ahead

  func scalar(at offset: Int) -> Unicode.Scalar? {
    offset < end ? source.scalars[offset] : nil
  }

  var current: Unicode.Scalar? { scalar(at: position) }

  mutating func advance(by count: Int = 1) { position += count }

  func fault(_ message: String, from start: Int, incomplete: Bool = false) -> LanguageError {
    let span = Span(start: start, end: max(start + 1, min(position, end)))
    return LanguageError(syntax: message, source, span, incomplete: incomplete)
  }

  private mutating func append(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind: kind, span: Span(start: start, end: position)))
  }

  // MARK: Tokens

  /// Reads what comes next; false once the end token stands.
  private mutating func readToken() throws -> Bool {
    if atLineStart, brackets.isEmpty {
      atLineStart = false
      if try readLineStart() { return true }
    }
    skipSpace()
    guard let scalar = current else { return try finish() }
    let start = position
    switch scalar {
    case "\n":
      advance()
      if brackets.isEmpty, !isExpression {
        append(.newline, from: start)
        atLineStart = true
      }
    case "\\": try readContinuation(from: start)
    case "0"..."9": append(try readNumber(), from: start)
    case "." where self.scalar(at: position + 1).map(isDigit) ?? false:
      append(try readNumber(), from: start)
    case "\"", "'": append(try readString(prefix: "", from: start), from: start)
    default:
      if isNameStart(scalar) {
        try readName(from: start)
      } else {
        try readSymbol(from: start)
      }
    }
    return true
  }

  /// Blank lines, indentation and the lines that are no Python. True where a token was made or the
  /// line was skipped.
  private mutating func readLineStart() throws -> Bool {
    let start = position
    let indent = measureIndent()
    guard let scalar = current else { return false }
    if scalar == "#" || scalar == "\n" {
      skipComment()
      if current == "\n" { advance() }
      atLineStart = true
      return true
    }
    try applyIndent(indent, from: start)
    return readHostLine()
  }

  private mutating func measureIndent() -> Indent {
    var column = 0
    var alternative = 0
    while let scalar = current, scalar == " " || scalar == "\t" || scalar == "\u{C}" {
      switch scalar {
      case " ":
        column += 1
        alternative += 1
      case "\t":
        column = (column / 8 + 1) * 8
        alternative += 1
      default:
        column = 0
        alternative = 0
      }
      advance()
    }
    return Indent(column: column, alternative: alternative)
  }

  private mutating func applyIndent(_ indent: Indent, from start: Int) throws {
    guard let last = indents.last else { return }
    let mixed = { (lexer: Lexer) in
      lexer.fault("the indentation mixes tabs and spaces; use spaces", from: start)
    }
    if indent.column > last.column {
      if indent.alternative <= last.alternative { throw mixed(self) }
      if indents.count > 100 { throw fault("blocks are nested more than 100 deep", from: start) }
      indents.append(indent)
      append(.indent, from: start)
      return
    }
    while let last = indents.last, indent.column < last.column {
      indents.removeLast()
      append(.dedent, from: position)
    }
    if indents.last?.column != indent.column {
      throw fault("this line's indentation matches no line above it", from: start)
    }
    if indents.last != indent { throw mixed(self) }
  }

  private mutating func finish() throws -> Bool {
    if tokens.last?.kind == .end { return false }
    if let (scalar, offset) = brackets.last {
      let message = "'\(scalar)' is never closed"
      throw LanguageError(
        syntax: message, source, Span(start: offset, end: offset + 1), incomplete: true)
    }
    if !isExpression {
      if let last = tokens.last?.kind, last != .newline { append(.newline, from: position) }
      for _ in indents.dropFirst() { append(.dedent, from: position) }
      indents = Array(indents.prefix(1))
    }
    append(.end, from: position)
    return true
  }

  // MARK: Pieces

  private mutating func skipSpace() {
    while let scalar = current {
      switch scalar {
      case " ", "\t", "\u{C}": advance()
      case "#": skipComment()
      default: return
      }
    }
  }

  private mutating func skipComment() {
    guard current == "#" else { return }
    while let scalar = current, scalar != "\n" { advance() }
  }

  private mutating func readContinuation(from start: Int) throws {
    advance()
    guard let scalar = current else {
      throw fault("nothing follows the line continuation '\\'", from: start, incomplete: true)
    }
    guard scalar == "\n" else {
      throw fault("only a line end may follow the line continuation '\\'", from: start)
    }
    advance()
    if current == nil {
      throw fault("nothing follows the line continuation '\\'", from: start, incomplete: true)
    }
  }

  private mutating func readName(from start: Int) throws {
    var text = String.UnicodeScalarView()
    while let scalar = current, isNamePart(scalar) {
      text.append(scalar)
      advance()
    }
    let name = String(text)
    if current == "\"" || current == "'", isStringPrefix(name) {
      append(try readString(prefix: name.lowercased(), from: start), from: start)
    } else if let keyword = Keyword(rawValue: name) {
      append(.keyword(keyword), from: start)
    } else {
      append(.name(name), from: start)
    }
  }

  private func isStringPrefix(_ name: String) -> Bool {
    ["r", "u", "b", "f", "rb", "br", "fr", "rf"].contains(name.lowercased())
  }

  private mutating func readSymbol(from start: Int) throws {
    for length in [3, 2, 1] where position + length <= end {
      if let symbol = Symbol.spelled(source.scalars[position..<position + length]) {
        advance(by: length)
        try track(symbol, at: start)
        append(.symbol(symbol), from: start)
        return
      }
    }
    let scalar = current ?? " "
    advance()
    throw fault(unexpected(scalar), from: start)
  }

  private func unexpected(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "?": return "'?' asks for help only at the start or the end of a line: ?name or name?"
    case "!": return "'!' runs a command only at the start of a line; 'not' negates, '!=' compares"
    case "$", "`": return "'\(scalar)' has no meaning here"
    default: break
    }
    let code = String(scalar.value, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
    let shown = StringLiteral.isPrintable(scalar) ? "'\(scalar)' " : ""
    return "unexpected character \(shown)(U+\(padded))"
  }

  private mutating func track(_ symbol: Symbol, at start: Int) throws {
    switch symbol {
    case .leftParenthesis, .leftBracket, .leftBrace:
      if brackets.count >= 100 {
        throw fault("brackets are nested more than 100 deep", from: start)
      }
      brackets.append((source.scalars[start], start))
    case .rightParenthesis, .rightBracket, .rightBrace:
      let opening: [Symbol: Unicode.Scalar] = [
        .rightParenthesis: "(", .rightBracket: "[", .rightBrace: "{",
      ]
      guard let (scalar, _) = brackets.popLast() else {
        throw fault("'\(symbol.rawValue)' closes nothing", from: start)
      }
      if scalar != opening[symbol] {
        throw fault("'\(symbol.rawValue)' does not close '\(scalar)'", from: start)
      }
    default: break
    }
  }
}

extension Lexer {
  func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "_": true
    default: scalar.value >= 0x80 && scalar.properties.isXIDStart
    }
  }

  func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "_", "0"..."9": true
    default: scalar.value >= 0x80 && scalar.properties.isXIDContinue
    }
  }

  /// `%magic`, `!command`, `?name` and `name?`, each a line of its own.
  fileprivate mutating func readHostLine() -> Bool {
    guard !isExpression, let scalar = current else { return false }
    let start = position
    let lineEnd = source.line(at: position).range.upperBound
    let line = source.text(position..<min(lineEnd, end))
    let kind: Token.Kind
    switch scalar {
    case "%":
      let body = line.dropFirst()
      let name = body.prefix { !$0.isWhitespace }
      kind = .magic(name: String(name), arguments: body.dropFirst(name.count).trimmed)
    case "!": kind = .shell(line.dropFirst().trimmed)
    case "?": kind = .help(String(line.drop { $0 == "?" }).trimmed)
    default:
      guard let name = helpName(line) else { return false }
      kind = .help(name)
    }
    advance(by: min(lineEnd, end) - position)
    append(kind, from: start)
    return true
  }

  /// The name of a line like `model.hidden?`.
  private func helpName(_ line: String) -> String? {
    let text = line.trimmed
    guard text.hasSuffix("?") else { return nil }
    var name = text[...]
    while name.last == "?" { name = name.dropLast() }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let isDotted = parts.allSatisfy { part in
      guard let first = part.unicodeScalars.first else { return false }
      return isNameStart(first) && part.unicodeScalars.allSatisfy(isNamePart)
    }
    return isDotted ? String(name) : nil
  }
}

extension StringProtocol {
  /// The text without white space at its ends.
  var trimmed: String {
    var text = self[...]
    while let first = text.unicodeScalars.first, first.properties.isWhitespace {
      text = text.dropFirst()
    }
    while let last = text.unicodeScalars.last, last.properties.isWhitespace {
      text = text.dropLast()
    }
    return String(text)
  }
}
