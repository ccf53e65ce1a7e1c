/// What is wrong with a JSON text, and where.
public struct JSONError: Error, CustomStringConvertible, Equatable {
  /// The fault, as a clause.
  public let reason: String
  /// The offset of the byte at fault.
  public let byte: Int

  /// The fault and its place.
  public var description: String { "invalid JSON at byte \(byte): \(reason)" }
}

extension JSON {
  /// Reads one JSON text (RFC 8259) in UTF-8.
  ///
  /// Python's `NaN`, `Infinity` and `-Infinity` are read too, since its writer makes them. A second
  /// member of the same key is an error. An escape that is half a surrogate pair becomes U+FFFD.
  /// - Throws: `JSONError` with the byte at fault.
  public init(reading bytes: UnsafeRawBufferPointer) throws {
    var reader = JSONReader(bytes: bytes)
    self = try reader.readDocument()
  }

  /// Reads one JSON text.
  /// - Throws: `JSONError` with the byte at fault.
  public init(reading bytes: [UInt8]) throws {
    self = try bytes.withUnsafeBytes { try JSON(reading: $0) }
  }

  /// Reads one JSON text.
  /// - Throws: `JSONError` with the byte at fault.
  public init(reading text: String) throws {
    try self.init(reading: Array(text.utf8))
  }
}

private struct JSONReader {
  let bytes: UnsafeRawBufferPointer
  var position = 0
  var depth = 0

  init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// Deeper nesting would overflow the stack of a thread of 512 KB.
  static let maximumDepth = 200

  mutating func readDocument() throws -> JSON {
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    let value = try readValue()
    skipSpace()
    if position < bytes.count { throw fault("text after the value") }
    return value
  }

  private func fault(_ reason: String, at byte: Int? = nil) -> JSONError {
    JSONError(reason: reason, byte: byte ?? position)
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func readValue() throws -> JSON {
    skipSpace()
    guard let byte = current else { throw fault("the text ends where a value should be") }
    switch byte {
    case UInt8(ascii: "{"): return try nested { try $0.readObject() }
    case UInt8(ascii: "["): return try nested { try $0.readArray() }
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "t"): return try readWord("true", .bool(true))
    case UInt8(ascii: "f"): return try readWord("false", .bool(false))
    case UInt8(ascii: "n"): return try readWord("null", .null)
    case UInt8(ascii: "N"): return try readWord("NaN", .double(.nan))
    case UInt8(ascii: "I"): return try readWord("Infinity", .double(.infinity))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
    default: throw fault("a value cannot start like this")
    }
  }

  private mutating func nested(_ read: (inout JSONReader) throws -> JSON) throws -> JSON {
    depth += 1
    if depth > Self.maximumDepth { throw fault("nested more than \(Self.maximumDepth) deep") }
    defer { depth -= 1 }
    position += 1
    return try read(&self)
  }

  private mutating func readWord(_ word: StaticString, _ value: JSON) throws -> JSON {
    let length = word.utf8CodeUnitCount
    let matches =
      position + length <= bytes.count
      && (0..<length).allSatisfy { bytes[position + $0] == word.utf8Start[$0] }
    guard matches else { throw fault("a value cannot start like this") }
    position += length
    return value
  }

  private mutating func readArray() throws -> JSON {
    var elements: [JSON] = []
    skipSpace()
    if current == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    while true {
      elements.append(try readValue())
      if try endsList(with: UInt8(ascii: "]"), "an array") { return .array(elements) }
    }
  }

  private mutating func readObject() throws -> JSON {
    var members: [JSONObject.Member] = []
    var seen: Set<KeyBytes> = []
    skipSpace()
    if current == UInt8(ascii: "}") {
      position += 1
      return .object(JSONObject())
    }
    while true {
      skipSpace()
      let start = position
      guard current == UInt8(ascii: "\"") else { throw fault("a member needs a quoted name") }
      let key = try readString()
      if !seen.insert(KeyBytes(key)).inserted {
        throw fault("the name \"\(key.prefix(60))\" appears twice", at: start)
      }
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw fault("a colon should follow the name") }
      position += 1
      members.append((key, try readValue()))
      if try endsList(with: UInt8(ascii: "}"), "an object") { return .object(JSONObject(members)) }
    }
  }

  /// After an element: true at the closing byte, false at a comma.
  private mutating func endsList(with end: UInt8, _ name: String) throws -> Bool {
    skipSpace()
    guard let byte = current else { throw fault("the text ends inside \(name)") }
    guard byte == end || byte == UInt8(ascii: ",") else {
      throw fault("a comma or the end of \(name) should stand here")
    }
    position += 1
    return byte == end
  }

  private mutating func readNumber() throws -> JSON {
    let start = position
    var isInteger = true
    if current == UInt8(ascii: "-") {
      position += 1
      if current == UInt8(ascii: "I") { return try readWord("Infinity", .double(-.infinity)) }
    }
    let leading = current
    let whole = skipDigits()
    if whole == 0 || (whole > 1 && leading == UInt8(ascii: "0")) {
      throw fault("not a number", at: start)
    }
    if current == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      if skipDigits() == 0 { throw fault("not a number", at: start) }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      if skipDigits() == 0 { throw fault("not a number", at: start) }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .int(value) }
    guard let value = Double(text) else { throw fault("not a number", at: start) }
    return .double(value)
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = current, byte >= 0x30, byte <= 0x39 { position += 1 }
    return position - start
  }

  private mutating func readString() throws -> String {
    let start = position
    position += 1
    let plainStart = position
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      position += 1
    }
    if current == UInt8(ascii: "\"") {
      defer { position += 1 }
      return try text(of: bytes[plainStart..<position], from: start)
    }
    var units = Array(bytes[plainStart..<position])
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try text(of: units, from: start)
      case UInt8(ascii: "\\"): try readEscape(into: &units)
      case 0..<0x20: throw fault("a control character inside a string", at: position - 1)
      default: units.append(byte)
      }
    }
    throw fault("a string without its closing quote", at: start)
  }

  private func text(of units: some Collection<UInt8>, from start: Int) throws -> String {
    guard let text = String(validating: units, as: UTF8.self) else {
      throw fault("a string that is not UTF-8", at: start)
    }
    return text
  }

  private mutating func readEscape(into units: inout [UInt8]) throws {
    guard let byte = current else { throw fault("the text ends inside a string") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): units.append(0x0A)
    case UInt8(ascii: "t"): units.append(0x09)
    case UInt8(ascii: "r"): units.append(0x0D)
    case UInt8(ascii: "b"): units.append(0x08)
    case UInt8(ascii: "f"): units.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(byte)
    case UInt8(ascii: "u"): units.append(contentsOf: String(try readCodePoint()).utf8)
    default: throw fault("an unknown escape", at: position - 1)
    }
  }

  private mutating func readCodePoint() throws -> Character {
    let first = try readFourHexDigits()
    var scalar = UInt32(first)
    if (0xD800..<0xDC00).contains(first), position + 1 < bytes.count,
      bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
    {
      let rewind = position
      position += 2
      let second = try readFourHexDigits()
      if (0xDC00..<0xE000).contains(second) {
        scalar = 0x10000 + ((UInt32(first) - 0xD800) << 10) + (UInt32(second) - 0xDC00)
      } else {
        position = rewind
      }
    }
    return Character(Unicode.Scalar(scalar) ?? "\u{FFFD}")
  }

  private mutating func readFourHexDigits() throws -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("an escape needs four hexadecimal digits")
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }
}

/// A key compared by its bytes.
private struct KeyBytes: Hashable {
  let key: String

  init(_ key: String) { self.key = key }

  static func == (left: KeyBytes, right: KeyBytes) -> Bool {
    left.key.utf8.elementsEqual(right.key.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var key = key
    key.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
