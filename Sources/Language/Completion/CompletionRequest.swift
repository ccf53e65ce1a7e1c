/// One press of Tab: the text before the cursor and the session it is asked of.
struct CompletionRequest {
  let interpreter: Interpreter
  let source: SourceText
  private let tokens: [Token]
  private let error: LanguageError?

  init(interpreter: Interpreter, source: SourceText) {
    self.interpreter = interpreter
    self.source = source
    let (tokens, error) = Lexer.tokensBeforeError(of: source)
    // What the lexer adds at the end of the text is not there yet for the user.
    self.tokens = tokens.filter { $0.kind != .end && ($0.kind == .string("") || !$0.span.isEmpty) }
    self.error = error
  }

  var end: Int { source.scalars.count }

  func completion() -> Completion {
    if let completion = hostLineCompletion() { return completion }
    if let string = openString() { return completeString(from: string) }
    let word = wordStart()
    let typed = source.text(word..<end)
    let before = tokens.filter { $0.span.end <= word }
    if let last = before.last, last.kind == .symbol(.dot) {
      return completeAttribute(Array(before.dropLast()), typed, from: word)
    }
    if source.text((before.last?.span.end ?? 0)..<word).contains("#") { return nothing(from: word) }
    // Behind a digit or a dot of a number no name begins.
    if let last = before.last, last.isNumber, last.span.end == word { return nothing(from: word) }
    return completeName(before, typed, from: word)
  }

  private func nothing(from start: Int) -> Completion {
    Completion(range: Span(start: start, end: end), candidates: [], stringPrefix: nil)
  }

  func result(
    _ candidates: [Completion.Candidate], _ typed: String, from start: Int, string: String? = nil
  ) -> Completion {
    let matching = candidates.filter { $0.text.startsExactly(with: typed) }
    // Names with an underscore are for those who ask for them.
    let shown = typed.isEmpty ? matching.filter { !$0.text.hasPrefix("_") } : matching
    return Completion(
      range: Span(start: start, end: end), candidates: shown, stringPrefix: string)
  }

  /// Where the name that ends at the cursor starts.
  private func wordStart() -> Int {
    let lexer = Lexer(source)
    var start = end
    while start > 0, lexer.isNamePart(source.scalars[start - 1]) { start -= 1 }
    while start < end, !lexer.isNameStart(source.scalars[start]) { start += 1 }
    return start
  }

  // MARK: Strings

  /// The offset of the quote of a string that the cursor is in.
  private func openString() -> Int? {
    guard let error, let place = error.places.first, error.message.hasPrefix("the string is not")
    else { return nil }
    var start = place.span.start
    while start < end, source.scalars[start] != "\"", source.scalars[start] != "'" { start += 1 }
    return start < end ? start : nil
  }

  private func completeString(from quote: Int) -> Completion {
    let typed = source.text(quote + 1..<end)
    let before = tokens.filter { $0.span.end <= quote }
    guard let bracket = before.last, bracket.kind == .symbol(.leftBracket),
      let object = value(of: Array(before.dropLast()))
    else {
      let choices = choices(of: before).map {
        Completion.Candidate(text: $0, kind: .choice, detail: "")
      }
      return result(choices, typed, from: quote + 1, string: typed)
    }
    var keys: [String] = []
    switch object {
    case .dict(let dict): keys = dict.entries.compactMap(\.key.asString)
    case .object(let object): keys = object.itemNames
    default: break
    }
    let candidates = keys.map { Completion.Candidate(text: $0, kind: .key, detail: "") }
    return result(candidates, typed, from: quote + 1, string: typed)
  }

  // MARK: Names

  private func completeAttribute(
    _ before: [Token], _ typed: String, from start: Int
  ) -> Completion {
    guard let object = value(of: before) else { return nothing(from: start) }
    let names = interpreter.attributeNames(of: object)
    return result(
      names.map { name in
        let summary = interpreter.attributeSummary(name, of: object)
        return .init(text: name, kind: .attribute, detail: summary ?? object.typeName)
      }, typed, from: start)
  }

  private func completeName(_ before: [Token], _ typed: String, from start: Int) -> Completion {
    var candidates = arguments(of: before)
    candidates += interpreter.globals.sorted { $0.key < $1.key }.map { name, value in
      .init(text: name, kind: .variable, detail: value.typeName)
    }
    let builtins = interpreter.builtins.filter { interpreter.globals[$0.key] == nil }
    candidates += builtins.sorted { $0.key < $1.key }.map { name, value in
      guard case .builtin(let function) = value else {
        return .init(text: name, kind: .variable, detail: value.typeName)
      }
      return .init(text: name, kind: .function, detail: function.documentation.summary)
    }
    let words = Keyword.allCases.filter { Parser.refusals[$0] == nil || $0 == .elif || $0 == .else }
    candidates += words.map(\.rawValue).sorted().map { .init(text: $0, kind: .keyword, detail: "") }
    return result(candidates, typed, from: start)
  }

  /// The keyword arguments of the call that the cursor is in.
  private func arguments(of before: [Token]) -> [Completion.Candidate] {
    guard let open = openBracket(in: before), before[open].kind == .symbol(.leftParenthesis),
      let last = before.last,
      last.kind == .symbol(.comma) || last.kind == .symbol(.leftParenthesis),
      let callee = value(of: Array(before[..<open])), let signature = callee.callSignature
    else { return [] }
    var given: Set<String> = []
    for (token, next) in zip(before[open...], before[open...].dropFirst())
    where next.kind == .symbol(.assign) {
      if case .name(let name) = token.kind { given.insert(name) }
    }
    return signature.parameters.filter { $0.takesName && !given.contains($0.name) }.map {
      .init(text: $0.name + "=", kind: .argument, detail: $0.defaultText ?? "")
    }
  }

  /// The position of the innermost bracket that is still open.
  func openBracket(in tokens: [Token]) -> Int? {
    var depth = 0
    for (index, token) in tokens.enumerated().reversed() {
      switch token.kind {
      case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace): depth += 1
      case .symbol(.leftParenthesis), .symbol(.leftBracket), .symbol(.leftBrace):
        if depth == 0 { return index }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  // MARK: Values without side effects

  /// The value of the names, attributes and literal indices that the tokens end in.
  func value(of tokens: [Token]) -> Value? {
    guard let last = tokens.last else { return nil }
    var steps: [(inout Value) -> Bool] = []
    var index = tokens.count - 1
    while index >= 0 {
      switch tokens[index].kind {
      case .name(let name):
        if index > 0, tokens[index - 1].kind == .symbol(.dot) {
          steps.append { follow(attribute: name, of: &$0) }
          index -= 2
          continue
        }
        guard var value = interpreter.globals[name] ?? interpreter.builtins[name] else {
          return nil
        }
        return steps.reversed().allSatisfy { $0(&value) } ? value : nil
      case .symbol(.rightBracket):
        guard let key = literalIndex(tokens, before: &index) else { return nil }
        steps.append { follow(item: key, of: &$0) }
      case .string(let text) where tokens[index].span == last.span:
        return .string(text)
      default: return nil
      }
    }
    return nil
  }

  /// The literal of `[literal]`; the index moves before the bracket.
  private func literalIndex(_ tokens: [Token], before index: inout Int) -> Value? {
    guard index >= 3 else { return nil }
    let key: Value
    switch tokens[index - 1].kind {
    case .string(let text): key = .string(text)
    case .int(let magnitude): key = .int(Int(clamping: magnitude))
    default: return nil
    }
    index -= 2
    if tokens[index].kind == .symbol(.subtract), let number = key.asInt {
      index -= 1
      guard tokens[index].kind == .symbol(.leftBracket) else { return nil }
      index -= 1
      return .int(-number)
    }
    guard tokens[index].kind == .symbol(.leftBracket) else { return nil }
    index -= 1
    return key
  }

  private func follow(attribute name: String, of value: inout Value) -> Bool {
    guard let next = try? interpreter.attribute(name, of: value) else { return false }
    value = next
    return true
  }

  private func follow(item key: Value, of value: inout Value) -> Bool {
    guard let next = try? interpreter.item(key, of: value) else { return false }
    value = next
    return true
  }
}

extension Token {
  fileprivate var isNumber: Bool {
    switch kind {
    case .int, .float: true
    default: false
    }
  }
}

extension Span {
  fileprivate var isEmpty: Bool { start == end }
}
