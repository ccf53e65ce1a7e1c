extension Method {
  /// The receiver of a string's method.
  static func text(_ value: Value) -> String { value.asString ?? "" }

  static let searchingSignature: StaticString = "sub, start=None, end=None, /"

  static var searching: [Method] {
    [
      Method("find", searchingSignature, "The first position of a part, or -1.") {
        text, arguments, _ in
        .int(try find(text, arguments) ?? -1)
      },
      Method("rfind", searchingSignature, "The last position of a part, or -1.") {
        text, arguments, _ in
        .int(try findLast(text, arguments) ?? -1)
      },
      Method("index", searchingSignature, "The first position of a part.") { text, arguments, _ in
        guard let position = try find(text, arguments) else { throw notFound(arguments) }
        return .int(position)
      },
      Method("rindex", searchingSignature, "The last position of a part.") { text, arguments, _ in
        guard let position = try findLast(text, arguments) else { throw notFound(arguments) }
        return .int(position)
      },
      Method("count", searchingSignature, "How often a part occurs.") { text, arguments, _ in
        let part = try arguments.string("sub")
        let window = try Self.text(text).scalars(
          from: arguments.value("start"), to: arguments.value("end"))
        if part.isEmpty { return .int(window.text.unicodeScalars.count + 1) }
        return .int(window.text.pieces(separatedBy: part).count - 1)
      },
      Method("startswith", "prefix, start=None, end=None, /", "Whether the string starts so.") {
        text, arguments, _ in
        try matches(text, arguments, "prefix") { $0.startsExactly(with: $1) }
      },
      Method("endswith", "suffix, start=None, end=None, /", "Whether the string ends so.") {
        text, arguments, _ in
        try matches(text, arguments, "suffix") { $0.endsExactly(with: $1) }
      },
      Method("replace", "old, new, count=-1, /", "The string with one part put for another.") {
        text, arguments, _ in
        .string(try replace(Self.text(text), arguments))
      },
      Method("removeprefix", "prefix, /", "The string without this start.") { text, arguments, _ in
        let (text, prefix) = (Self.text(text), try arguments.string("prefix"))
        guard text.startsExactly(with: prefix) else { return .string(text) }
        return .string(text.bytes(prefix.utf8.count..<text.utf8.count))
      },
      Method("removesuffix", "suffix, /", "The string without this end.") { text, arguments, _ in
        let (text, suffix) = (Self.text(text), try arguments.string("suffix"))
        guard text.endsExactly(with: suffix) else { return .string(text) }
        return .string(text.bytes(0..<text.utf8.count - suffix.utf8.count))
      },
    ]
  }

  private static func notFound(_ arguments: BoundArguments) -> LanguageError {
    LanguageError("\(arguments.value("sub").shortRepresentation) is not in the string")
  }

  private static func find(_ value: Value, _ arguments: BoundArguments) throws -> Int? {
    let part = try arguments.string("sub")
    let window = try text(value).scalars(
      from: arguments.value("start"), to: arguments.value("end"))
    guard let range = window.text.scalarRange(of: part) else { return nil }
    return window.offset + window.text.unicodeScalars[..<range.lowerBound].count
  }

  private static func findLast(_ value: Value, _ arguments: BoundArguments) throws -> Int? {
    let part = try arguments.string("sub")
    let window = try text(value).scalars(
      from: arguments.value("start"), to: arguments.value("end"))
    if part.isEmpty { return window.offset + window.text.unicodeScalars.count }
    var last: Int?
    var start = 0
    while let offset = window.text.byteOffset(of: part, from: start) {
      last = offset
      start = offset + 1
    }
    return last.map { window.offset + window.text.bytes(0..<$0).unicodeScalars.count }
  }

  private static func matches(
    _ value: Value, _ arguments: BoundArguments, _ name: String,
    _ test: (String, String) -> Bool
  ) throws -> Value {
    let window = try text(value).scalars(
      from: arguments.value("start"), to: arguments.value("end"))
    switch arguments.value(name) {
    case .string(let part): return .bool(test(window.text, part))
    case .tuple(let parts):
      return .bool(
        try parts.contains { part in
          guard let part = part.asString else {
            throw LanguageError("\(name) must be strings, not \(part.typePhrase)")
          }
          return test(window.text, part)
        })
    default: throw arguments.mismatch(name, "a string or a tuple of strings")
    }
  }

  private static func replace(_ text: String, _ arguments: BoundArguments) throws -> String {
    let (old, new) = (try arguments.string("old"), try arguments.string("new"))
    let count = try arguments.int("count")
    let limit = count < 0 ? Int.max : count
    if !old.isEmpty { return try joined(text.pieces(separatedBy: old, limit: limit), by: new) }
    // Python puts the new text before every character and at the end.
    let scalars = text.unicodeScalars.map { String($0) }
    let gaps = min(limit, scalars.count + 1)
    try Limits.check(
      bytes: text.utf8.count + gaps.multipliedReportingOverflow(by: new.utf8.count).0)
    var result = ""
    for (index, scalar) in scalars.enumerated() { result += (index < gaps ? new : "") + scalar }
    return gaps > scalars.count ? result + new : result
  }

  static func joined(_ parts: [String], by separator: String) throws -> String {
    let separators = separator.utf8.count.multipliedReportingOverflow(by: max(0, parts.count - 1))
    let bytes = parts.reduce(0) { $0 + $1.utf8.count }
      .addingReportingOverflow(separators.partialValue)
    try Limits.check(bytes: separators.overflow || bytes.overflow ? .max : bytes.partialValue)
    return parts.joined(separator: separator)
  }
}
