extension Parser {
  /// Makes a name the innermost function's own.
  mutating func bind(_ name: String) {
    guard let last = scopes.indices.last else { return }
    let scope = scopes[last]
    if !scope.globals.contains(name), !scope.nonlocals.contains(name) {
      scopes[last].locals.insert(name)
    }
  }

  mutating func bindNames(in target: Expression) {
    for name in Self.names(in: target) { bind(name) }
  }

  /// The variables that an assignment to a target sets.
  static func names(in target: Expression) -> [String] {
    switch target.kind {
    case .name(let name): [name]
    case .tuple(let elements), .list(let elements): elements.flatMap(names)
    case .starred(let inner): names(in: inner)
    default: []
    }
  }

  /// Refuses what cannot stand on the left of `=`.
  func checkTarget(_ target: Expression, inside: Bool = false) throws {
    switch target.kind {
    case .name, .attribute, .index: return
    case .tuple(let elements), .list(let elements):
      var stars = 0
      for element in elements {
        if case .starred(let inner) = element.kind {
          stars += 1
          if stars > 1 { throw fault("only one '*' may stand among the targets", element.span) }
          try checkTarget(inner, inside: true)
        } else {
          try checkTarget(element, inside: true)
        }
      }
    case .starred:
      throw fault("'*' needs a list of targets around it", target.span)
    case .comparison:
      throw fault("cannot assign to a comparison; '=' assigns, '==' compares", target.span)
    default: throw fault("cannot assign to \(describe(target))", target.span)
    }
  }

  /// What an expression is, for errors.
  func describe(_ expression: Expression) -> String {
    switch expression.kind {
    case .constant(let value): value.isNone ? "None" : "a literal"
    case .name(let name): "'\(name)'"
    case .formatted: "an f-string"
    case .list: "a list"
    case .tuple: "a tuple"
    case .dict: "a dict"
    case .comprehension: "a comprehension"
    case .unary, .not, .binary, .all, .any: "an expression"
    case .comparison: "a comparison"
    case .conditional: "a conditional expression"
    case .lambda: "a lambda"
    case .call: "a call"
    case .attribute: "an attribute"
    case .index, .slice: "an item"
    case .starred: "a starred expression"
    }
  }
}
