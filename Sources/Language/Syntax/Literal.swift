/// Values written out: numbers, strings, `None`, lists, tuples and dicts of them.
public enum Literal {
  /// The value of a literal, nil where the text is something else.
  ///
  /// - Parameter text: such as `3`, `-0.5`, `"a"`, `[1, 2]` or `{"a": True}`.
  public static func parse(_ text: String) -> Value? {
    let source = SourceText(text.trimmed, name: "literal")
    guard var parser = try? Parser(source, range: 0..<source.scalars.count),
      let expression = try? parser.parseExpressionList(allowingStars: false),
      (try? parser.expectEnd()) != nil
    else { return nil }
    return try? value(of: expression)
  }

  /// - Throws: `LanguageError` where the expression is no literal.
  static func value(of expression: Expression) throws -> Value {
    switch expression.kind {
    case .constant(let value): return value
    case .unary(let operation, let operand):
      return try Arithmetic.apply(operation, try value(of: operand))
    case .list(let elements): return .list(try elements.map(value))
    case .tuple(let elements): return .tuple(try elements.map(value))
    case .dict(let entries):
      let dict = DictObject()
      for entry in entries {
        guard case .pair(let key, let element) = entry else {
          throw LanguageError("a literal was expected")
        }
        try dict.set(try value(of: key), to: try value(of: element))
      }
      return .dict(dict)
    default: throw LanguageError("a literal was expected")
    }
  }
}
