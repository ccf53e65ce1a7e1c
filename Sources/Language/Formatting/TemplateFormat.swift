/// `str.format`: `"{} {0} {name.attribute[key]!r:>8}"`.
struct TemplateFormat {
  private let scalars: [Unicode.Scalar]
  private let arguments: [Value]
  private let keywords: DictObject
  private let interpreter: Interpreter
  private var position = 0
  private var nextField = 0
  private var isNumbered = false

  static func apply(
    _ template: String, _ arguments: [Value], _ keywords: DictObject, _ interpreter: Interpreter
  ) throws -> String {
    var format = TemplateFormat(
      scalars: Array(template.unicodeScalars), arguments: arguments, keywords: keywords,
      interpreter: interpreter)
    return try format.run(depth: 0)
  }

  private init(
    scalars: [Unicode.Scalar], arguments: [Value], keywords: DictObject, interpreter: Interpreter
  ) {
    self.scalars = scalars
    self.arguments = arguments
    self.keywords = keywords
    self.interpreter = interpreter
  }

  private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  /// The text up to the end, or inside a specification up to its `}`.
  private mutating func run(depth: Int) throws -> String {
    if depth > 2 { throw LanguageError("format fields are nested too deeply") }
    var result = ""
    while let scalar = current {
      let isDoubled = position + 1 < scalars.count && scalars[position + 1] == scalar
      if scalar == "}", depth > 0 { return result }
      position += 1
      switch scalar {
      case "{" where !isDoubled || depth > 0: result += try field(depth: depth)
      case "}" where !isDoubled: throw LanguageError("a single '}' in the format; write '}}'")
      case "{", "}":
        position += 1
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
      try Limits.check(bytes: result.utf8.count)
    }
    return result
  }

  private mutating func field(depth: Int) throws -> String {
    let value = try fieldValue()
    var conversion: Unicode.Scalar?
    if current == "!" {
      position += 1
      conversion = current
      guard let conversion, ["r", "s", "a"].contains(conversion) else {
        throw LanguageError("a conversion is !r, !s or !a")
      }
      position += 1
    }
    var specification = ""
    if current == ":" {
      position += 1
      specification = try run(depth: depth + 1)
    }
    guard current == "}" else { throw LanguageError("a format field is not closed; it needs '}'") }
    position += 1
    return try Formatting.format(value, conversion: conversion, specification)
  }

  private mutating func take(until stops: Set<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    while let scalar = current, !stops.contains(scalar) {
      text.append(scalar)
      position += 1
    }
    return String(text)
  }

  private mutating func fieldValue() throws -> Value {
    let name = take(until: ["}", "{", "!", ":", ".", "["])
    var value = try argument(name)
    while let scalar = current, scalar == "." || scalar == "[" {
      position += 1
      if scalar == "." {
        let attribute = take(until: ["}", "!", ":", ".", "["])
        value = try interpreter.attribute(attribute, of: value)
      } else {
        let key = take(until: ["]"])
        if current == nil { throw LanguageError("a format field is not closed; it needs ']'") }
        position += 1
        value = try interpreter.item(Int(key).map { .int($0) } ?? .string(key), of: value)
      }
    }
    return value
  }

  private mutating func argument(_ name: String) throws -> Value {
    if name.isEmpty || Int(name) != nil {
      if nextField > 0, isNumbered != !name.isEmpty {
        throw LanguageError("numbered and automatic format fields cannot be mixed")
      }
      isNumbered = !name.isEmpty
      let index = Int(name) ?? nextField
      nextField += 1
      guard arguments.indices.contains(index) else {
        throw LanguageError(
          "the format asks for argument \(index), but there are \(arguments.count)")
      }
      return arguments[index]
    }
    if let value = keywords[name] { return value }
    let names = keywords.entries.compactMap(\.key.asString)
    throw LanguageError(
      "the format asks for '\(name)', which is not given\(didYouMean(name, names))")
  }
}
