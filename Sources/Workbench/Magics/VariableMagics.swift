import Language

extension Session {
  /// %who, %whos, %reset.
  var variableMagics: [Magic] {
    [
      Magic(
        "who", "[type ...]", "The names of the variables.",
        text: "With types behind it, the names of variables of those types alone.",
        example: "%who tensor model"
      ) { [unowned self] arguments in
        let names = try variables(ofTypes: arguments).map(\.name)
        output(.printed((names.isEmpty ? "no variables" : names.joined(separator: "  ")) + "\n"))
        return nil
      },
      Magic(
        "whos", "[type ...]",
        "A table of the variables: type, shape or length, bytes and device.",
        text: "bytes are those of elements; of a model those of its weights as save writes them. A "
          + "masked view has none: it shares the weights.",
        example: "%whos"
      ) { [unowned self] arguments in
        let chosen = try variables(ofTypes: arguments)
        if chosen.isEmpty {
          output(.printed("no variables\n"))
        } else {
          output(.displayed(try Display(.object(Self.table(of: chosen)))))
        }
        return nil
      },
      Magic(
        "reset", "", "Forgets all variables and Out; the device and the seed stay.",
        text: "In stays too, so that %history still shows what was done. Functions that a variable "
          + "was hiding are back.",
        example: "%reset"
      ) { [unowned self] arguments in
        guard arguments.isEmpty else {
          throw LanguageError("%reset takes nothing behind it; 'del name' forgets one variable")
        }
        let count = userVariables.count
        forgetVariables()
        output(.printed("forgot \(counted(count, "variable"))\n"))
        return nil
      },
    ]
  }

  /// The names that the session itself gives.
  static let ownNames: Set = ["In", "Out", "_"]

  /// The user's own variables, by name.
  var userVariables: [(name: String, value: Value)] {
    interpreter.globals.filter { !Self.ownNames.contains($0.key) }.sorted { $0.key < $1.key }
      .map { (name: $0.key, value: $0.value) }
  }

  /// The variables of some types, of all where none is named.
  private func variables(ofTypes text: String) throws -> [(name: String, value: Value)] {
    let types = text.split { $0 == " " || $0 == "," }.map(String.init)
    if types.isEmpty { return userVariables }
    let known = Set(userVariables.map(\.value.typeName)).sorted()
    for type in types where !known.contains(type) {
      let hint = didYouMean(type, known)
      let there = known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))"
      throw LanguageError(
        "no variable is of the type '\(type)'\(hint.isEmpty ? there : hint)")
    }
    return userVariables.filter { types.contains($0.value.typeName) }
  }

  private static func table(of variables: [(name: String, value: Value)]) -> TableObject {
    TableObject(
      columns: ["name", "type", "shape", "bytes", "device"],
      rows: variables.map { name, value in
        let measure = ValueMeasure(of: value)
        func text(_ text: String?) -> Value { text.map { .string($0) } ?? .none }
        return [
          .string(name), .string(measure.type), text(measure.extent),
          measure.bytes.map { .int($0) } ?? .none, text(measure.device),
        ]
      })
  }
}
