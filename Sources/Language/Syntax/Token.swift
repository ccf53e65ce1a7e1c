/// The smallest part of a program.
struct Token {
  enum Kind: Equatable {
    case name(String)
    case keyword(Keyword)
    /// The magnitude; the parser puts the sign to it, since only -2^63 may use the last one.
    case int(UInt64)
    case float(Double)
    case string(String)
    case formatted([FormattedPart])
    case symbol(Symbol)
    case newline, indent, dedent, end
    case magic(name: String, arguments: String)
    case shell(String)
    case help(String)
  }

  let kind: Kind
  let span: Span
}

/// A part of an f-string.
indirect enum FormattedPart: Equatable {
  case text(String)
  /// `{expression=!conversion:specification}`; `label` is the text before the value for `=`.
  case field(
    expression: Range<Int>, label: String?, conversion: Unicode.Scalar?,
    specification: [FormattedPart]?)
}

/// Python's reserved words, those that the language refuses included.
enum Keyword: String, CaseIterable {
  case and, `as`, assert, async, await, `break`, `class`, `continue`, def, del, elif, `else`, except
  case finally, `for`, from, global, `if`, `import`, `in`, `is`, lambda, nonlocal, not, or, pass
  case raise, `return`, `try`, `while`, with, yield
  case none = "None"
  case `true` = "True"
  case `false` = "False"
}

/// Operators and punctuation.
enum Symbol: String, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case power = "**"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case at = "@"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case bitAnd = "&"
  case bitOr = "|"
  case bitXor = "^"
  case invert = "~"
  case walrus = ":="
  case less = "<"
  case greater = ">"
  case lessEqual = "<="
  case greaterEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case arrow = "->"
  case addAssign = "+="
  case subtractAssign = "-="
  case multiplyAssign = "*="
  case divideAssign = "/="
  case floorDivideAssign = "//="
  case moduloAssign = "%="
  case atAssign = "@="
  case andAssign = "&="
  case orAssign = "|="
  case xorAssign = "^="
  case shiftRightAssign = ">>="
  case shiftLeftAssign = "<<="
  case powerAssign = "**="
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case dot = "."
  case semicolon = ";"
  case assign = "="
  case ellipsis = "..."

  /// All symbols by the codes of their characters.
  private static let byCode: [UInt32: Symbol] = Dictionary(
    uniqueKeysWithValues: allCases.map { (code(of: $0.rawValue.unicodeScalars), $0) })

  /// The symbol of one to three scalars; nil where they are none.
  static func spelled(_ scalars: ArraySlice<Unicode.Scalar>) -> Symbol? {
    scalars.allSatisfy(\.isASCII) ? byCode[code(of: scalars)] : nil
  }

  private static func code(of scalars: some Sequence<Unicode.Scalar>) -> UInt32 {
    scalars.reduce(0) { $0 << 8 | $1.value }
  }

  /// The operator of an augmented assignment.
  var augmented: BinaryOperator? {
    switch self {
    case .addAssign, .subtractAssign, .multiplyAssign, .divideAssign, .floorDivideAssign,
      .moduloAssign, .atAssign, .andAssign, .orAssign, .xorAssign, .shiftRightAssign,
      .shiftLeftAssign, .powerAssign:
      BinaryOperator(rawValue: String(rawValue.dropLast()))
    default: nil
    }
  }
}
