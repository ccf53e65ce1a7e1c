extension Parser {
  /// Python that the language leaves out, each with the sentence that says so.
  func refuseUnsupported() throws {
    switch current.kind {
    case .keyword(let keyword):
      if let reason = Self.refusals[keyword] { throw fault(reason, current.span) }
    case .symbol(.at):
      throw fault("decorators are not supported; call the function on the other one", current.span)
    case .name("match"), .name("type"):
      switch next.kind {
      case .name, .string, .int, .float:
        guard case .name(let word) = current.kind else { return }
        throw fault("'\(word)' statements are not supported", current.span)
      default: break
      }
    default: break
    }
  }

  static let refusals: [Keyword: String] = [
    .class: "classes are not supported; use functions and dicts",
    .import: "imports are not supported; everything there is has a name already",
    .from: "imports are not supported; everything there is has a name already",
    .try: "exceptions are not supported; an error ends the cell",
    .except: "exceptions are not supported; an error ends the cell",
    .finally: "exceptions are not supported; an error ends the cell",
    .raise: "exceptions are not supported; 'assert False, message' ends the cell",
    .with: "'with' is not supported",
    .async: "'async' is not supported",
    .await: "'await' is not supported",
    .yield: "generators are not supported; return a list",
    .elif: "this 'elif' belongs to no 'if'",
    .else: "this 'else' belongs to no 'if' or loop",
  ]
}
