extension Builtin {
  static var conversions: [BuiltinFunction] {
    [
      type("int", "x=0, /, base=None", "A number or text as an int.", "int(\"42\")") {
        arguments, _ in
        .int(try int(arguments))
      },
      type("float", "x=0.0, /", "A number or text as a float.", "float(\"1e-4\")") { arguments, _ in
        .float(try float(arguments.value("x")))
      },
      type("str", "object='', /", "Any value as text.", "str(3)") { arguments, _ in
        .string(try arguments.value("object").text())
      },
      type("bool", "x=False, /", "Whether a value counts as true.", "bool([])") { arguments, _ in
        .bool(try arguments.value("x").truth())
      },
      type("list", "iterable=(), /", "The elements as a list.", "list(range(3))") {
        arguments, interpreter in
        .list(try elements(arguments.value("iterable"), interpreter))
      },
      type("tuple", "iterable=(), /", "The elements as a tuple.", "tuple([1, 2])") {
        arguments, interpreter in
        if case .tuple = arguments.value("iterable") { return arguments.value("iterable") }
        return .tuple(try elements(arguments.value("iterable"), interpreter))
      },
      type("dict", "entries=(), /, **names", "A dict of pairs or of names.", "dict(a=1)") {
        arguments, _ in
        let dict = DictObject()
        try dict.merge(arguments.value("entries"))
        try dict.merge(.dict(arguments.keywords("names")))
        return .dict(dict)
      },
      function("repr", "object, /", "A value as source text shows it.", "repr(\"a\")") {
        arguments, _ in
        .string(try arguments.value("object").representation())
      },
      function("format", "value, spec='', /", "A value under a format.", "format(0.5, \".1%\")") {
        arguments, _ in
        .string(try Formatting.format(arguments.value("value"), try arguments.string("spec")))
      },
      function("chr", "code, /", "The character of a code point.", "chr(65)") { arguments, _ in
        let code = try arguments.int("code")
        guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
          throw LanguageError("\(code) is no Unicode character")
        }
        return .string(String(scalar))
      },
      function("ord", "character, /", "The code point of a character.", "ord(\"A\")") {
        arguments, _ in
        let scalars = try arguments.string("character").unicodeScalars
        guard let scalar = scalars.first, scalars.count == 1 else {
          throw LanguageError("ord() takes one character, not \(scalars.count)")
        }
        return .int(Int(scalar.value))
      },
    ]
  }

  /// All elements, with a look for an interrupt now and then.
  static func elements(_ value: Value, _ interpreter: Interpreter) throws -> [Value] {
    switch value {
    case .list, .tuple: return try value.elements()
    case .range(let range): try Limits.check(count: range.count, of: "a list")
    default: break
    }
    var result: [Value] = []
    let iterator = try value.makeIterator()
    while let element = try iterator.next() {
      if result.count & 0xFFF == 0 { try interpreter.poll() }
      if result.count >= Limits.elements { throw Limits.tooLarge("a list", result.count) }
      result.append(element)
    }
    return result
  }

  private static func int(_ arguments: BoundArguments) throws -> Int {
    let value = arguments.value("x")
    if case .string(let text) = value {
      return try int(text, base: try arguments.optionalInt("base") ?? 10)
    }
    if arguments.isGiven("base") { throw LanguageError("a base needs a string to read") }
    if let number = value.asInt { return number }
    if case .float(let number) = value { return try whole(number) }
    if case .object(let object) = value, let number = try object.number() {
      if let whole = number.asInt { return whole }
      if case .float(let number) = number { return try whole(number) }
    }
    throw LanguageError("int() takes a number or a string, not \(value.typePhrase)")
  }

  /// A float cut to an int.
  static func whole(_ number: Double) throws -> Int {
    guard let whole = Int(exactly: number.rounded(.towardZero)) else {
      throw LanguageError("\(FloatText.representation(number)) does not fit in an int")
    }
    return whole
  }

  private static func int(_ text: String, base: Int) throws -> Int {
    guard base == 0 || (2...36).contains(base) else {
      throw LanguageError("the base must be 0 or 2 to 36, not \(base)")
    }
    let wrong = LanguageError("\(Value.string(text).shortRepresentation) is no int in base \(base)")
    var digits = text.trimmed[...]
    let sign = digits.first == "-" ? "-" : ""
    if digits.first == "-" || digits.first == "+" { digits = digits.dropFirst() }
    var radix = base == 0 ? 10 : base
    let prefixes = ["0x": 16, "0o": 8, "0b": 2]
    if let named = prefixes[digits.prefix(2).lowercased()], base == 0 || base == named {
      radix = named
      digits = digits.dropFirst(2)
      if digits.first == "_" { digits = digits.dropFirst() }
    } else if base == 0, digits.utf8.count > 1, digits.first == "0",
      digits.contains(where: { $0 != "0" })
    {
      throw wrong
    }
    let misplaced = digits.hasPrefix("_") || digits.hasSuffix("_") || digits.contains("__")
    let plain = digits.filter { $0 != "_" }
    guard !misplaced, plain.utf8.first.map({ $0 != 0x2B && $0 != 0x2D }) ?? false else {
      throw wrong
    }
    if let value = Int(sign + plain, radix: radix) { return value }
    let isNumber = plain.allSatisfy { $0.isASCII && ($0.hexDigitValue ?? 36) < radix }
    throw isNumber ? LanguageError("\(text.trimmed.prefix(40)) does not fit in 64 bits") : wrong
  }

  private static func float(_ value: Value) throws -> Double {
    if let number = value.asDouble { return number }
    if case .string(let text) = value {
      if let number = FloatText.parse(text.trimmed) { return number }
      throw LanguageError("\(value.shortRepresentation) is no number")
    }
    if case .object(let object) = value, let number = try object.number()?.asDouble {
      return number
    }
    throw LanguageError("float() takes a number or a string, not \(value.typePhrase)")
  }
}
