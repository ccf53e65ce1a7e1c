extension Lexer {
  /// An integer in base 2, 8, 10 or 16, or a floating-point number, with `_` between digits.
  mutating func readNumber() throws -> Token.Kind {
    let start = position
    if current == "0", let letter = scalar(at: position + 1) {
      switch letter {
      case "x", "X": return try readInteger(radix: 16, from: start)
      case "o", "O": return try readInteger(radix: 8, from: start)
      case "b", "B": return try readInteger(radix: 2, from: start)
      default: break
      }
    }
    var text = try readDigits(from: start)
    var isFloat = false
    if current == "." {
      isFloat = true
      text += "."
      advance()
      if current.map(isDigit) ?? false { text += try readDigits(from: start) }
    }
    if current == "e" || current == "E", let exponent = try readExponent(from: start) {
      isFloat = true
      text += exponent
    }
    try refuseSuffix(from: start)
    if isFloat {
      guard let value = FloatText.parse(text) else { throw fault("not a number", from: start) }
      return .float(value)
    }
    if text.utf8.count > 1, text.utf8.first == UInt8(ascii: "0"),
      text.contains(where: { $0 != "0" })
    {
      throw fault("an int cannot start with 0; octal is written 0o17", from: start)
    }
    return .int(try magnitude(text, radix: 10, from: start))
  }

  private mutating func readDigits(from start: Int, radix: Int = 10) throws -> String {
    var digits = ""
    while let scalar = current {
      if scalar == "_" {
        let next = self.scalar(at: position + 1)
        guard next.map({ value(of: $0, radix: radix) }) ?? false else {
          advance()
          throw fault("'_' in a number must stand between digits", from: start)
        }
      } else if value(of: scalar, radix: radix) {
        digits.unicodeScalars.append(scalar)
      } else {
        break
      }
      advance()
    }
    return digits
  }

  private func value(of scalar: Unicode.Scalar, radix: Int) -> Bool {
    guard scalar.isASCII, let digit = Character(scalar).hexDigitValue else { return false }
    return digit < radix
  }

  /// The exponent behind an `e`, nil where the `e` belongs to what follows, as in `1else`.
  private mutating func readExponent(from start: Int) throws -> String? {
    var offset = position + 1
    if let sign = scalar(at: offset), sign == "+" || sign == "-" { offset += 1 }
    guard let digit = scalar(at: offset), isDigit(digit) else { return nil }
    let prefix = source.text(position..<offset)
    advance(by: offset - position)
    return prefix + (try readDigits(from: start))
  }

  private mutating func readInteger(radix: Int, from start: Int) throws -> Token.Kind {
    advance(by: 2)
    if current == "_" { advance() }
    let digits = try readDigits(from: start, radix: radix)
    if digits.isEmpty { throw fault("digits should follow the base", from: start) }
    try refuseSuffix(from: start)
    return .int(try magnitude(digits, radix: radix, from: start))
  }

  private func magnitude(_ digits: String, radix: Int, from start: Int) throws -> UInt64 {
    guard let value = UInt64(digits, radix: radix), value <= UInt64(Int.max) + 1 else {
      throw fault("the int does not fit in 64 bits; write it as a float, 1e20", from: start)
    }
    return value
  }

  /// `1x` and `1j` are errors; a keyword may follow a number directly, as in Python.
  private mutating func refuseSuffix(from start: Int) throws {
    guard let scalar = current, isNamePart(scalar) else { return }
    var offset = position
    while let part = self.scalar(at: offset), isNamePart(part) { offset += 1 }
    let suffix = source.text(position..<offset)
    if ["and", "else", "for", "if", "in", "is", "not", "or"].contains(suffix) { return }
    advance(by: offset - position)
    if suffix.lowercased() == "j" { throw fault("complex numbers are not supported", from: start) }
    throw fault("a number cannot end in '\(suffix)'", from: start)
  }
}
