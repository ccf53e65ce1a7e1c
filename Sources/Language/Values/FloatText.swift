import Glibc

/// Floating-point numbers as text.
enum FloatText {
  /// Python's `repr`: the shortest digits that read back equal, exponents from 1e16 and below 1e-4.
  static func representation(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let text = "\(value)"
    guard let exponentMark = text.firstIndex(of: "e") else { return text }
    // Swift turns to exponents at 2^53, Python at 1e16.
    if value.magnitude >= 1, value.magnitude < 1e16 { return "\(Int(value)).0" }
    var digits = text[..<exponentMark]
    if digits.hasSuffix(".0") { digits = digits.dropLast(2) }
    var power = text[text.index(after: exponentMark)...]
    let sign = power.hasPrefix("-") ? "-" : "+"
    power = power.drop { $0 == "-" || $0 == "+" }
    return digits + "e" + sign + (power.count < 2 ? "0" : "") + power
  }

  /// C's correctly rounded `%.<precision>f`, `e` or `g` of a finite number; `alternate` keeps the
  /// point and the zeros of `g`.
  static func printed(
    _ value: Double, _ style: Style, precision: Int, alternate: Bool = false
  ) -> String {
    let format = "%\(alternate ? "#" : "").*\(style.rawValue)"
    return withVaList([Int32(clamping: precision), value]) { arguments in
      var buffer = [CChar](repeating: 0, count: 400 + max(0, precision))
      let written = vsnprintf(&buffer, buffer.count, format, arguments)
      let bytes = buffer.prefix(max(0, min(Int(written), buffer.count - 1)))
      return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// The conversions of C's printf.
  enum Style: String {
    case fixed = "f"
    case scientific = "e"
    case general = "g"
  }

  /// A decimal number, infinities and NaN included, as Python's `float` reads it; nil for anything
  /// else. A number past the largest becomes infinite.
  static func parse(_ text: String) -> Double? {
    let lower = text.lowercased()
    let unsigned = lower.hasPrefix("-") || lower.hasPrefix("+") ? String(lower.dropFirst()) : lower
    switch unsigned {
    case "inf", "infinity": return lower.hasPrefix("-") ? -.infinity : .infinity
    case "nan": return .nan
    default: break
    }
    guard isDecimal(Array(unsigned.utf8)) else { return nil }
    return strtod(lower.filter { $0 != "_" }, nil)
  }

  private static func isDecimal(_ bytes: [UInt8]) -> Bool {
    var position = 0
    func digits() -> Int {
      var count = 0
      while position < bytes.count {
        let isDigit = (0x30...0x39).contains(bytes[position])
        let nextIsDigit = position + 1 < bytes.count && (0x30...0x39).contains(bytes[position + 1])
        let isSeparator = bytes[position] == UInt8(ascii: "_") && count > 0 && nextIsDigit
        if !isDigit && !isSeparator { break }
        if isDigit { count += 1 }
        position += 1
      }
      return count
    }
    var count = digits()
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      count += digits()
    }
    if count == 0 { return false }
    if position < bytes.count, bytes[position] == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count, bytes[position] == 0x2B || bytes[position] == 0x2D {
        position += 1
      }
      if digits() == 0 { return false }
    }
    return position == bytes.count
  }
}
