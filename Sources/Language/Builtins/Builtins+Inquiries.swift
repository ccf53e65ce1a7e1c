extension Builtin {
  static var inquiries: [BuiltinFunction] {
    [
      function(
        "print", "*values, sep=' ', end='\\n', flush=False", "Writes values on a line.",
        "print(1, 2, sep=\", \")"
      ) { arguments, interpreter in
        let separator = try arguments.optionalString("sep") ?? " "
        let end = try arguments.optionalString("end") ?? "\n"
        let texts = try arguments.variadic("values").map {
          try $0.text(width: interpreter.width)
        }
        interpreter.output(texts.joined(separator: separator) + end)
        return .none
      },
      function("input", "prompt='', /", "A line that the user types.", "input(\"name? \")") {
        arguments, interpreter in
        guard let line = try interpreter.input(try arguments.value("prompt").text()) else {
          throw LanguageError("the input is at its end")
        }
        return .string(line)
      },
      function(
        "dir", "object=None, /", "The names of a value's attributes and methods.", "dir(\"\")"
      ) { arguments, interpreter in
        let names =
          arguments.isGiven("object")
          ? interpreter.attributeNames(of: arguments.value("object"))
          : interpreter.globals.keys.sorted()
        return .list(names.map { .string($0) })
      },
      type("type", "object, /", "The type of a value.", "type(1)") { arguments, interpreter in
        typeObject(of: arguments.value("object"), interpreter)
      },
      function(
        "isinstance", "object, classinfo, /", "Whether a value is of a type, or one of a tuple.",
        "isinstance(1, (int, float))"
      ) { arguments, interpreter in
        .bool(try isInstance(arguments, interpreter))
      },
      function("callable", "object, /", "Whether a value can be called.", "callable(len)") {
        arguments, _ in
        .bool(arguments.value("object").isCallable)
      },
    ]
  }

  private static func typeObject(of value: Value, _ interpreter: Interpreter) -> Value {
    if case .builtin(let function)? = interpreter.builtins[value.typeName], function.isType {
      return .builtin(function)
    }
    return .object(TypeObject(value.typeName))
  }

  private static func isInstance(
    _ arguments: BoundArguments, _ interpreter: Interpreter
  ) throws -> Bool {
    var candidates = [arguments.value("classinfo")]
    if case .tuple(let tuple) = candidates[0] { candidates = tuple.elements }
    let value = arguments.value("object")
    let type = typeObject(of: value, interpreter)
    for candidate in candidates {
      switch candidate {
      case .builtin(let function) where function.isType:
        if candidate.isIdentical(to: type) { return true }
        // A bool is an int in Python.
        if case .bool = value, function.name == "int" { return true }
      case .object(is TypeObject):
        if candidate.isIdentical(to: type) { return true }
      default:
        throw LanguageError(
          "classinfo must be a type or a tuple of types, not \(candidate.typePhrase)")
      }
    }
    return false
  }
}
