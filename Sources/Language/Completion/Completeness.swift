/// Whether a cell can run as it stands.
public enum Completeness {
  /// It can.
  case complete
  /// More lines are needed; the next one starts with so many spaces.
  case incomplete(indent: Int)
  /// No further line can mend it.
  case invalid(LanguageError)

  /// Judges a cell as the prompt does: an open bracket or string, or a block that no blank line has
  /// ended, wants another line.
  public init(of source: String) {
    do {
      let program = try Parser.program(SourceText(source, name: "input"))
      guard let last = program.statements.last, last.opensBlock, !Self.endsBlank(source) else {
        self = .complete
        return
      }
      self = .incomplete(indent: Self.indent(after: source))
    } catch let error as LanguageError where error.isIncomplete {
      self = .incomplete(indent: Self.indent(after: source))
    } catch let error as LanguageError {
      self = .invalid(error)
    } catch {
      self = .invalid(LanguageError("\(error)"))
    }
  }

  private static func endsBlank(_ source: String) -> Bool {
    guard let lineEnd = source.lastIndex(where: \.isNewline) else { return false }
    return source[source.index(after: lineEnd)...].allSatisfy(\.isWhitespace)
  }

  /// The indentation of the line after the last one: four more behind a colon, four less behind a
  /// statement that ends its block.
  private static func indent(after source: String) -> Int {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    guard let last = lines.last(where: { !$0.trimmed.isEmpty }) else { return 0 }
    let indent = last.prefix { $0 == " " }.count
    let text = String(last.prefix { $0 != "#" }).trimmed
    if text.hasSuffix(":") { return indent + 4 }
    let ends = ["return", "break", "continue", "pass"]
    if ends.contains(where: { text == $0 || text.hasPrefix($0 + " ") }) {
      return max(0, indent - 4)
    }
    return indent
  }
}

extension Statement {
  var opensBlock: Bool {
    switch kind {
    case .branch, .whileLoop, .forLoop, .define: true
    default: false
    }
  }
}
