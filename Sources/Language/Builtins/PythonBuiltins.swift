extension Interpreter {
  /// The functions that every Python has.
  func registerPythonBuiltins() {
    for function in Builtin.conversions + Builtin.numbers + Builtin.sequences + Builtin.walks
      + Builtin.reductions
      + Builtin.inquiries
    {
      register(function)
    }
  }
}

/// Python's own functions, by what they do.
enum Builtin {
  static func function(
    _ name: String, _ signature: StaticString, _ summary: String, _ example: String,
    defersToMethod: Bool = false, _ body: @escaping BuiltinFunction.Body
  ) -> BuiltinFunction {
    BuiltinFunction(
      name, Signature(signature), documentation: .init(summary: summary, example: example),
      defersToMethod: defersToMethod, body: body)
  }

  static func type(
    _ name: String, _ signature: StaticString, _ summary: String, _ example: String,
    _ body: @escaping BuiltinFunction.Body
  ) -> BuiltinFunction {
    BuiltinFunction(
      type: name, Signature(signature), documentation: .init(summary: summary, example: example),
      body: body)
  }
}
