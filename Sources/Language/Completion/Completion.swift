/// What Tab offers at a place of a cell.
public struct Completion {
  /// One proposal.
  public struct Candidate: Equatable {
    /// What a candidate is.
    public enum Kind: String, Sendable {
      /// A variable of the user.
      case variable
      /// A function.
      case function
      /// A reserved word.
      case keyword
      /// An attribute or method.
      case attribute
      /// A keyword argument, its text ending in `=`.
      case argument
      /// A key of a dict.
      case key
      /// A `%magic`.
      case magic
      /// The path of a file or folder.
      case path
      /// One of the strings that an argument may be.
      case choice
    }

    /// What replaces the range.
    public let text: String
    /// What it is.
    public let kind: Kind
    /// A type, a default or a summary; may be empty.
    public let detail: String

    /// A proposal.
    public init(text: String, kind: Kind, detail: String) {
      self.text = text
      self.kind = kind
      self.detail = detail
    }
  }

  /// The scalars of the source that a candidate replaces.
  public let range: Span
  /// The proposals in the order to show them.
  public let candidates: [Candidate]
  /// Where the cursor is inside a string: the text from its opening quote to the cursor, for paths.
  public let stringPrefix: String?

  /// What is offered.
  public init(range: Span, candidates: [Candidate], stringPrefix: String?) {
    self.range = range
    self.candidates = candidates
    self.stringPrefix = stringPrefix
  }
}

extension Interpreter {
  /// What Tab offers.
  ///
  /// Nothing is called on the way: the object before a dot is looked up through variables,
  /// attributes and literal indices only.
  /// - Parameters:
  ///   - source: the whole cell.
  ///   - cursor: an offset in Unicode scalars.
  public func completion(of source: String, at cursor: Int) -> Completion {
    let all = Array(source.unicodeScalars)
    let cursor = min(max(0, cursor), all.count)
    var prefix = String.UnicodeScalarView()
    prefix.append(contentsOf: all.prefix(cursor))
    let text = SourceText(String(prefix), name: "input")
    let request = CompletionRequest(interpreter: self, source: text)
    let completion = request.completion()
    if text.scalars.count == cursor { return completion }
    // Carriage returns before line feeds were taken out of the text.
    let kept = all.indices.prefix(cursor).filter { index in
      all[index] != "\r" || index + 1 == all.count || all[index + 1] != "\n"
    }
    guard kept.count == text.scalars.count else {
      return Completion(
        range: Span(start: cursor, end: cursor), candidates: [], stringPrefix: nil)
    }
    let places = kept + [cursor]
    return Completion(
      range: Span(start: places[completion.range.start], end: places[completion.range.end]),
      candidates: completion.candidates, stringPrefix: completion.stringPrefix)
  }
}
