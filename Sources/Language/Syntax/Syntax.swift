/// A node of the syntax tree that has a value.
final class Expression {
  enum Kind {
    case constant(Value)
    case name(String)
    case formatted([FormattedPiece])
    case list([Expression])
    case tuple([Expression])
    case dict([DictEntry])
    case comprehension(Comprehension)
    case unary(UnaryOperator, Expression)
    case not(Expression)
    case binary(BinaryOperator, Expression, Expression)
    case comparison(Expression, [(ComparisonOperator, Expression)])
    case all([Expression])
    case any([Expression])
    case conditional(condition: Expression, yes: Expression, no: Expression)
    case lambda(FunctionDefinition)
    case call(Expression, [CallArgument])
    case attribute(Expression, String)
    case index(Expression, Expression)
    case slice(Expression?, Expression?, Expression?)
    case starred(Expression)
  }

  let kind: Kind
  let span: Span
  /// The levels below this one, bounded by the parser so that no walk of the tree overflows.
  let height: Int

  init(_ kind: Kind, _ span: Span, height: Int) {
    self.kind = kind
    self.span = span
    self.height = height
  }
}

/// A part of an f-string, its expressions parsed.
indirect enum FormattedPiece {
  case text(String)
  case field(
    Expression, label: String?, conversion: Unicode.Scalar?, specification: [FormattedPiece]?)
}

/// `key: value` or `**mapping` in a dict display.
enum DictEntry {
  case pair(Expression, Expression)
  case unpacked(Expression)
}

/// An argument of a call.
enum CallArgument {
  case positional(Expression)
  case keyword(String, Expression)
  case unpacked(Expression)
  case unpackedKeywords(Expression)
}

enum ComparisonOperator {
  case value(BinaryOperator)
  case contains(negated: Bool)
  case identity(negated: Bool)
}

/// A list or dict comprehension, or a generator expression.
final class Comprehension {
  enum Result {
    case list(Expression)
    case generator(Expression)
    case dict(key: Expression, value: Expression)
  }

  struct Clause {
    let target: Expression
    let iterable: Expression
    let conditions: [Expression]
  }

  let result: Result
  let clauses: [Clause]
  let names: ScopeNames

  init(result: Result, clauses: [Clause], names: ScopeNames) {
    self.result = result
    self.clauses = clauses
    self.names = names
  }
}

/// A parameter of a `def`.
struct ParameterSyntax {
  let name: String
  let kind: Signature.Parameter.Kind
  let defaultValue: Expression?
}

/// What `def` or `lambda` makes a function of.
final class FunctionDefinition {
  let name: String
  let parameters: [ParameterSyntax]
  let body: [Statement]
  let names: ScopeNames
  let source: SourceText
  let span: Span
  let documentation: String?

  init(
    name: String, parameters: [ParameterSyntax], body: [Statement], names: ScopeNames,
    source: SourceText, span: Span
  ) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.names = names
    self.source = source
    self.span = span
    if case .expression(let first)? = body.first?.kind,
      case .constant(.string(let text)) = first.kind
    {
      documentation = text
    } else {
      documentation = nil
    }
  }
}

/// The names that an assignment inside a function or comprehension makes its own.
struct ScopeNames {
  var locals: Set<String> = []
  var globals: Set<String> = []
  var nonlocals: Set<String> = []
}

/// A node of the syntax tree that does something.
struct Statement {
  enum Kind {
    case expression(Expression)
    case assign([Expression], Expression)
    case augmented(Expression, BinaryOperator, Expression)
    case delete([Expression])
    case branch([(condition: Expression, body: [Statement])], otherwise: [Statement])
    case whileLoop(Expression, body: [Statement], otherwise: [Statement])
    case forLoop(Expression, Expression, body: [Statement], otherwise: [Statement])
    case define(FunctionDefinition)
    case returnValue(Expression?)
    case assert(Expression, Expression?)
    case pass
    case breakLoop
    case continueLoop
    /// `global` and `nonlocal`: they act when the function is read.
    case declaration
    case magic(name: String, arguments: String)
    case shell(String)
    case help(String)
  }

  let kind: Kind
  let span: Span
}

/// A whole cell.
struct Program {
  let source: SourceText
  let statements: [Statement]
  /// Whether the last statement is followed by `;`, so that its value is not shown.
  let endsWithSemicolon: Bool
}
