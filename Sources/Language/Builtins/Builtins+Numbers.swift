import Glibc

extension Builtin {
  static var numbers: [BuiltinFunction] {
    [
      function("abs", "x, /", "The magnitude.", "abs(-2)", defersToMethod: true) { arguments, _ in
        let value = try plain(arguments.value("x"))
        if case .float(let number) = value { return .float(number.magnitude) }
        guard let number = value.asInt else { throw arguments.mismatch("x", "a number") }
        if number == .min { throw LanguageError("abs(\(number)) does not fit in 64 bits") }
        return .int(abs(number))
      },
      function(
        "round", "number, ndigits=None", "The nearest number with so many digits, halves to even.",
        "round(2.675, 2)", defersToMethod: true
      ) { arguments, _ in
        try round(try plain(arguments.value("number")), try arguments.optionalInt("ndigits"))
      },
      function("divmod", "a, b, /", "The floored quotient and the remainder.", "divmod(7, 2)") {
        arguments, _ in
        let (a, b) = (try plain(arguments.value("a")), try plain(arguments.value("b")))
        return .tuple([
          try Arithmetic.apply(.floorDivide, a, b), try Arithmetic.apply(.modulo, a, b),
        ])
      },
      function("pow", "base, exp", "base ** exp.", "pow(2, 10)") { arguments, _ in
        try Arithmetic.apply(.power, arguments.value("base"), arguments.value("exp"))
      },
      radix("hex", 16, "0x"), radix("oct", 8, "0o"), radix("bin", 2, "0b"),
    ]
  }

  private static func radix(_ name: String, _ radix: Int, _ prefix: String) -> BuiltinFunction {
    function(name, "number, /", "An int in base \(radix).", "\(name)(10)") { arguments, _ in
      let number = try arguments.int("number")
      return .string((number < 0 ? "-" : "") + prefix + String(number.magnitude, radix: radix))
    }
  }

  /// A host's number as the language's, anything else as it is.
  private static func plain(_ value: Value) throws -> Value {
    if case .object(let object) = value, let number = try object.number() { return number }
    return value
  }

  private static func round(_ value: Value, _ digits: Int?) throws -> Value {
    if let number = value.asInt {
      guard let digits, digits < 0 else { return .int(number) }
      return .int(try round(number, toTens: digits < -19 ? 19 : -digits))
    }
    guard case .float(let number) = value else {
      throw LanguageError("round() takes a number, not \(value.typePhrase)")
    }
    guard let digits else { return .int(try whole(number.rounded(.toNearestOrEven))) }
    guard number.isFinite, digits <= 330 else { return .float(number) }
    if digits < -309 { return .float(copysign(0, number)) }
    if digits >= 0 {
      // Rounding the decimal digits, not a product that has been rounded already, as Python does.
      let text = FloatText.printed(number, .fixed, precision: digits)
      return .float(FloatText.parse(text) ?? number)
    }
    let scale = pow(10, Double(-digits))
    let result = (number / scale).rounded(.toNearestOrEven) * scale
    if result.isInfinite { throw LanguageError("the rounded number is too large for a float") }
    return .float(result)
  }

  /// An int rounded to a multiple of 10^tens, halves to the even multiple.
  private static func round(_ number: Int, toTens tens: Int) throws -> Int {
    if tens >= 19 { return 0 }
    let unit = (0..<tens).reduce(1) { power, _ in power * 10 }
    let (quotient, remainder) = try IntegerArithmetic.floorDivide(number, unit)
    let half = unit / 2
    let roundsUp = remainder > half || (remainder == half && quotient & 1 == 1)
    let (result, overflow) = (quotient + (roundsUp ? 1 : 0)).multipliedReportingOverflow(by: unit)
    if overflow { throw LanguageError("the rounded number does not fit in 64 bits") }
    return result
  }
}
