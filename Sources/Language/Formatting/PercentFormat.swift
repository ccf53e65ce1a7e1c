/// `text % values`, as printf formats.
struct PercentFormat {
  private var scalars: [Unicode.Scalar]
  private var position = 0
  private let values: [Value]
  private let mapping: Value?
  private var used = 0

  static func apply(_ template: String, _ operand: Value) throws -> String {
    var format = PercentFormat(template, operand)
    return try format.run()
  }

  private init(_ template: String, _ operand: Value) {
    scalars = Array(template.unicodeScalars)
    if case .tuple(let tuple) = operand { values = tuple.elements } else { values = [operand] }
    if case .dict = operand { mapping = operand } else { mapping = nil }
  }

  private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func run() throws -> String {
    var result = ""
    while let scalar = current {
      position += 1
      if scalar == "%" {
        result += try field()
      } else {
        result.unicodeScalars.append(scalar)
      }
      try Limits.check(bytes: result.utf8.count)
    }
    if mapping == nil, used < values.count {
      throw LanguageError("the format uses \(used) of \(values.count) values")
    }
    return result
  }

  private mutating func nextValue() throws -> Value {
    guard used < values.count else {
      throw LanguageError("the format asks for more values than the \(values.count) given")
    }
    used += 1
    return values[used - 1]
  }

  private mutating func field() throws -> String {
    if current == "%" {
      position += 1
      return "%"
    }
    var keyed: Value?
    if current == "(" { keyed = try mappedValue() }
    var specification = FormatSpecification()
    var isLeft = false
    var isZero = false
    while let flag = current, ["-", "+", " ", "#", "0"].contains(flag) {
      switch flag {
      case "-": isLeft = true
      case "0": isZero = true
      case "#": specification.isAlternate = true
      case "+": specification.sign = "+"
      default: if specification.sign != "+" { specification.sign = " " }
      }
      position += 1
    }
    if let width = try number() {
      specification.width = abs(width)
      if width < 0 { isLeft = true }
    }
    if current == "." {
      position += 1
      specification.precision = max(0, try number() ?? 0)
    }
    guard let type = current else { throw LanguageError("the format ends inside a '%' field") }
    position += 1
    let value = try keyed ?? nextValue()
    specification.alignment = isLeft ? "<" : ">"
    let isNumber = !["s", "r", "a", "c"].contains(type)
    if isZero, !isLeft, isNumber { (specification.fill, specification.alignment) = ("0", "=") }
    return try format(value, type, &specification)
  }

  private mutating func mappedValue() throws -> Value {
    var name = String.UnicodeScalarView()
    position += 1
    while let scalar = current, scalar != ")" {
      name.append(scalar)
      position += 1
    }
    position += 1
    guard case .dict(let dict)? = mapping else { throw LanguageError("'%(name)' needs a dict") }
    guard let value = dict[String(name)] else {
      throw LanguageError("the dict has no key '\(String(name))'")
    }
    return value
  }

  private mutating func number() throws -> Int? {
    if current == "*" {
      position += 1
      guard let value = try nextValue().asInt, abs(value) <= FormatSpecification.limit else {
        throw LanguageError(
          "'*' in a format needs an int within the limit of \(FormatSpecification.limit)")
      }
      return value
    }
    var digits = ""
    while let scalar = current, ("0"..."9").contains(scalar) {
      digits.unicodeScalars.append(scalar)
      position += 1
    }
    if digits.isEmpty { return nil }
    guard let value = Int(digits), value <= FormatSpecification.limit else {
      throw LanguageError("\(digits) is too wide; the limit is \(FormatSpecification.limit)")
    }
    return value
  }

  private func format(
    _ value: Value, _ type: Unicode.Scalar, _ specification: inout FormatSpecification
  ) throws -> String {
    switch type {
    case "s", "r", "a":
      specification.sign = "-"
      specification.isAlternate = false
      let text = try Formatting.format(value, conversion: type, "")
      return try specification.format(.string(text))
    case "d", "i", "u", "x", "X", "o":
      let number = try whole(value, type)
      specification.type = ["x", "X", "o"].contains(type) ? type : "d"
      let digits = specification.precision ?? 0
      specification.precision = nil
      if digits == 0 { return try NumberFormat.format(number, specification) }
      var inner = specification
      (inner.width, inner.fill, inner.alignment) = (digits + (number < 0 ? 1 : 0), "0", "=")
      return specification.pad(try NumberFormat.format(number, inner), default: ">")
    case "f", "F", "e", "E", "g", "G":
      guard let number = value.asDouble else { throw mismatch(type, value) }
      specification.type = type
      return try NumberFormat.format(number, specification)
    case "c":
      if let text = value.asString, text.unicodeScalars.count == 1 {
        return specification.pad(text, default: ">")
      }
      guard let code = value.asInt else { throw mismatch(type, value) }
      specification.type = "c"
      return try NumberFormat.format(code, specification)
    default: throw LanguageError("'%\(type)' is no format")
    }
  }

  private func whole(_ value: Value, _ type: Unicode.Scalar) throws -> Int {
    if let number = value.asInt { return number }
    if case .float(let number) = value, type == "d" || type == "i" || type == "u" {
      if let whole = Int(exactly: number.rounded(.towardZero)) { return whole }
    }
    throw mismatch(type, value)
  }

  private func mismatch(_ type: Unicode.Scalar, _ value: Value) -> LanguageError {
    LanguageError("'%\(type)' needs a number, not \(value.typePhrase)")
  }
}
