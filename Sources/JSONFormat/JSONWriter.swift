extension JSON {
  /// The value as JSON text.
  ///
  /// - Parameter indent: the spaces of one level; nil writes everything on one line with `, ` and
  ///   `: ` between, as Python's `json.dumps` does.
  public func text(indent: Int? = nil) -> String {
    var writer = JSONWriter(indent: indent)
    writer.write(self, level: 0)
    return String(decoding: writer.output, as: UTF8.self)
  }

  /// A floating-point number as Python's `repr` writes it: the shortest digits that read back
  /// equal.
  public static func text(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    let magnitude = value.magnitude
    var text = "\(value)"
    guard let exponent = text.firstIndex(of: "e") else { return text }
    // Swift turns to exponents at 2^53 and below 1e-4, Python at 1e16 and below 1e-4.
    if magnitude >= 1, magnitude < 1e16 { return "\(Int(value)).0" }
    var digits = text[..<exponent]
    if digits.hasSuffix(".0") { digits = digits.dropLast(2) }
    var power = text[text.index(after: exponent)...]
    let sign = power.hasPrefix("-") ? "-" : "+"
    power = power.drop { $0 == "-" || $0 == "+" }
    text = digits + "e" + sign + (power.count < 2 ? "0" : "") + power
    return text
  }
}

private struct JSONWriter {
  let indent: Int?
  var output: [UInt8] = []

  init(indent: Int?) { self.indent = indent }

  mutating func write(_ value: JSON, level: Int) {
    switch value {
    case .null: put("null")
    case .bool(let value): put(value ? "true" : "false")
    case .int(let value): put(String(value))
    case .double(let value): put(JSON.text(of: value))
    case .string(let value): writeString(value)
    case .array(let elements):
      writeList("[", "]", elements, level: level) { $0.write($1, level: level + 1) }
    case .object(let object):
      writeList("{", "}", object.members, level: level) { writer, member in
        writer.writeString(member.key)
        writer.put(": ")
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private mutating func put(_ text: String) {
    output.append(contentsOf: text.utf8)
  }

  private mutating func writeList<Element>(
    _ open: String, _ close: String, _ elements: [Element], level: Int,
    _ body: (inout JSONWriter, Element) -> Void
  ) {
    put(open)
    for (index, element) in elements.enumerated() {
      if index > 0 { put(indent == nil ? ", " : ",") }
      breakLine(level + 1)
      body(&self, element)
    }
    if !elements.isEmpty { breakLine(level) }
    put(close)
  }

  private mutating func breakLine(_ level: Int) {
    guard let indent else { return }
    output.append(0x0A)
    output.append(contentsOf: repeatElement(0x20, count: indent * level))
  }

  private mutating func writeString(_ text: String) {
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): put("\\\"")
      case UInt8(ascii: "\\"): put("\\\\")
      case 0x0A: put("\\n")
      case 0x0D: put("\\r")
      case 0x09: put("\\t")
      case 0x08: put("\\b")
      case 0x0C: put("\\f")
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        put("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
