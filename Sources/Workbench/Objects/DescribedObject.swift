import Language

/// A host object that says in a line what each of its attributes and methods is: help, completion
/// and the reference read them here.
protocol DescribedObject: HostObject {
  /// The attributes and methods with what they are, in the order of importance.
  static var attributeTexts: KeyValuePairs<String, String> { get }
}

extension DescribedObject {
  var attributeNames: [String] { Self.attributeTexts.map(\.key) }

  func attributeSummary(_ name: String) -> String? {
    Self.attributeTexts.first { $0.key == name }?.value
  }

  /// A method as a value, with what the table says of it.
  func method(
    _ name: String, _ signature: StaticString,
    _ body: @escaping (BoundArguments, Interpreter) throws -> Value
  ) -> Value {
    .builtin(
      BuiltinFunction(
        name, Signature(signature),
        documentation: .init(summary: attributeSummary(name) ?? ""), body: body))
  }

  /// A method that needs nothing of the interpreter.
  func method(
    _ name: String, _ signature: StaticString, _ body: @escaping (BoundArguments) throws -> Value
  ) -> Value {
    method(name, signature) { arguments, _ in try body(arguments) }
  }
}
