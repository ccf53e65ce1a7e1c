import Language
import Testing

@Suite struct CompletionTests {
  private func session() throws -> Session {
    let session = Session()
    try session.run(
      "value = 3\nvalues = [1]\nd = {'alpha': {'beta': 1}, 'all': 2, 5: 1}\ntext = 'a'")
    session.interpreter.register(
      BuiltinFunction("prune", "model, importance=None, *, hidden=None, heads=None") { _, _ in
        Issue.record("completion called a function")
        return .none
      })
    return session
  }

  /// The candidates at the end of a text.
  private func candidates(_ text: String) throws -> [String] {
    try session().interpreter.completion(of: text, at: text.unicodeScalars.count)
      .candidates.map(\.text)
  }

  @Test(arguments: [
    ("valu", ["value", "values"]), ("x = value + valu", ["value", "values"]), ("pru", ["prune"]),
    ("whi", ["while"]), ("text.upp", ["upper"]), ("d['alpha'].po", ["pop", "popitem"]),
    ("values[0].bit", ["bit_length"]), ("'abc'.upp", ["upper"]), ("d['al", ["alpha", "all"]),
    ("d[\"alpha\"]['", ["beta"]), ("prune(value, he", ["heads=", "hex"]),
    ("prune(value, heads=1, hi", ["hidden="]),
    ("prune(value, heads=val", ["value", "values"]), ("prune(len(val", ["value", "values"]),
    ("values.app", ["append"]), ("prune(value).", []), ("nothing.", []), ("1.", []),
    ("x = 3 # val", []),
    ("for i in range(3):\n    valu", ["value", "values"]),
    ("d['alpha']['beta'].bit", ["bit_length"]),
  ])
  func offersWhatFits(text: String, expected: [String]) throws {
    #expect(try candidates(text) == expected)
  }

  @Test func offersArgumentsFirstWithDefaults() throws {
    let completion = try session().interpreter.completion(of: "prune(value, ", at: 13)
    let arguments = completion.candidates.prefix(3)
    #expect(arguments.map(\.text) == ["model=", "importance=", "hidden="])
    #expect(arguments.map(\.detail) == ["", "None", "None"])
    #expect(completion.range == Span(start: 13, end: 13))
  }

  @Test func replacesTheWordAtTheCursor() throws {
    let text = "é = 1; valu + 3"
    let completion = try session().interpreter.completion(of: text, at: 11)
    #expect(completion.range == Span(start: 7, end: 11))
    #expect(completion.candidates.map(\.text) == ["value", "values"])
  }

  @Test func tellsTheHostOfStrings() throws {
    let completion = try session().interpreter.completion(of: "load(\"models/sm", at: 15)
    #expect(completion.stringPrefix == "models/sm")
    #expect(completion.range == Span(start: 6, end: 15))
  }

  @Test func offersMagics() throws {
    final class Host: InterpreterHost { var magicNames: [String] { ["time", "timeit", "who"] } }
    let session = try session()
    let host = Host()
    session.interpreter.host = host
    let completion = session.interpreter.completion(of: "x = 1\n%ti", at: 9)
    #expect(completion.candidates.map(\.text) == ["time", "timeit"])
    #expect(session.message("%tme 1") == "%tme is not available here; did you mean 'time'?")
  }

  @Test func survivesAnyCursor() throws {
    let session = try session()
    for cursor in [-5, 0, 3, 100] {
      _ = session.interpreter.completion(of: "d['alpha'].k\r\nx", at: cursor)
    }
  }

  @Test(arguments: [
    ("x = 1", "complete"), ("", "complete"), ("for i in x:", "incomplete 4"),
    ("f(", "incomplete 0"),
    ("if x:\n    y", "incomplete 4"), ("if x:\n    y\n", "complete"),
    ("x = \"\"\"a", "incomplete 0"),
    ("def f():\n    if x:", "incomplete 8"), ("def f():\n    return 1", "incomplete 0"),
    ("x = [1,\n  2", "incomplete 2"),
    ("x = 1 \\", "incomplete 0"), ("if x: pass", "incomplete 0"), ("x = )", "invalid"),
    ("\"abc", "invalid"),
    ("class A:", "invalid"), ("%time x", "complete"), ("1 +", "invalid"),
    ("f\"\"\"{x}", "incomplete 0"),
  ])
  func judgesCompleteness(source: String, expected: String) {
    let found =
      switch Completeness(of: source) {
      case .complete: "complete"
      case .incomplete(let indent): "incomplete \(indent)"
      case .invalid: "invalid"
      }
    #expect(found == expected, "\(source)")
  }
}
