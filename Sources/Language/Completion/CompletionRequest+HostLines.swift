extension CompletionRequest {
  /// What Tab offers in a line of `%magic` or `!command`; nil in every other line.
  func hostLineCompletion() -> Completion? {
    let line = source.line(at: end).range
    let text = source.text(line.lowerBound..<end)
    let indent = text.prefix { $0 == " " }.count
    let body = text.dropFirst(indent)
    if body.hasPrefix("!") { return path(body.dropFirst()) }
    guard body.hasPrefix("%") else { return nil }
    let name = body.dropFirst().prefix { $0 != " " }
    let rest = body.dropFirst(1 + name.count)
    guard !rest.isEmpty else { return magics(String(name), from: line.lowerBound + indent + 1) }
    switch interpreter.host?.magicArguments(String(name)) ?? .code {
    case .code:
      return code(String(rest), from: end - rest.unicodeScalars.count)
    case .path: return path(rest)
    case .names(let names):
      let typed = rest.drop { $0 == " " }
      return result(
        names.map { .init(text: $0, kind: .key, detail: "") }, String(typed),
        from: end - typed.unicodeScalars.count)
    }
  }

  private func magics(_ typed: String, from start: Int) -> Completion {
    guard let host = interpreter.host else { return result([], typed, from: start) }
    return result(
      host.magicNames.sorted().map {
        .init(text: $0, kind: .magic, detail: host.magicSummary($0))
      }, typed, from: start)
  }

  /// The statement behind a magic's name is completed as if it stood alone.
  private func code(_ statement: String, from start: Int) -> Completion {
    let text = statement.drop { $0 == " " }
    let offset = start + statement.unicodeScalars.count - text.unicodeScalars.count
    // A line of magics alone could be any number of them deep.
    guard !text.hasPrefix("%"), !text.hasPrefix("!") else { return result([], "", from: end) }
    let request = CompletionRequest(
      interpreter: interpreter, source: SourceText(String(text), name: source.name))
    let inner = request.completion()
    return Completion(
      range: Span(start: inner.range.start + offset, end: inner.range.end + offset),
      candidates: inner.candidates, stringPrefix: inner.stringPrefix)
  }

  /// The last word of the line as the beginning of a path.
  private func path(_ text: Substring) -> Completion {
    let word = text.drop { $0 == " " }.split(separator: " ", omittingEmptySubsequences: false).last
    let typed = String(word ?? "")
    return Completion(
      range: Span(start: end - typed.unicodeScalars.count, end: end), candidates: [],
      stringPrefix: typed)
  }
}
