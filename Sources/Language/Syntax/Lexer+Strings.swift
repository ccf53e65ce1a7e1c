extension Lexer {
  /// A string literal from its opening quote; the prefix has been read.
  mutating func readString(prefix: String, from start: Int) throws -> Token.Kind {
    if prefix.contains("b") { throw fault("bytes literals are not supported", from: start) }
    let quote = try readOpeningQuote()
    let isRaw = prefix.contains("r")
    if prefix.contains("f") {
      let parts = try readFormattedParts(until: quote, isRaw: isRaw, from: start, depth: 0)
      advance(by: quote.length)
      return .formatted(parts)
    }
    var text = String.UnicodeScalarView()
    while !isAt(quote) {
      guard let scalar = current, scalar != "\n" || quote.length == 3 else {
        throw unclosed(quote, from: start)
      }
      if scalar == "\\" {
        try readEscape(into: &text, isRaw: isRaw, quote, from: start)
      } else {
        text.append(scalar)
        advance()
      }
    }
    advance(by: quote.length)
    return .string(String(text))
  }

  /// A quote as it opens and closes a string.
  struct Quote {
    let scalar: Unicode.Scalar
    let length: Int
  }

  private mutating func readOpeningQuote() throws -> Quote {
    let scalar = current ?? "'"
    let isTriple =
      self.scalar(at: position + 1) == scalar && self.scalar(at: position + 2) == scalar
    let quote = Quote(scalar: scalar, length: isTriple ? 3 : 1)
    advance(by: quote.length)
    return quote
  }

  func isAt(_ quote: Quote) -> Bool {
    (0..<quote.length).allSatisfy { scalar(at: position + $0) == quote.scalar }
  }

  func unclosed(_ quote: Quote, from start: Int) -> LanguageError {
    let text = String(repeating: String(quote.scalar), count: quote.length)
    // Only a triple-quoted string can go on in the next line.
    let incomplete = quote.length == 3 && current == nil
    return fault("the string is not closed; it needs \(text)", from: start, incomplete: incomplete)
  }

  // MARK: Escapes

  mutating func readEscape(
    into text: inout String.UnicodeScalarView, isRaw: Bool, _ quote: Quote, from start: Int
  ) throws {
    let escapeStart = position
    advance()
    guard let scalar = current else { throw unclosed(quote, from: start) }
    advance()
    if isRaw {
      text.append("\\")
      text.append(scalar)
      return
    }
    switch scalar {
    case "\n": break
    case "\\", "'", "\"": text.append(scalar)
    case "a": text.append("\u{7}")
    case "b": text.append("\u{8}")
    case "f": text.append("\u{C}")
    case "n": text.append("\n")
    case "r": text.append("\r")
    case "t": text.append("\t")
    case "v": text.append("\u{B}")
    case "0"..."7": text.append(readOctal(first: scalar))
    case "x": text.append(try readHexadecimal(count: 2, from: escapeStart))
    case "u": text.append(try readHexadecimal(count: 4, from: escapeStart))
    case "U": text.append(try readHexadecimal(count: 8, from: escapeStart))
    case "N": throw fault("named characters are not supported; use \\u1234", from: escapeStart)
    default:
      text.append("\\")
      text.append(scalar)
    }
  }

  private mutating func readOctal(first: Unicode.Scalar) -> Unicode.Scalar {
    var value = first.value - 0x30
    for _ in 0..<2 {
      guard let digit = current, ("0"..."7").contains(digit) else { break }
      value = value * 8 + digit.value - 0x30
      advance()
    }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  private mutating func readHexadecimal(count: Int, from start: Int) throws -> Unicode.Scalar {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let scalar = current, scalar.isASCII, let digit = Character(scalar).hexDigitValue else {
        throw fault("the escape needs \(count) hexadecimal digits", from: start)
      }
      value = value << 4 | UInt32(digit)
      advance()
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw fault("the escape is no Unicode character", from: start)
    }
    return scalar
  }
}
