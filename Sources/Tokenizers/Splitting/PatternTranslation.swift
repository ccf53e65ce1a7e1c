/// Rewrites a pattern from the dialect of `tokenizer.json` (Oniguruma's, with Ruby's rules) to
/// PCRE2's.
///
/// The two share most of their syntax. What differs in meaning is spelled out (`\s`, `\w`, the
/// Unicode properties) or refused by name (class intersections, `{n,m}+`), so that no pattern is
/// read wrongly.
struct PatternTranslation {
  private let source: [Unicode.Scalar]
  private var position = 0
  private var output = ""

  /// The pattern in PCRE2's dialect.
  /// - Throws: `TokenizerError.unsupported` naming the construct.
  static func translate(_ pattern: String) throws -> String {
    var translation = PatternTranslation(source: Array(pattern.unicodeScalars))
    try translation.run()
    return translation.output
  }

  private init(source: [Unicode.Scalar]) { self.source = source }

  private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
    position + offset < source.count ? source[position + offset] : nil
  }

  private mutating func take() -> Unicode.Scalar? {
    defer { position += 1 }
    return peek()
  }

  private mutating func copy(_ count: Int = 1) {
    for _ in 0..<count { if let scalar = take() { output.unicodeScalars.append(scalar) } }
  }

  private func refusal(_ construct: String) -> TokenizerError {
    let pattern = String(String.UnicodeScalarView(source))
    return .unsupported(
      "its pattern \(TokenizerError.excerpt(pattern)) uses \(construct), which is not read here")
  }

  private func continues(with text: String, at offset: Int = 0) -> Bool {
    let scalars = text.unicodeScalars
    let start = position + offset
    return start + scalars.count <= source.count && source[start...].starts(with: scalars)
  }

  private mutating func run() throws {
    while let scalar = peek() {
      switch scalar {
      case "\\": try translateEscape(inClass: false)
      case "[": try translateClass()
      case "(": try translateGroup()
      case "{": try translateInterval()
      default: copy()
      }
    }
  }

  private mutating func translateGroup() throws {
    if continues(with: "(*") { throw refusal("(*") }
    guard continues(with: "(?") else { return copy() }
    let openings = ["(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:", "(?-i:"]
    guard let opening = openings.first(where: { continues(with: $0) }) else {
      throw refusal("the group \(String(String.UnicodeScalarView(source[position...].prefix(4))))")
    }
    copy(opening.unicodeScalars.count)
  }

  /// `{n}`, `{n,}`, `{n,m}`, the last also lazy; Ruby reads what may follow them otherwise than
  /// Perl.
  private mutating func translateInterval() throws {
    var end = 1
    var sawComma = false
    while let scalar = peek(end), scalar != "}" {
      guard ("0"..."9").contains(scalar) || (scalar == "," && !sawComma && end > 1) else {
        throw refusal("a brace that is no {n,m}")
      }
      if scalar == "," { sawComma = true }
      end += 1
    }
    guard peek(end) == "}", end > 1 else { throw refusal("a brace that is no {n,m}") }
    if peek(end + 1) == "+" || (peek(end + 1) == "?" && !sawComma) {
      throw refusal("an interval followed by + or ?")
    }
    copy(end + 1)
  }

  private mutating func translateClass() throws {
    copy()
    let isNegated = peek() == "^"
    if isNegated { copy() }
    if peek() == "]" { throw refusal("an empty character class") }
    while let scalar = peek(), scalar != "]" {
      switch scalar {
      case "\\": try translateEscape(inClass: true)
      case "[": throw refusal("a class inside a class")
      case "&" where peek(1) == "&": throw refusal("an intersection of classes")
      default: copy()
      }
    }
    guard peek() == "]" else { throw refusal("a class without its end") }
    copy()
  }

  private mutating func translateEscape(inClass: Bool) throws {
    position += 1
    guard let letter = take() else { throw refusal("a backslash at its end") }
    switch letter {
    case "s": output += "\\p{White_Space}"
    case "S": output += "\\P{White_Space}"
    case "d": append(UnicodeProperty.decimalDigit, isNegated: false, inClass: inClass)
    case "w": append(UnicodeProperty.word, isNegated: false, inClass: inClass)
    case "D" where !inClass: append(UnicodeProperty.decimalDigit, isNegated: true, inClass: false)
    case "W" where !inClass: append(UnicodeProperty.word, isNegated: true, inClass: false)
    case "p", "P": try translateProperty(isNegated: letter == "P", inClass: inClass)
    case "u": output += "\\x{\(try hexDigits(4))}"
    case "x": try translateHexadecimal()
    case "n", "r", "t", "f", "a", "e": output += "\\\(letter)"
    case "v": output += "\\x{0B}"
    case "A" where !inClass, "z" where !inClass, "Z" where !inClass: output += "\\\(letter)"
    case _ where letter.properties.isAlphabetic || letter.properties.numericType != nil:
      throw refusal("\\\(letter)")
    case _ where letter.isASCII: output += "\\\(letter)"
    default: output.unicodeScalars.append(letter)
    }
  }

  private mutating func translateHexadecimal() throws {
    if peek() == "{" {
      position += 1
      var digits = ""
      while let scalar = take(), scalar != "}" {
        guard scalar.properties.isASCIIHexDigit else { throw refusal("a bad \\x{}") }
        digits.unicodeScalars.append(scalar)
      }
      guard (1...6).contains(digits.utf8.count) else { throw refusal("a bad \\x{}") }
      output += "\\x{\(digits)}"
    } else {
      let digits = try hexDigits(2)
      // Beyond ASCII Oniguruma means a byte of the text, not a character.
      guard let value = Int(digits, radix: 16), value < 0x80 else {
        throw refusal("\\x\(digits)")
      }
      output += "\\x{\(digits)}"
    }
  }

  private mutating func hexDigits(_ count: Int) throws -> String {
    var digits = ""
    for _ in 0..<count {
      guard let scalar = take(), scalar.properties.isASCIIHexDigit else {
        throw refusal("an escape without its \(count) hexadecimal digits")
      }
      digits.unicodeScalars.append(scalar)
    }
    return digits
  }

  private mutating func translateProperty(isNegated: Bool, inClass: Bool) throws {
    var isNegated = isNegated
    guard take() == "{" else { throw refusal("\\p without braces") }
    if peek() == "^" {
      position += 1
      isNegated.toggle()
    }
    var name = ""
    while let scalar = take(), scalar != "}" {
      guard scalar.isASCII, scalar.properties.isAlphabetic || scalar == "_" else {
        throw refusal("a property whose name is not one")
      }
      name.unicodeScalars.append(scalar)
    }
    append(UnicodeProperty.named(name), isNegated: isNegated, inClass: inClass)
  }

  /// A class may not stand in a class: there the members are listed, and a negated property goes
  /// without the newest characters.
  private mutating func append(_ property: UnicodeProperty, isNegated: Bool, inClass: Bool) {
    switch (inClass, isNegated) {
    case (true, false): output += property.members
    case (true, true): output += property.complement
    case (false, _): output += "[\(isNegated ? "^" : "")\(property.members)]"
    }
  }
}
