import Language

extension Session {
  /// Makes all functions that the workbench adds to the language.
  func makeCatalogue() -> [BuiltinFunction] {
    modelFunctions + textFunctions + evaluationFunctions + importanceFunctions + activationFunctions
      + pruningFunctions + planningFunctions + searchFunctions + trainingFunctions
      + tensorFunctions + figureFunctions + sessionFunctions
  }

  /// A function of the catalogue.
  func function(
    _ name: String, _ signature: StaticString, _ summary: String, text: String = "",
    example: String = "", body: @escaping (BoundArguments) throws -> Value
  ) -> BuiltinFunction {
    BuiltinFunction(
      name, Signature(signature),
      documentation: BuiltinFunction.Documentation(summary: summary, text: text, example: example)
    ) { arguments, _ in try body(arguments) }
  }
}
