extension Builtin {
  static var sequences: [BuiltinFunction] {
    [
      type("range", "start, stop=None, step=1, /", "Whole numbers, the stop left out.", "range(3)")
      {
        arguments, _ in
        try range(arguments)
      },
      function("len", "object, /", "How many elements there are.", "len([1, 2])") { arguments, _ in
        .int(try arguments.value("object").length())
      },
      type(
        "enumerate", "iterable, start=0", "Pairs of a count and an element.", "enumerate(\"ab\")"
      ) { arguments, interpreter in
        let iterator = try arguments.value("iterable").makeIterator()
        var count = try arguments.int("start")
        return .object(
          IteratorObject("enumerate", interpreter) {
            guard let element = try iterator.next() else { return nil }
            defer { count &+= 1 }
            return .tuple([.int(count), element])
          })
      },
      type("zip", "*iterables, strict=False", "Elements side by side.", "zip([1, 2], \"ab\")") {
        arguments, interpreter in
        try zip(arguments, interpreter)
      },
      type("reversed", "sequence, /", "The elements from the end.", "reversed([1, 2])") {
        arguments, interpreter in
        .object(try reversed(arguments.value("sequence"), interpreter))
      },
      function(
        "sorted", "iterable, /, *, key=None, reverse=False", "The elements in order, as a list.",
        "sorted([3, 1], reverse=True)"
      ) { arguments, interpreter in
        .list(
          try Sorting.sorted(
            try elements(arguments.value("iterable"), interpreter), key: arguments.value("key"),
            reverse: try arguments.value("reverse").truth(), interpreter))
      },
    ]
  }

  static var walks: [BuiltinFunction] {
    [
      type("map", "function, *iterables", "The results of a function.", "map(str, [1, 2])") {
        arguments, interpreter in
        let iterators = try arguments.variadic("iterables").map { try $0.makeIterator() }
        if iterators.isEmpty { throw LanguageError("map() needs something to walk") }
        let function = arguments.value("function")
        return .object(
          IteratorObject("map", interpreter) {
            guard let row = try row(of: iterators) else { return nil }
            return try interpreter.apply(function, Arguments(row))
          })
      },
      type("filter", "function, iterable, /", "The elements that pass.", "filter(None, [0, 1])") {
        arguments, interpreter in
        let iterator = try arguments.value("iterable").makeIterator()
        let function = arguments.value("function")
        return .object(
          IteratorObject("filter", interpreter) {
            while let element = try iterator.next() {
              try interpreter.poll()
              let verdict =
                function.isNone
                ? element : try interpreter.apply(function, Arguments([element]))
              if try verdict.truth() { return element }
            }
            return nil
          })
      },
      function("iter", "iterable, /", "A walk over the elements.", "iter([1, 2])") {
        arguments, interpreter in
        if case .object(let walk as IteratorObject) = arguments.value("iterable") {
          return .object(walk)
        }
        let iterator = try arguments.value("iterable").makeIterator()
        return .object(IteratorObject("iterator", interpreter) { try iterator.next() })
      },
      function("next", "iterator, default=None, /", "The next element.", "next(iter([1, 2]))") {
        arguments, _ in
        let walk = try arguments.object(
          "iterator", as: IteratorObject.self, expected: "an iterator, such as iter(x) gives")
        if let element = try walk.iterator.next() { return element }
        if arguments.isGiven("default") { return arguments.value("default") }
        throw LanguageError("the iterator is at its end")
      },
    ]
  }

  private static func range(_ arguments: BoundArguments) throws -> Value {
    let hasStop = arguments.isGiven("stop")
    let start = hasStop ? try arguments.int("start") : 0
    let stop = try arguments.int(hasStop ? "stop" : "start")
    let step = try arguments.int("step")
    if step == 0 { throw LanguageError("the step of a range cannot be 0") }
    guard let range = RangeValue(start: start, stop: stop, step: step) else {
      throw LanguageError("the range has more numbers than fit in 64 bits")
    }
    return .range(range)
  }

  /// The next element of each walk, nil once one of them is at its end.
  private static func row(of iterators: [ValueIterator]) throws -> [Value]? {
    var row: [Value] = []
    for iterator in iterators {
      guard let element = try iterator.next() else { return nil }
      row.append(element)
    }
    return row
  }

  private static func zip(
    _ arguments: BoundArguments, _ interpreter: Interpreter
  ) throws -> Value {
    let iterators = try arguments.variadic("iterables").map { try $0.makeIterator() }
    let isStrict = try arguments.value("strict").truth()
    return .object(
      IteratorObject("zip", interpreter) {
        if iterators.isEmpty { return nil }
        if !isStrict { return try row(of: iterators).map { .tuple($0) } }
        let row = try iterators.map { try $0.next() }
        let found = row.compactMap { $0 }
        if found.isEmpty { return nil }
        if found.count < row.count { throw LanguageError("zip(): the arguments differ in length") }
        return .tuple(found)
      })
  }

  private static func reversed(
    _ sequence: Value, _ interpreter: Interpreter
  ) throws -> IteratorObject {
    if case .range(let range) = sequence {
      var position = range.count
      return IteratorObject("range_iterator", interpreter) {
        if position == 0 { return nil }
        position -= 1
        return .int(range[position])
      }
    }
    if case .object(let object) = sequence, try object.length() == nil {
      throw LanguageError("\(sequence.typePhrase) cannot be walked from its end")
    }
    var elements = try sequence.elements()
    return IteratorObject("reversed", interpreter) { elements.popLast() }
  }
}
