import Language

/// A command of the prompt, `%name arguments`: a line of its own that is no Python.
struct Magic {
  /// The name without its `%`.
  let name: String
  /// What stands behind the name, as help shows it; may be empty.
  let usage: String
  /// One line.
  let summary: String
  /// Everything else, may be empty.
  let text: String
  /// A line of code.
  let example: String
  /// What the arguments are, for completion.
  let arguments: () -> MagicArguments
  /// Runs it; the value is shown as an expression's is.
  let body: (String) throws -> Value?

  init(
    _ name: String, _ usage: String, _ summary: String, text: String = "", example: String,
    arguments: @autoclosure @escaping () -> MagicArguments = .code,
    body: @escaping (String) throws -> Value?
  ) {
    self.name = name
    self.usage = usage
    self.summary = summary
    self.text = text
    self.example = example
    self.arguments = arguments
    self.body = body
  }

  /// The name with its arguments, as help begins.
  var heading: String { "%\(name)" + (usage.isEmpty ? "" : " " + usage) }

  /// Usage, summary, text and example.
  var helpText: String {
    helpPage(heading, summary: summary, text: text, example: example)
  }
}

extension Session {
  /// Makes all magics, in the order in which they are listed.
  func makeMagics() -> [Magic] {
    timingMagics + variableMagics + historyMagics + fileMagics + sessionMagics
      + [
        Magic("magics", "", "Lists the magics and what each does.", example: "%magics") {
          [unowned self] _ in
          output(.printed(magicOverview + "\n"))
          return nil
        }
      ]
  }

  /// The magic of a name, with or without its `%`.
  func magic(named name: String) -> Magic? {
    let bare = name.hasPrefix("%") ? String(name.dropFirst()) : name
    return magics.first { $0.name == bare }
  }

  /// All magics, a line each.
  var magicOverview: String {
    let lines = magics.map { (name: $0.heading, summary: $0.summary) }
    let shell = (name: "!command", summary: "Runs a command of the shell and shows its output.")
    return columns(lines + [shell]) + "\n\nhelp(\"%time\") or %time? shows one of them whole."
  }
}

extension Session: InterpreterHost {
  /// `%name arguments`, and `%name?` for its help.
  public func magic(
    _ name: String, _ arguments: String, _ interpreter: Interpreter
  ) throws -> Value? {
    if name.hasSuffix("?") || arguments == "?" {
      output(.paged(fitted(try helpText("%" + name.filter { $0 != "?" })) + "\n"))
      return nil
    }
    guard let magic = magic(named: name), !name.hasPrefix("%") else { throw unknownMagic(name) }
    return try magic.body(arguments)
  }

  /// Runs a command of the shell.
  public func shell(_ command: String, _ interpreter: Interpreter) throws {
    try runShell(command)
  }

  /// `?name` and `name?`: the help of a function, a magic, a method or a value.
  public func help(_ name: String, _ interpreter: Interpreter) throws {
    output(.paged(fitted(try name.isEmpty ? overview : helpText(name)) + "\n"))
  }

  /// The names of the magics.
  public var magicNames: [String] { magics.map(\.name) }

  /// A magic in one line.
  public func magicSummary(_ name: String) -> String { magic(named: name)?.summary ?? "" }

  /// What stands behind a magic's name.
  public func magicArguments(_ name: String) -> MagicArguments {
    magic(named: name)?.arguments() ?? .code
  }

  /// The error for a name that no magic has.
  func unknownMagic(_ name: String) -> LanguageError {
    let bare = String(name.drop { $0 == "%" })
    if name.hasPrefix("%"), magic(named: bare) != nil {
      return LanguageError("a magic works on its own line alone: %\(bare) with one %")
    }
    let hint = didYouMean("%" + bare, magicNames.map { "%" + $0 })
    let what = bare.isEmpty ? "% needs the name of a magic" : "there is no magic %\(bare)"
    return LanguageError("\(what)\(hint.isEmpty ? "; %magics lists them" : hint)")
  }
}
