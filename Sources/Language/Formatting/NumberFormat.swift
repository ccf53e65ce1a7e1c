/// Ints and floats under a format specification.
enum NumberFormat {
  static func format(_ value: Int, _ specification: FormatSpecification) throws -> String {
    let type = specification.type ?? "d"
    switch type {
    case "e", "E", "f", "F", "g", "G", "%":
      return try format(Double(value), specification)
    case "c": return try character(value, specification)
    case "d", "n", "b", "o", "x", "X": break
    default: throw specification.mismatch("an int")
    }
    if specification.precision != nil {
      throw LanguageError("a precision does not fit an int; '.2f' makes it a float")
    }
    let radixes: [Unicode.Scalar: Int] = ["b": 2, "o": 8, "x": 16, "X": 16]
    let radix = radixes[type] ?? 10
    if specification.grouping == ",", radix != 10 { throw specification.mismatch("',' and an int") }
    let digits = String(value.magnitude, radix: radix, uppercase: type == "X")
    let prefix = specification.isAlternate && radix != 10 ? "0\(type)" : ""
    return specification.pad(
      sign: sign(isNegative: value < 0, specification) + prefix, digits: digits, tail: "",
      groupSize: radix == 10 ? 3 : 4)
  }

  private static func character(
    _ value: Int, _ specification: FormatSpecification
  ) throws -> String {
    guard let code = UInt32(exactly: value), let scalar = Unicode.Scalar(code) else {
      throw LanguageError("\(value) is no Unicode character")
    }
    return specification.pad(String(scalar), default: "<")
  }

  private static func sign(isNegative: Bool, _ specification: FormatSpecification) -> String {
    if isNegative { return "-" }
    return specification.sign == "-" ? "" : String(specification.sign)
  }

  static func format(_ value: Double, _ specification: FormatSpecification) throws -> String {
    let type = specification.type
    if let type, !["e", "E", "f", "F", "g", "G", "n", "%"].contains(type) {
      throw specification.mismatch("a float")
    }
    let isUpper = type == "E" || type == "F" || type == "G"
    let isNegative = value.sign == .minus && !value.isNaN
    var text = magnitude(type == "%" ? value.magnitude * 100 : value.magnitude, specification)
    if isUpper { text = text.uppercased() }
    if type == "%" { text += "%" }
    let digits = text.prefix { $0.isNumber }
    return specification.pad(
      sign: sign(isNegative: isNegative, specification),
      digits: digits.isEmpty ? text : String(digits),
      tail: digits.isEmpty ? "" : String(text.dropFirst(digits.count)))
  }

  /// The digits of a number without its sign.
  private static func magnitude(_ value: Double, _ specification: FormatSpecification) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : "inf" }
    let precision = specification.precision ?? 6
    let alternate = specification.isAlternate
    switch specification.type {
    case "e", "E":
      return FloatText.printed(value, .scientific, precision: precision, alternate: alternate)
    case "f", "F", "%":
      return FloatText.printed(value, .fixed, precision: precision, alternate: alternate)
    case "g", "G", "n":
      return FloatText.printed(value, .general, precision: precision, alternate: alternate)
    default:
      if specification.precision == nil { return FloatText.representation(value) }
      return general(value, digits: max(1, precision))
    }
  }

  /// Python's float without a type but with a precision: as `g`, but with at least one digit behind
  /// the point, and an exponent one digit earlier.
  private static func general(_ value: Double, digits: Int) -> String {
    let scientific = FloatText.printed(value, .scientific, precision: digits - 1)
    guard let mark = scientific.firstIndex(of: "e"),
      let exponent = Int(scientific[scientific.index(after: mark)...])
    else { return scientific }
    func stripped(_ text: String) -> String {
      guard text.contains(".") else { return text }
      var text = text[...]
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
      return String(text)
    }
    if exponent < -4 || exponent >= digits - 1 {
      return stripped(String(scientific[..<mark])) + scientific[mark...]
    }
    let fixed = FloatText.printed(value, .fixed, precision: max(0, digits - 1 - exponent))
    let text = stripped(fixed)
    return text.contains(".") ? text : text + ".0"
  }
}
