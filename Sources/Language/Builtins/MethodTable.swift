/// A method of one of the language's own types.
struct Method {
  typealias Body = (Value, BoundArguments, Interpreter) throws -> Value

  let name: String
  let signature: Signature
  let summary: String
  let body: Body

  init(_ name: String, _ signature: StaticString, _ summary: String, _ body: @escaping Body) {
    self.name = name
    self.signature = Signature(signature)
    self.summary = summary
    self.body = body
  }
}

/// The methods of the language's own types, by type and name.
final class MethodTable {
  private let methods: [String: [String: Method]]

  init() {
    let types: [String: [Method]] = [
      "str": Method.searching + Method.splitting + Method.casing + Method.classifying,
      "list": Method.list, "tuple": Method.tuple, "dict": Method.dict, "int": Method.int,
      "float": Method.float,
    ]
    methods = types.mapValues { list in
      Dictionary(list.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// The method of a value's type.
  func unbound(_ name: String, of value: Value) -> Method? {
    methods[value.typeName]?[name]
  }

  /// The method bound to its value.
  func method(_ name: String, of value: Value) -> BuiltinFunction? {
    guard let method = unbound(name, of: value) else { return nil }
    return BuiltinFunction(
      name, method.signature, documentation: .init(summary: method.summary)
    ) { arguments, interpreter in
      try method.body(value, arguments, interpreter)
    }
  }

  func names(of value: Value) -> [String] {
    methods[value.typeName].map { Array($0.keys) } ?? []
  }
}
