extension Method {
  static var splitting: [Method] {
    [
      Method("split", "sep=None, maxsplit=-1", "The parts between separators.") {
        text, arguments, _ in
        strings(try split(text, arguments, fromEnd: false))
      },
      Method("rsplit", "sep=None, maxsplit=-1", "As split, cutting from the end.") {
        text, arguments, _ in
        strings(try split(text, arguments, fromEnd: true))
      },
      Method("splitlines", "keepends=False", "The lines.") { text, arguments, _ in
        strings(lines(Self.text(text), keepingEnds: try arguments.bool("keepends")))
      },
      Method("partition", "sep, /", "What is before, the separator, what is after.") {
        text, arguments, _ in
        let (text, separator) = (Self.text(text), try separator(arguments))
        guard let offset = text.byteOffset(of: separator) else {
          return .tuple([.string(text), .string(""), .string("")])
        }
        return parts(text, around: offset, separator)
      },
      Method("rpartition", "sep, /", "As partition, at the last separator.") { text, arguments, _ in
        let (text, separator) = (Self.text(text), try separator(arguments))
        var last: Int?
        while let next = text.byteOffset(of: separator, from: last.map { $0 + 1 } ?? 0) {
          last = next
        }
        guard let last else { return .tuple([.string(""), .string(""), .string(text)]) }
        return parts(text, around: last, separator)
      },
      Method("join", "iterable, /", "Strings with this one between them.") { text, arguments, _ in
        let parts = try arguments.value("iterable").elements().enumerated().map { index, part in
          guard let part = part.asString else {
            throw LanguageError("element \(index) must be a string, not \(part.typePhrase)")
          }
          return part
        }
        return .string(try joined(parts, by: Self.text(text)))
      },
      Method("strip", "chars=None, /", "The string without white space at its ends.") {
        text, arguments, _ in
        .string(try strip(text, arguments, start: true, end: true))
      },
      Method("lstrip", "chars=None, /", "The string without white space at its start.") {
        text, arguments, _ in
        .string(try strip(text, arguments, start: true, end: false))
      },
      Method("rstrip", "chars=None, /", "The string without white space at its end.") {
        text, arguments, _ in
        .string(try strip(text, arguments, start: false, end: true))
      },
    ]
  }

  static func strings(_ texts: [String]) -> Value { .list(texts.map { .string($0) }) }

  private static func separator(_ arguments: BoundArguments) throws -> String {
    let separator = try arguments.string("sep")
    if separator.isEmpty { throw LanguageError("the separator is empty") }
    return separator
  }

  private static func parts(_ text: String, around offset: Int, _ separator: String) -> Value {
    let end = offset + separator.utf8.count
    return .tuple([
      .string(text.bytes(0..<offset)), .string(separator),
      .string(text.bytes(end..<text.utf8.count)),
    ])
  }

  private static func split(
    _ value: Value, _ arguments: BoundArguments, fromEnd: Bool
  ) throws -> [String] {
    let text = text(value)
    let count = try arguments.int("maxsplit")
    let limit = count < 0 ? Int.max : count
    guard !arguments.value("sep").isNone else { return words(text, limit, fromEnd: fromEnd) }
    let separator = try separator(arguments)
    if !fromEnd { return text.pieces(separatedBy: separator, limit: limit) }
    var parts: [String] = []
    // From the end, overlapping separators count from the end too.
    let reversed = String(String.UnicodeScalarView(text.unicodeScalars.reversed()))
    let backwards = String(String.UnicodeScalarView(separator.unicodeScalars.reversed()))
    for piece in reversed.pieces(separatedBy: backwards, limit: limit).reversed() {
      parts.append(String(String.UnicodeScalarView(piece.unicodeScalars.reversed())))
    }
    return parts
  }

  /// The words between white space; after `limit` cuts the rest stays whole.
  private static func words(_ text: String, _ limit: Int, fromEnd: Bool) -> [String] {
    var scalars = Array(text.unicodeScalars)
    if fromEnd { scalars.reverse() }
    var words: [String] = []
    var position = 0
    while true {
      while position < scalars.count, isPythonSpace(scalars[position]) { position += 1 }
      if position == scalars.count { break }
      var end = position
      if words.count >= limit {
        end = scalars.count
      } else {
        while end < scalars.count, !isPythonSpace(scalars[end]) { end += 1 }
      }
      var word = String.UnicodeScalarView()
      let part = scalars[position..<end]
      if fromEnd { word.append(contentsOf: part.reversed()) } else { word.append(contentsOf: part) }
      words.append(String(word))
      if words.count > limit { break }
      position = end
    }
    return fromEnd ? words.reversed() : words
  }

  private static func lines(_ text: String, keepingEnds: Bool) -> [String] {
    let ends: Set<Unicode.Scalar> = [
      "\n", "\r", "\u{B}", "\u{C}", "\u{1C}", "\u{1D}", "\u{1E}", "\u{85}", "\u{2028}", "\u{2029}",
    ]
    let scalars = Array(text.unicodeScalars)
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var position = 0
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      guard ends.contains(scalar) else {
        line.append(scalar)
        continue
      }
      if keepingEnds { line.append(scalar) }
      if scalar == "\r", position < scalars.count, scalars[position] == "\n" {
        if keepingEnds { line.append("\n") }
        position += 1
      }
      lines.append(String(line))
      line = String.UnicodeScalarView()
    }
    return line.isEmpty ? lines : lines + [String(line)]
  }

  private static func strip(
    _ value: Value, _ arguments: BoundArguments, start: Bool, end: Bool
  ) throws -> String {
    let characters = try arguments.optionalString("chars").map { Set($0.unicodeScalars) }
    let isDropped = { (scalar: Unicode.Scalar) in
      characters?.contains(scalar) ?? isPythonSpace(scalar)
    }
    var rest = text(value).unicodeScalars[...]
    if start { rest = rest.drop(while: isDropped) }
    while end, let last = rest.last, isDropped(last) { rest.removeLast() }
    return String(rest)
  }
}
