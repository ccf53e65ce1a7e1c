import Language

extension Session {
  /// What each kind of value has, by its name.
  package static let describedTypes: [String: KeyValuePairs<String, String>] = [
    "figure": FigureObject.attributeTexts, "importance": ImportanceObject.attributeTexts,
    "loss": LossObject.attributeTexts, "model": ModelObject.attributeTexts,
    "plan": PlanObject.attributeTexts, "provenance": ProvenanceObject.attributeTexts,
    "run": RunObject.attributeTexts, "search": SearchObject.attributeTexts,
    "stability": StabilityObject.attributeTexts, "table": TableObject.attributeTexts,
    "tensor": TensorObject.attributeTexts, "tokenizer": TokenizerObject.attributeTexts,
    "tokens": TokensObject.attributeTexts, "weights": WeightsObject.attributeTexts,
  ]
}

extension BuiltinFunction {
  /// Signature, summary, text and example.
  var helpText: String {
    helpPage(
      "\(name)(\(signature.text))", summary: documentation.summary, text: documentation.text,
      example: documentation.example)
  }
}

extension Session {
  /// Help as it is shown, its lines folded where the terminal is narrow.
  func fitted(_ text: String) -> String { width.map { text.folded(to: $0) } ?? text }

  /// The help of a function, magic, variable or kind of value by its name, of an attribute or method
  /// behind dots.
  /// - Throws: `LanguageError` for a name that is not there.
  func helpText(_ name: String) throws -> String {
    if name.hasPrefix("%") {
      guard let magic = magic(named: name) else { throw unknownMagic(name) }
      return magic.helpText
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if let text = try typeHelp(parts) { return text }
    guard let first = parts.first, parts.count > 1 else { return try helpText(ofName: name) }
    var (value, owner) = (try self.value(named: first), Value.none)
    for part in parts.dropFirst() {
      owner = value
      value = try interpreter.attribute(part, of: value)
    }
    return try attributeHelp(name, value, owner: owner)
  }

  /// The help of a kind of value by its name, or of what one has: where no variable has that name,
  /// and no function where it is a name alone.
  /// - Throws: `LanguageError` for what a kind of value has not.
  private func typeHelp(_ parts: [String]) throws -> String? {
    guard let kind = parts.first, parts.count <= 2, let texts = Self.describedTypes[kind],
      interpreter.globals[kind] == nil
    else { return nil }
    if parts.count == 1 {
      if interpreter.builtins[kind] != nil { return nil }
      return "\(kind): a kind of value\n\n" + columns(texts.map { (".\($0.key)", $0.value) })
    }
    guard let text = texts.first(where: { $0.key == parts[1] })?.value else {
      throw LanguageError(
        "the kind of value '\(kind)' has no '\(parts[1])'\(didYouMean(parts[1], texts.map(\.key)))")
    }
    return "\(kind).\(parts[1])\n\n\(text)"
  }

  private func helpText(ofName name: String) throws -> String {
    let isVariable = interpreter.globals[name] != nil || interpreter.builtins[name] != nil
    if name == "magics", !isVariable { return magicOverview }
    // What is known as a magic alone needs no %.
    if !isVariable, let magic = magic(named: name) { return magic.helpText }
    return try helpText(of: try value(named: name), name: name)
  }

  /// The most characters of a value that its help begins with.
  private static let mostShown = 2000

  /// The help of a value: of a function how to call it, of an object what it has.
  func helpText(of value: Value, name: String?) throws -> String {
    switch value {
    case .builtin(let function): return function.helpText
    case .function(let function):
      return helpPage(
        "\(function.name)(\(function.signature.text))", summary: "A function of this session.",
        text: function.documentation ?? "", example: "")
    default:
      let shown =
        (name.map { "\($0): " } ?? "") + (try value.representation(cutAt: Self.mostShown))
      guard case .object = value else { return shown }
      let texts = interpreter.attributeNames(of: value).compactMap { attribute in
        interpreter.attributeSummary(attribute, of: value).map { (".\(attribute)", $0) }
      }
      return texts.isEmpty ? shown : shown + "\n\n" + columns(texts)
    }
  }

  /// The help of an attribute by its dotted name, or of a method as of a function.
  private func attributeHelp(_ name: String, _ value: Value, owner: Value) throws -> String {
    if case .builtin(let function) = value { return function.helpText }
    let last = name.split(separator: ".").last.map(String.init) ?? name
    let summary = interpreter.attributeSummary(last, of: owner)
    return (summary.map { $0 + "\n\n" } ?? "") + (try helpText(of: value, name: name))
  }

  private func value(named name: String) throws -> Value {
    if let value = interpreter.globals[name] ?? interpreter.builtins[name] { return value }
    let known = Array(interpreter.builtins.keys) + Array(interpreter.globals.keys)
    throw LanguageError("there is no '\(name)'\(didYouMean(name, known))")
  }

  /// The help of the name at a place of a cell, or of the function whose arguments stand there; nil
  /// where there is none.
  ///
  /// - Parameter cursor: an offset in Unicode scalars.
  public func help(at cursor: Int, of source: String) -> String? {
    let scalars = Array(source.unicodeScalars)
    let place = min(max(0, cursor), scalars.count)
    func name(endingAt end: Int) -> String? {
      let start =
        scalars[..<end].lastIndex { !Self.isNamePart($0) && $0 != "." }.map { $0 + 1 } ?? 0
      return start < end ? String(String.UnicodeScalarView(scalars[start..<end])) : nil
    }
    let end = scalars[place...].firstIndex { !Self.isNamePart($0) } ?? scalars.count
    if let name = name(endingAt: end), let text = try? helpText(name) { return text }
    var depth = 0
    for index in scalars[..<place].indices.reversed() {
      switch scalars[index] {
      case ")", "]", "}": depth += 1
      case "(", "[", "{":
        if depth == 0 { return name(endingAt: index).flatMap { try? helpText($0) } }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isXIDContinue
  }

  /// All functions of the catalogue, a line each.
  var overview: String {
    columns(catalogue.map { ($0.name, $0.documentation.summary) })
      + "\n\nhelp(\"name\") shows one of them whole. %magics lists the commands of the prompt."
  }
}
