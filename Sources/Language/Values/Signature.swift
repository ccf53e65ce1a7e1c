/// What a function takes.
public struct Signature: ExpressibleByStringLiteral {
  /// One parameter.
  public struct Parameter {
    /// How arguments reach it.
    public enum Kind: Sendable {
      /// By position or by name.
      case standard
      /// By position only.
      case positionOnly
      /// By name only.
      case keywordOnly
      /// All further positions, `*name`.
      case variadic
      /// All further names, `**name`.
      case keywords
    }

    /// The name.
    public let name: String
    /// How arguments reach it.
    public let kind: Kind
    /// The value where no argument is given; nil: it is required.
    public let defaultValue: Value?

    /// A parameter.
    public init(_ name: String, _ kind: Kind = .standard, default defaultValue: Value? = nil) {
      self.name = name
      self.kind = kind
      self.defaultValue = defaultValue
    }

    /// The default as source text, nil where there is none.
    public var defaultText: String? { defaultValue.map(\.shortRepresentation) }
  }

  /// The parameters in order.
  public let parameters: [Parameter]

  /// A signature of parameters.
  public init(_ parameters: [Parameter] = []) {
    self.parameters = parameters
  }

  /// A signature as a `def` line writes it between its parentheses: `x, steps=, *, lr=1e-4, *rest`.
  ///
  /// `name=` with nothing after it is required and shown as a keyword; `/` and `*` mean what they
  /// mean in Python; defaults are literals.
  public init(stringLiteral text: StaticString) {
    do {
      self = try Signature(parsing: "\(text)")
    } catch {
      preconditionFailure("the signature (\(text)) is malformed: \(error)")
    }
  }

  /// As a string literal, from a constant.
  public init(_ text: StaticString) { self.init(stringLiteral: text) }

  init(parsing text: String) throws {
    let source = SourceText(text, name: "signature")
    var parser = try Parser(source, range: 0..<source.scalars.count)
    let syntax = try parser.parseParameters(allowingBareDefaults: true)
    try parser.expectEnd()
    self.init(
      try syntax.map { parameter in
        let value = try parameter.defaultValue.map { try Literal.value(of: $0) }
        return Parameter(parameter.name, parameter.kind, default: value)
      })
  }

  /// The text between the parentheses, as help shows it.
  public var text: String {
    var parts: [String] = []
    var sawStar = false
    for (index, parameter) in parameters.enumerated() {
      if parameter.kind == .keywordOnly, !sawStar {
        parts.append("*")
        sawStar = true
      }
      let tail = parameter.defaultText.map { "=" + $0 } ?? ""
      switch parameter.kind {
      case .variadic:
        parts.append("*" + parameter.name)
        sawStar = true
      case .keywords: parts.append("**" + parameter.name)
      default: parts.append(parameter.name + tail)
      }
      let next = index + 1 < parameters.count ? parameters[index + 1].kind : .standard
      if parameter.kind == .positionOnly, next != .positionOnly { parts.append("/") }
    }
    return parts.joined(separator: ", ")
  }
}
