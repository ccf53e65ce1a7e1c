import Language

extension BuiltinFunction {
  /// Signature, summary, text and example.
  var helpText: String {
    var parts = ["\(name)(\(signature.text))", "", documentation.summary]
    if !documentation.text.isEmpty { parts += ["", documentation.text.wrapped(to: 88)] }
    if !documentation.example.isEmpty { parts += ["", "    " + documentation.example] }
    return parts.joined(separator: "\n")
  }
}

extension Session {
  /// The help of a function or variable by its name.
  /// - Throws: `LanguageError` for a name that is not there.
  func helpText(_ name: String) throws -> String {
    if let value = interpreter.globals[name] ?? interpreter.builtins[name] {
      if case .builtin(let function) = value { return function.helpText }
      return "\(name): \(try value.representation())"
    }
    let known = Array(interpreter.builtins.keys) + Array(interpreter.globals.keys)
    throw LanguageError("there is no '\(name)'\(didYouMean(name, known))")
  }

  /// The help of the name at a place of a cell, or of the function whose arguments stand there; nil where
  /// there is none.
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
    let width = catalogue.map(\.name.count).max() ?? 0
    let lines = catalogue.map { function in
      function.name + String(repeating: " ", count: width - function.name.count + 2)
        + function.documentation.summary
    }
    return (lines + ["", "help(\"name\") shows one of them whole."]).joined(separator: "\n")
  }
}

extension String {
  /// The text in lines of at most `width` characters, broken at spaces.
  fileprivate func wrapped(to width: Int) -> String {
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
