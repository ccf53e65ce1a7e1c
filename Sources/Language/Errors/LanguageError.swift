/// What went wrong in a program, and where.
public struct LanguageError: Error {
  /// One place in the chain of calls.
  public struct Place: Sendable {
    /// The source.
    public let source: SourceText
    /// The expression at fault.
    public let span: Span
    /// The function that the place is in, nil outside of functions.
    public let function: String?
  }

  /// The fault as a sentence without its full stop.
  public let message: String
  /// Where it happened, innermost first: the expression, then each call that led to it.
  public private(set) var places: [Place] = []
  /// Whether the program could not be read, so that nothing of it ran.
  public let isSyntax: Bool
  /// Whether more text at the end could mend it.
  let isIncomplete: Bool
  /// Whether the next expression outward belongs to the places.
  private var isOpen = true

  /// An error that gets the place of the expression which is being evaluated.
  public init(_ message: String) {
    self.message = message
    self.isSyntax = false
    self.isIncomplete = false
  }

  /// An error in the text itself.
  init(syntax message: String, _ source: SourceText, _ span: Span, incomplete: Bool = false) {
    self.message = message
    self.isSyntax = true
    self.isIncomplete = incomplete
    self.places = [Place(source: source, span: span, function: nil)]
    self.isOpen = false
  }

  /// The error with a place added where it waits for one.
  func located(_ place: @autoclosure () -> Place) -> LanguageError {
    guard isOpen else { return self }
    var error = self
    // The chain of a runaway recursion is as long as the limit; keep both its ends.
    if error.places.count < 4000 { error.places.append(place()) }
    error.isOpen = false
    return error
  }

  /// The error as it leaves a function: the call outside belongs to the places.
  func leavingFunction() -> LanguageError {
    var error = self
    error.isOpen = !isSyntax
    return error
  }
}

/// An error that ends everything at once and keeps its identity: an interrupt, an exit.
///
/// Any error that conforms passes through the interpreter untouched.
public protocol Interruption: Error {}

/// The user stopped the program.
public struct Interrupted: Interruption, CustomStringConvertible {
  /// An interrupt.
  public init() {}
  /// `interrupted`.
  public var description: String { "interrupted" }
}

extension LanguageError {
  /// An attribute that is not there.
  static func noAttribute(_ name: String, of value: Value) -> LanguageError {
    let hint = didYouMean(name, value.attributeNames)
    return LanguageError("\(value.typePhrase) has no attribute '\(name)'\(hint)")
  }

  /// Any error as one of the language; an interruption stays what it is.
  static func wrapping(_ error: any Error) throws -> LanguageError {
    if let error = error as? LanguageError { return error }
    if error is any Interruption { throw error }
    return LanguageError("\(error)")
  }
}
