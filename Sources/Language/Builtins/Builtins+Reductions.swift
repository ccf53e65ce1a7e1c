extension Builtin {
  static var reductions: [BuiltinFunction] {
    [
      function(
        "sum", "iterable, /, start=0", "The sum of the elements.", "sum([1, 2])",
        defersToMethod: true
      ) { arguments, interpreter in
        var total = arguments.value("start")
        if total.asString != nil { throw LanguageError("sum() adds no strings; use ''.join(...)") }
        try walk(arguments.value("iterable"), interpreter) {
          total = try Arithmetic.apply(.add, total, $0)
          return true
        }
        return total
      },
      extreme("min", .less, "The smallest element."),
      extreme("max", .greater, "The largest element."),
      function(
        "any", "iterable, /", "Whether one element counts as true.", "any([0, 1])",
        defersToMethod: true
      ) { arguments, interpreter in
        var found = false
        try walk(arguments.value("iterable"), interpreter) {
          found = try $0.truth()
          return !found
        }
        return .bool(found)
      },
      function(
        "all", "iterable, /", "Whether all elements count as true.", "all([0, 1])",
        defersToMethod: true
      ) { arguments, interpreter in
        var holds = true
        try walk(arguments.value("iterable"), interpreter) {
          holds = try $0.truth()
          return holds
        }
        return .bool(holds)
      },
    ]
  }

  /// Walks the elements until the body answers false.
  private static func walk(
    _ iterable: Value, _ interpreter: Interpreter, _ body: (Value) throws -> Bool
  ) throws {
    let iterator = try iterable.makeIterator()
    var count = 0
    while let element = try iterator.next() {
      if count & 0x3FF == 0 { try interpreter.poll() }
      count &+= 1
      guard try body(element) else { return }
    }
  }

  private static func extreme(
    _ name: String, _ operation: BinaryOperator, _ summary: String
  ) -> BuiltinFunction {
    function(
      name, "*values, key=None, default=None", summary, "\(name)(3, 1, 2)", defersToMethod: true
    ) { arguments, interpreter in
      let values = arguments.variadic("values")
      guard let first = values.first else { throw LanguageError("\(name)() needs a value") }
      if values.count > 1, arguments.isGiven("default") {
        throw LanguageError("\(name)() takes a default for one iterable only")
      }
      let key = arguments.value("key")
      var best: (value: Value, key: Value)?
      try walk(values.count == 1 ? first : .tuple(values), interpreter) { value in
        let rank = key.isNone ? value : try interpreter.apply(key, Arguments([value]))
        if let current = best,
          try !Ordering.compare(rank, operation, current.key).truth()
        {
          return true
        }
        best = (value, rank)
        return true
      }
      if let best { return best.value }
      if arguments.isGiven("default") { return arguments.value("default") }
      throw LanguageError("\(name)() of nothing; default= gives the value for that")
    }
  }
}
