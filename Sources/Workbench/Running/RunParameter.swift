import Language

/// A value that the command line gives to a notebook's parameter.
public struct RunParameter: Sendable {
  /// The variable.
  public let name: String
  /// The value as source text of the language.
  public let literal: String

  /// Reads `name=value`: a literal of the language, else a string.
  /// - Throws: `LanguageError` where there is no `=` or the name cannot be a variable.
  public init(_ text: String) throws {
    guard let equals = text.firstIndex(of: "=") else {
      throw LanguageError("'\(text)' is not of the form name=value")
    }
    let name = String(text[..<equals])
    guard Self.isVariable(name) else {
      throw LanguageError("'\(name)' cannot be the name of a variable")
    }
    let value = String(text[text.index(after: equals)...])
    self.name = name
    // A literal over several lines would end its statement too early outside of brackets.
    if Literal.parse(value) != nil, !value.contains(where: \.isNewline) {
      literal = value
    } else {
      literal = try Value.string(value).representation()
    }
  }

  /// Whether `text = None` assigns one variable and nothing else.
  private static func isVariable(_ text: String) -> Bool {
    let isWord = text.unicodeScalars.allSatisfy {
      $0 == "_" || $0.properties.isXIDContinue
    }
    return isWord && !text.isEmpty
      && (try? Interpreter.check("\(text) = None", name: "parameter")) != nil
  }
}
