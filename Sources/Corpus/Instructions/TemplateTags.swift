/// The tags of a Jinja template in order, each in one spelling, and the text between them as
/// transformers prints it (its `trim_blocks` and `lstrip_blocks` are on).
struct TemplateTags {
  enum Tag {
    /// Text that is printed; empty stretches are left out.
    case text(String)
    /// `{{ expression }}`.
    case print(String)
    /// `{% word rest %}`.
    case statement(String, String)
  }

  private(set) var all: [Tag] = []
  private var rest: Substring.UnicodeScalarView
  private var text = ""
  /// Whether the tag before asks that blanks after it go.
  private var trimsStart = false

  /// - Returns: nil for a tag or a string without its end.
  init?(_ template: String) {
    // Jinja reads every end of a line as a newline, and drops one at the end of all.
    var lines = template.split(omittingEmptySubsequences: false) {
      ["\n", "\r\n", "\r"].contains($0)
    }
    if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    rest = lines.joined(separator: "\n")[...].unicodeScalars
    while let scalar = rest.first {
      if scalar == "{", let kind = rest.dropFirst().first, ["{", "%", "#"].contains(kind) {
        guard readTag(kind) else { return nil }
      } else {
        text.unicodeScalars.append(scalar)
        rest.removeFirst()
      }
    }
    finishText(trimsEnd: false, before: nil)
  }

  private mutating func readTag(_ kind: Unicode.Scalar) -> Bool {
    rest.removeFirst(2)
    let trimsEnd = rest.first == "-"
    if trimsEnd { rest.removeFirst() }
    finishText(trimsEnd: trimsEnd, before: kind)
    guard kind != "#" else { return skipComment() }
    var content = TemplateSpelling()
    let end: Unicode.Scalar = kind == "{" ? "}" : "%"
    guard content.read(&rest, until: end) else { return false }
    trimsStart = content.endsWithDash
    if kind == "{" {
      all.append(.print(content.text()))
    } else {
      guard let word = content.takeWord() else { return false }
      all.append(.statement(word, content.text()))
      dropNewline()
    }
    return true
  }

  private mutating func skipComment() -> Bool {
    var last: Unicode.Scalar?
    while let scalar = rest.popFirst() {
      if scalar == "#", rest.first == "}" {
        rest.removeFirst()
        trimsStart = last == "-"
        dropNewline()
        return true
      }
      last = scalar
    }
    return false
  }

  /// `trim_blocks`: a newline right after a statement or a comment is not printed.
  private mutating func dropNewline() {
    if rest.first == "\n" { rest.removeFirst() }
  }

  private mutating func finishText(trimsEnd: Bool, before kind: Unicode.Scalar?) {
    var scalars = Array(text.unicodeScalars)
    if trimsStart { scalars = Array(scalars.drop { $0.properties.isWhitespace }) }
    if trimsEnd {
      while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
    } else if kind == "%" || kind == "#" {
      // `lstrip_blocks`: blanks between the line's start and a statement are not printed.
      let kept = scalars.reversed().drop { $0 == " " || $0 == "\t" }
      if kept.first.map({ $0 == "\n" }) ?? true { scalars = Array(kept.reversed()) }
    }
    if !scalars.isEmpty {
      var kept = ""
      kept.unicodeScalars.append(contentsOf: scalars)
      all.append(.text(kept))
    }
    text = ""
    trimsStart = false
  }
}

/// What stands in a tag, in one spelling: no blanks but between two words; strings in `«»`, their
/// escapes resolved and joined ones made one; `message.role` and `message['role']` as `message[role]`.
private struct TemplateSpelling {
  private enum Token: Equatable {
    case word(String)
    case string(String)
    case symbol(Unicode.Scalar)
  }

  private static let members: Set<String> = ["role", "content", "tool_calls"]
  private var tokens: [Token] = []
  /// Whether the tag ends in `-`, by which the blanks after it are not printed.
  private(set) var endsWithDash = false

  /// Reads up to the tag's end, and that too; false where there is none.
  mutating func read(_ rest: inout Substring.UnicodeScalarView, until end: Unicode.Scalar) -> Bool {
    while let scalar = rest.popFirst() {
      if scalar == end, rest.first == "}" {
        rest.removeFirst()
        if tokens.last == .symbol("-") {
          endsWithDash = true
          tokens.removeLast()
        }
        return true
      }
      if scalar == "'" || scalar == "\"" {
        guard let string = Self.string(&rest, quote: scalar) else { return false }
        tokens.append(.string(string))
      } else if scalar.isOfWord {
        var word = String(scalar)
        while let next = rest.first, next.isOfWord {
          word.unicodeScalars.append(next)
          rest.removeFirst()
        }
        tokens.append(.word(word))
      } else if !scalar.properties.isWhitespace {
        tokens.append(.symbol(scalar))
      }
    }
    return false
  }

  private static func string(
    _ rest: inout Substring.UnicodeScalarView, quote: Unicode.Scalar
  ) -> String? {
    var string = ""
    while let scalar = rest.popFirst() {
      if scalar == quote { return string }
      guard scalar == "\\" else {
        string.unicodeScalars.append(scalar)
        continue
      }
      switch rest.popFirst() {
      case "n": string += "\n"
      case "t": string += "\t"
      case let escaped? where ["\\", "'", "\""].contains(escaped):
        string.unicodeScalars.append(escaped)
      default: return nil
      }
    }
    return nil
  }

  /// Takes out the first word.
  mutating func takeWord() -> String? {
    guard case .word(let word)? = tokens.first else { return nil }
    tokens.removeFirst()
    return word
  }

  /// The rest.
  func text() -> String {
    var result = ""
    var index = 0
    while index < tokens.count {
      let after = tokens[(index + 1)...].prefix(2)
      switch tokens[index] {
      case .symbol("."):
        if case .word(let name)? = after.first, Self.members.contains(name) {
          result += "[\(name)]"
          index += 1
        } else {
          result += "."
        }
      case .symbol("["):
        if case .string(let name)? = after.first, after.last == .symbol("]"),
          Self.members.contains(name)
        {
          result += "[\(name)]"
          index += 2
        } else {
          result += "["
        }
      case .symbol("+"):
        if case .string(let next)? = after.first, result.hasSuffix("»") {
          result.removeLast()
          result += next + "»"
          index += 1
        } else {
          result += "+"
        }
      case .symbol(let symbol): result.unicodeScalars.append(symbol)
      case .string(let string): result += "«\(string)»"
      case .word(let word):
        if result.unicodeScalars.last?.isOfWord == true { result += " " }
        result += word
      }
      index += 1
    }
    return result
  }
}

extension Unicode.Scalar {
  fileprivate var isOfWord: Bool {
    self == "_" || properties.isAlphabetic || ("0"..."9").contains(self)
  }
}
