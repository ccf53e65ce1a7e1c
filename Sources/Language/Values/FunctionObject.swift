/// A function made by `def` or `lambda`, with the variables around it.
public final class FunctionObject: Container {
  let definition: FunctionDefinition
  /// What a call takes; the defaults were evaluated when the function was made.
  public private(set) var signature: Signature
  private(set) var closure: Scope?

  init(definition: FunctionDefinition, signature: Signature, closure: Scope?) {
    self.definition = definition
    self.signature = signature
    self.closure = closure
  }

  /// The function's name; `<lambda>` for a lambda.
  public var name: String { definition.name }

  /// The `def` or `lambda` as it was written; nil for a function that needs the variables of
  /// another one around it.
  public var sourceText: String? {
    closure == nil ? definition.source.text(definition.span).trimmed : nil
  }

  /// The values of the parameters that need no argument, by name.
  public var defaults: [(name: String, value: Value)] {
    signature.parameters.compactMap { parameter in
      parameter.defaultValue.map { (parameter.name, $0) }
    }
  }

  /// The string that opens the body, if there is one.
  public var documentation: String? { definition.documentation }

  override func surrender(into pending: inout [Container]) {
    if let closure { pending.append(closure) }
    closure = nil
    pending.collect(signature.parameters.compactMap(\.defaultValue))
    signature = Signature()
  }

  deinit { dismantle() }
}

/// The variables of one call of a function, or of one comprehension.
final class Scope: Container {
  /// The names that belong to this scope, bound or not.
  let names: ScopeNames
  private(set) var parent: Scope?
  var variables: [String: Value] = [:]

  init(names: ScopeNames, parent: Scope?) {
    self.names = names
    self.parent = parent
  }

  override func surrender(into pending: inout [Container]) {
    pending.collect(Array(variables.values))
    variables = [:]
    if let parent { pending.append(parent) }
    parent = nil
  }

  deinit { dismantle() }
}
