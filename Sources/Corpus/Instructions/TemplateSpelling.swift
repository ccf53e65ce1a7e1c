/// What stands in a tag, in one spelling: no blanks but between two words; strings in `«»`, their
/// escapes resolved and joined ones made one; `message.role` and `message['role']` as
/// `message[role]`.
struct TemplateSpelling {
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
