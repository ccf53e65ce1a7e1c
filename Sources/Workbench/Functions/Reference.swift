import Language

extension Session {
  /// The help of every function of the catalogue, kind of value and magic, as the project's
  /// REFERENCE.md.
  public var reference: String {
    let groups: [(title: String, functions: [BuiltinFunction])] = [
      ("Models", modelFunctions + activationFunctions), ("Text", textFunctions),
      ("Evaluation", evaluationFunctions), ("Importance", importanceFunctions),
      ("Masks and pruning", pruningFunctions),
      ("Planning and search", planningFunctions + searchFunctions),
      ("Training", trainingFunctions), ("Tensors", tensorFunctions), ("Figures", figureFunctions),
      ("Session", sessionFunctions),
    ]
    var parts = [
      "# Reference\n",
      "Made by `make reference` from what `help` says at the prompt. Sizes are ints (counts) or floats "
        + "(fractions of the teacher's), indices count from 0, losses are nats a token.\n",
    ]
    for group in groups {
      parts.append("## \(group.title)\n")
      parts += group.functions.map { function in
        let documentation = function.documentation
        return Self.entry(
          "\(function.name)(\(function.signature.text))", documentation.summary, documentation.text,
          documentation.example)
      }
    }
    parts.append("## What values have\n")
    parts += Self.describedTypes.sorted { $0.key < $1.key }.map { name, texts in
      "`\(name)`\n\n" + texts.map { "- `.\($0.key)`: \($0.value)\n" }.joined()
    }
    parts.append("## Magics\n")
    parts += magics.map { Self.entry($0.heading, $0.summary, $0.text, $0.example) }
    return parts.joined(separator: "\n")
  }

  private static func entry(
    _ heading: String, _ summary: String, _ text: String, _ example: String
  ) -> String {
    var lines = ["`\(heading)`", "", summary + (text.isEmpty ? "" : " " + text), ""]
    if !example.isEmpty { lines += ["    " + example.replacing("\n", with: "\n    "), ""] }
    return lines.joined(separator: "\n")
  }
}
