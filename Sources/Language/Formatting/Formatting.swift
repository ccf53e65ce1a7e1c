extension Interpreter {
  /// The text of an f-string.
  func format(_ pieces: [FormattedPiece], _ frame: Frame) throws -> String {
    var result = ""
    for piece in pieces {
      switch piece {
      case .text(let text): result += text
      case .field(let expression, let label, let conversion, let specification):
        let value = try evaluate(expression, frame)
        let format = try specification.map { try self.format($0, frame) } ?? ""
        // `{x=}` shows the representation unless something else is asked for.
        let shown = conversion ?? (label != nil && specification == nil ? "r" : nil)
        result += label ?? ""
        result += try located(expression, frame) {
          try Formatting.format(value, conversion: shown, format)
        }
      }
      try Limits.check(bytes: result.utf8.count)
    }
    return result
  }
}

enum Formatting {
  /// `format(value, specification)`.
  static func format(_ value: Value, _ specification: String) throws -> String {
    if case .object(let object) = value {
      if let text = try object.formatted(specification) { return text }
      if !specification.isEmpty, let number = try object.number() {
        return try format(number, specification)
      }
    }
    if specification.isEmpty { return try value.text() }
    return try FormatSpecification(specification).format(value)
  }

  /// `{value!conversion:specification}`.
  static func format(
    _ value: Value, conversion: Unicode.Scalar?, _ specification: String
  ) throws -> String {
    switch conversion {
    case "r": try format(.string(try value.representation()), specification)
    case "s": try format(.string(try value.text()), specification)
    case "a": try format(.string(ascii(try value.representation())), specification)
    default: try format(value, specification)
    }
  }

  /// A representation with everything but ASCII escaped.
  static func ascii(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      result += scalar.isASCII ? String(scalar) : StringLiteral.escape(scalar)
    }
    return result
  }
}
