/// Runs programs: one for a session, used by one thread at a time.
public final class Interpreter {
  /// The user's variables.
  public var globals: [String: Value] = [:]
  /// The functions of the language and the host, by name; a variable of the same name hides one.
  public internal(set) var builtins: [String: Value] = [:]

  /// Receives what `print` writes.
  public var output: (String) -> Void = { print($0, terminator: "") }
  /// Answers `input(prompt)`; nil at the end of the input.
  public var input: (String) throws -> String? = { _ in
    throw LanguageError("there is nobody to ask here: input() needs a terminal")
  }
  /// Called at every statement, loop and call; throws to stop the program.
  public var poll: () throws -> Void = {}
  /// Receives one-line warnings.
  public var warn: (String) -> Void = { _ in }
  /// What handles `%magic`, `!command` and `?name`.
  public weak var host: (any InterpreterHost)?

  /// The columns that the host's objects take where they are printed; nil: as many as they like.
  public var width: Int?

  /// How many calls of the user's functions may be inside each other.
  public var recursionLimit = 1000

  var callDepth = 0
  var stack = StackGuard()
  /// The built-ins whose hiding has been warned of.
  private var warned: Set<String> = []
  lazy var methods = MethodTable()

  /// An interpreter with Python's built-in functions.
  public init() {
    registerPythonBuiltins()
  }

  /// Adds a function under its name, replacing one of the same name.
  public func register(_ function: BuiltinFunction) {
    builtins[function.name] = .builtin(function)
  }

  /// Adds a value under a name that `del` cannot take away.
  public func register(_ value: Value, as name: String) {
    builtins[name] = value
  }

  /// Runs a cell.
  ///
  /// - Parameters:
  ///   - source: the text.
  ///   - name: the name that errors show, such as `cell 3`.
  /// - Returns: the value of the last statement where it is an expression without a `;` behind it
  ///   and its value is not `None`; else nil.
  /// - Throws: `LanguageError` with the place, or an `Interruption` as it was thrown.
  @discardableResult public func execute(_ source: String, name: String) throws -> Value? {
    try run(Parser.program(SourceText(source, name: name)))
  }

  private func run(_ program: Program) throws -> Value? {
    let frame = Frame(source: program.source, function: nil, scope: nil)
    return try onThisStack {
      // A magic runs a cell inside a cell.
      if stack.isExhausted { throw tooDeep() }
      var result: Value?
      for statement in program.statements {
        result = nil
        switch statement.kind {
        case .expression(let expression):
          try poll()
          result = try evaluate(expression, frame)
        case .magic, .shell, .help: result = try executeHostLine(statement, frame)
        default: _ = try execute(statement, frame)
        }
      }
      if program.endsWithSemicolon { return nil }
      if case .none? = result { return nil }
      return result
    }
  }

  /// Reads a cell once, to run it any number of times.
  ///
  /// - Returns: what runs it, as `execute` does.
  /// - Throws: `LanguageError` where it cannot be read.
  public func prepare(_ source: String, name: String) throws -> () throws -> Value? {
    let program = try Parser.program(SourceText(source, name: name))
    return { [self] in try run(program) }
  }

  /// Evaluates one expression.
  /// - Throws: as `execute`.
  public func evaluate(_ source: String, name: String = "expression") throws -> Value {
    let text = SourceText(source, name: name)
    var parser = try Parser(text, range: 0..<text.scalars.count)
    let expression = try parser.parseExpressionList(allowingStars: true)
    try parser.expectEnd()
    return try onThisStack {
      try evaluate(expression, Frame(source: text, function: nil, scope: nil))
    }
  }

  /// Calls a value.
  /// - Throws: what the function throws; `LanguageError` where the value cannot be called.
  public func call(_ callee: Value, _ arguments: Arguments = Arguments()) throws -> Value {
    try onThisStack { try apply(callee, arguments) }
  }

  /// Checks the source without running it.
  /// - Throws: `LanguageError` where it cannot be read.
  public static func check(_ source: String, name: String) throws {
    _ = try Parser.program(SourceText(source, name: name))
  }

  /// Runs a body that may come from any thread while nothing else runs.
  private func onThisStack<Result>(_ body: () throws -> Result) throws -> Result {
    let (outerStack, outerDepth) = (stack, callDepth)
    if callDepth == 0 { stack = StackGuard() }
    callDepth += 1
    defer {
      stack = outerStack
      callDepth = outerDepth
    }
    do {
      return try body()
    } catch let error as LanguageError {
      throw error
    } catch {
      throw try LanguageError.wrapping(error)
    }
  }

  func warnOfHiding(_ name: String) {
    guard builtins[name] != nil, warned.insert(name).inserted else { return }
    warn("'\(name)' now hides the built-in function; 'del \(name)' brings it back")
  }
}

/// What a host does with the lines that are no Python.
public protocol InterpreterHost: AnyObject {
  /// `%name arguments`; the value is shown as an expression's is.
  func magic(_ name: String, _ arguments: String, _ interpreter: Interpreter) throws -> Value?
  /// `!command`.
  func shell(_ command: String, _ interpreter: Interpreter) throws
  /// `?name` or `name?`.
  func help(_ name: String, _ interpreter: Interpreter) throws
  /// The magics that Tab completes.
  var magicNames: [String] { get }
  /// A magic in one line, for completion.
  func magicSummary(_ name: String) -> String
  /// What stands behind a magic's name.
  func magicArguments(_ name: String) -> MagicArguments
  /// The strings that a parameter takes, for completion; none where they are not a few.
  func choices(of parameter: String, in function: String) -> [String]
}

/// What the arguments of a magic are, for completion.
public enum MagicArguments: Equatable, Sendable {
  /// Code of the language.
  case code
  /// The path of a file or folder.
  case path
  /// One of some names.
  case names([String])
}

extension InterpreterHost {
  /// Refused.
  public func magic(
    _ name: String, _ arguments: String, _ interpreter: Interpreter
  ) throws -> Value? {
    throw LanguageError("%\(name) is not available here\(didYouMean(name, magicNames))")
  }
  /// Refused.
  public func shell(_ command: String, _ interpreter: Interpreter) throws {
    throw LanguageError("shell commands are not available here")
  }
  /// Refused.
  public func help(_ name: String, _ interpreter: Interpreter) throws {
    throw LanguageError("help is not available here")
  }
  /// None.
  public var magicNames: [String] { [] }
  /// Nothing.
  public func magicSummary(_ name: String) -> String { "" }
  /// Code.
  public func magicArguments(_ name: String) -> MagicArguments { .code }
  /// None.
  public func choices(of parameter: String, in function: String) -> [String] { [] }
}

/// Where an expression is evaluated: its source, its function, its variables.
final class Frame {
  let source: SourceText
  let function: String?
  /// nil at the top level, whose variables are the globals.
  let scope: Scope?

  init(source: SourceText, function: String?, scope: Scope?) {
    self.source = source
    self.function = function
    self.scope = scope
  }

  func place(_ span: Span) -> LanguageError.Place {
    LanguageError.Place(source: source, span: span, function: function)
  }
}
