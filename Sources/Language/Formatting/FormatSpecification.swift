/// What stands behind the colon in `{x:>8.3f}`:
/// `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
struct FormatSpecification {
  var fill: Unicode.Scalar = " "
  /// `<`, `>`, `^` or `=`; nil leaves it to the kind of value.
  var alignment: Unicode.Scalar?
  var sign: Unicode.Scalar = "-"
  var isAlternate = false
  var width = 0
  var grouping: Unicode.Scalar?
  var precision: Int?
  var type: Unicode.Scalar?

  /// The widest field and the most digits; wider ones are a slip.
  static let limit = 1_000_000

  init() {}

  /// Reads a specification.
  /// - Throws: `LanguageError` where it follows no known form.
  init(_ text: String) throws {
    let scalars = Array(text.unicodeScalars)
    var position = 0
    func at(_ offset: Int) -> Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }
    func accept(_ choices: Set<Unicode.Scalar>) -> Unicode.Scalar? {
      guard let scalar = at(position), choices.contains(scalar) else { return nil }
      position += 1
      return scalar
    }
    func number() throws -> Int? {
      let start = position
      while accept(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]) != nil {}
      if start == position { return nil }
      let digits = scalars[start..<position].map(String.init).joined()
      guard let value = Int(digits), value <= Self.limit else {
        throw LanguageError("\(digits) is too wide for a format; the limit is \(Self.limit)")
      }
      return value
    }
    var hasFill = false
    let alignments: Set<Unicode.Scalar> = ["<", ">", "^", "="]
    if let first = at(0), let second = at(1), alignments.contains(second) {
      (fill, alignment, position) = (first, second, 2)
      hasFill = true
    } else {
      alignment = accept(alignments)
    }
    sign = accept(["+", "-", " "]) ?? "-"
    isAlternate = accept(["#"]) != nil
    if at(position) == "0" {
      position += 1
      if !hasFill { fill = "0" }
      zeroPads = alignment == nil
    }
    width = try number() ?? 0
    grouping = accept([",", "_"])
    if accept(["."]) != nil {
      precision = try number()
      if precision == nil {
        throw LanguageError("the format '\(text)' lacks its precision after '.'")
      }
    }
    type = at(position)
    if type != nil { position += 1 }
    if position < scalars.count {
      throw LanguageError(
        "'\(text)' is no format: after ':' stands [align][width][,][.digits][type]")
    }
  }

  /// Whether a leading 0 asked for zeros between the sign and the digits.
  private var zeroPads = false

  /// The value as the specification asks.
  /// - Throws: `LanguageError` where the type does not fit the value.
  func format(_ value: Value) throws -> String {
    switch value {
    case .string(let text): return try format(text)
    case .int, .bool: return try NumberFormat.format(value.asInt ?? 0, self)
    case .float(let number): return try NumberFormat.format(number, self)
    default: throw LanguageError("\(value.typePhrase) takes no format; write {x} or {str(x):...}")
    }
  }

  private func format(_ text: String) throws -> String {
    if let type, type != "s" { throw mismatch("a string") }
    if sign != "-" || grouping != nil || alignment == "=" || isAlternate {
      throw LanguageError("signs, '=', '#' and separators do not fit a string")
    }
    let cut = precision.map { String(String.UnicodeScalarView(text.unicodeScalars.prefix($0))) }
    return pad(cut ?? text, default: "<")
  }

  func mismatch(_ what: String) -> LanguageError {
    LanguageError("the format type '\(type.map(String.init) ?? "")' does not fit \(what)")
  }

  /// A text in its field.
  func pad(_ text: String, default preferred: Unicode.Scalar) -> String {
    let missing = width - text.unicodeScalars.count
    if missing <= 0 { return text }
    func fillers(_ count: Int) -> String { String(repeating: String(fill), count: count) }
    switch alignment ?? preferred {
    case "<": return text + fillers(missing)
    case "^": return fillers(missing / 2) + text + fillers(missing - missing / 2)
    default: return fillers(missing) + text
    }
  }

  /// A number in its field: sign and prefix, the digits before the point, and what follows them.
  func pad(sign: String, digits: String, tail: String, groupSize: Int = 3) -> String {
    guard alignment == "=" || zeroPads else {
      return pad(sign + group(digits, groupSize) + tail, default: ">")
    }
    let room = width - sign.unicodeScalars.count - tail.unicodeScalars.count
    if fill == "0", grouping != nil {
      // Separators go through the zeros too, and never stand first.
      var count = digits.utf8.count
      while count + (count - 1) / groupSize < room { count += 1 }
      let zeros = String(repeating: "0", count: count - digits.utf8.count)
      return sign + group(zeros + digits, groupSize) + tail
    }
    let grouped = group(digits, groupSize)
    let missing = max(0, room - grouped.unicodeScalars.count)
    return sign + String(repeating: String(fill), count: missing) + grouped + tail
  }

  private func group(_ digits: String, _ size: Int) -> String {
    guard let grouping, digits.allSatisfy(\.isHexDigit) else { return digits }
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index) % size == 0 {
        result.unicodeScalars.append(grouping)
      }
      result.append(digit)
    }
    return result
  }
}
