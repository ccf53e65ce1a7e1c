extension Method {
  static var casing: [Method] {
    [
      simple("upper", "The string in capitals.") { $0.uppercased() },
      simple("lower", "The string in small letters.") { $0.lowercased() },
      simple("casefold", "The string in small letters, for comparing.") { $0.lowercased() },
      simple("capitalize", "The first letter capital, the others small.") { text in
        guard let first = text.unicodeScalars.first else { return "" }
        let rest = String(String.UnicodeScalarView(text.unicodeScalars.dropFirst()))
        return first.properties.titlecaseMapping + rest.lowercased()
      },
      simple("title", "Each word with a capital first letter.") { text in
        var isInside = false
        return text.unicodeScalars.map { scalar in
          defer { isInside = scalar.properties.isCased }
          let properties = scalar.properties
          return isInside ? properties.lowercaseMapping : properties.titlecaseMapping
        }.joined()
      },
      simple("swapcase", "Capitals small and small letters capital.") { text in
        text.unicodeScalars.map { scalar in
          let properties = scalar.properties
          return properties.isUppercase
            ? properties.lowercaseMapping
            : properties.isLowercase ? properties.uppercaseMapping : String(scalar)
        }.joined()
      },
      aligned("center", "The string in the middle of a field.") { missing, width in
        missing / 2 + (missing & width & 1)
      },
      aligned("ljust", "The string at the left of a field.") { _, _ in 0 },
      aligned("rjust", "The string at the right of a field.") { missing, _ in missing },
      Method("zfill", "width, /", "A number with zeros before it.") { text, arguments, _ in
        let (text, width) = (Self.text(text), try width(arguments))
        let zeros = String(repeating: "0", count: max(0, width - text.unicodeScalars.count))
        guard let sign = text.unicodeScalars.first, sign == "-" || sign == "+" else {
          return .string(zeros + text)
        }
        return .string(String(sign) + zeros + text.dropFirst())
      },
      Method("format", "*values, **names", "The string with its {fields} filled in.") {
        text, arguments, interpreter in
        .string(
          try TemplateFormat.apply(
            Self.text(text), arguments.variadic("values"), arguments.keywords("names"),
            interpreter))
      },
    ]
  }

  private static func simple(
    _ name: String, _ summary: String, _ transform: @escaping (String) -> String
  ) -> Method {
    Method(name, "", summary) { text, _, _ in .string(transform(Self.text(text))) }
  }

  private static func width(_ arguments: BoundArguments) throws -> Int {
    let width = try arguments.int("width")
    try Limits.check(bytes: width)
    return width
  }

  /// - Parameter left: how many of the missing columns go before the text.
  private static func aligned(
    _ name: String, _ summary: String, left: @escaping (_ missing: Int, _ width: Int) -> Int
  ) -> Method {
    Method(name, "width, fillchar=' ', /", summary) { text, arguments, _ in
      let (text, width) = (Self.text(text), try width(arguments))
      let fill = try arguments.string("fillchar")
      if fill.unicodeScalars.count != 1 {
        throw LanguageError("fillchar must be one character, not \(fill.unicodeScalars.count)")
      }
      let missing = width - text.unicodeScalars.count
      if missing <= 0 { return .string(text) }
      let before = left(missing, width)
      return .string(
        String(repeating: fill, count: before) + text
          + String(repeating: fill, count: missing - before))
    }
  }

  static var classifying: [Method] {
    [
      test("isdigit", "Whether all characters are digits.") {
        $0.properties.numericType == .decimal
          || $0.properties.numericType == .digit
      },
      test("isdecimal", "Whether all are decimal digits.") {
        $0.properties.numericType == .decimal
      },
      test("isnumeric", "Whether all are numerals.") { $0.properties.numericType != nil },
      test("isalpha", "Whether all are letters.") { isLetter($0) },
      test("isalnum", "Whether all are letters or numerals.") {
        isLetter($0) || $0.properties.numericType != nil
      },
      test("isspace", "Whether all are white space.") { isPythonSpace($0) },
      Method("isupper", "", "Whether all letters are capitals.") { text, _, _ in
        .bool(isCased(Self.text(text)) { $0.properties.isLowercase })
      },
      Method("islower", "", "Whether all letters are small.") { text, _, _ in
        .bool(isCased(Self.text(text)) { $0.properties.isUppercase })
      },
      Method("isidentifier", "", "Whether the string could name a variable.") { text, _, _ in
        let scalars = Self.text(text).unicodeScalars
        guard let first = scalars.first else { return .bool(false) }
        return .bool(
          (first == "_" || first.properties.isXIDStart)
            && scalars.allSatisfy(\.properties.isXIDContinue))
      },
    ]
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  private static func isCased(_ text: String, not excluded: (Unicode.Scalar) -> Bool) -> Bool {
    let letters = text.unicodeScalars.filter(\.properties.isCased)
    return !letters.isEmpty && !letters.contains(where: excluded)
  }

  private static func test(
    _ name: String, _ summary: String, _ holds: @escaping (Unicode.Scalar) -> Bool
  ) -> Method {
    Method(name, "", summary) { text, _, _ in
      let scalars = Self.text(text).unicodeScalars
      return .bool(!scalars.isEmpty && scalars.allSatisfy(holds))
    }
  }
}
