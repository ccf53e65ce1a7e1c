import Language
import Testing

@Suite struct ErrorRenderingTests {
  @Test func pointsAtTheSubexpression() {
    #expect(
      Session().failure("c = 1\nd = 2 + (c @ 3)") == """
        error: '@' multiplies tensors, not ints; '*' is for numbers
          cell 1, line 2:  d = 2 + (c @ 3)
                                   ^^^^^^^
        """)
  }

  @Test func showsTheCallsInnermostLast() throws {
    let session = Session()
    try session.run("def f(x):\n    return x / 0\ndef g(y):\n    return f(y) + 1")
    #expect(
      session.failure("g(3)") == """
        error: division by zero
          cell 2, line 1:  g(3)
                           ^^^^
          cell 1, line 4, in g:  return f(y) + 1
                                        ^^^^
          cell 1, line 2, in f:  return x / 0
                                        ^^^^^
        """)
  }

  @Test func goesThroughBuiltins() {
    #expect(
      Session().failure("sorted([1], key=lambda v: v.a)") == """
        error: an int has no attribute 'a'
          cell 1, line 1:  sorted([1], key=lambda v: v.a)
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          cell 1, line 1, in <lambda>:  sorted([1], key=lambda v: v.a)
                                                                  ^^^
        """)
  }

  @Test func cutsLongChainsToTwentyLines() throws {
    let text = try onLargeStack { Session().failure("def r(n): return r(n + 1)\nr(0)") }
    let lines = text.split(separator: "\n")
    #expect(lines.count <= 20)
    #expect(lines[0] == "error: calls are nested more than 1000 deep; does r() ever stop?")
    #expect(lines[1] == "  cell 1, line 2:  r(0)")
    #expect(lines[3] == "  ... 993 more calls ...")
  }

  @Test func cutsLongLinesAroundTheCaret() throws {
    let names = (0..<30).map { "name\($0) = \($0)" }.joined(separator: "; ")
    let lines = Session().failure(names + "; x = missing + 1; " + names).split(separator: "\n")
    let head = "  cell 1, line 1:  "
    #expect(lines[1].count <= head.count + 100)
    #expect(lines[1].hasPrefix(head + "..."))
    #expect(lines[1].hasSuffix("..."))
    let column = lines[2].prefix { $0 == " " }.count
    #expect(lines[1].dropFirst(column).hasPrefix("missing + 1"))
    #expect(lines[2].count == column + "missing".count)
  }

  @Test func countsColumnsAsATerminalDoes() {
    // Two columns for each of the two ideographs, none for the combining accent, one for the tab.
    #expect(
      Session().failure("\"日本e\u{301}\",\tmissing") == """
        error: unknown name 'missing'
          cell 1, line 1:  "日本e\u{301}", missing
                                    ^^^^^^^
        """)
  }

  @Test func pointsIntoFormattedStrings() {
    #expect(
      Session().failure("x = 1\nf\"{x} and {x + missing:.2f}\"") == """
        error: unknown name 'missing'
          cell 1, line 2:  f"{x} and {x + missing:.2f}"
                                          ^^^^^^^
        """)
  }

  @Test func pointsAtSyntax() {
    #expect(
      Session().failure("if x = 3:\n  pass") == """
        error: '=' assigns; '==' compares
          cell 1, line 1:  if x = 3:
                                ^
        """)
  }

  @Test func survivesAnOpenEnd() {
    #expect(
      Session().failure("x = [1,\n  2") == """
        error: '[' is never closed
          cell 1, line 1:  x = [1,
                               ^
        """)
  }

  @Test(arguments: [
    ("count = 3\nconut", "unknown name 'conut'; did you mean 'count'?"),
    ("true", "unknown name 'true'; did you mean 'True'?"),
    ("\"a\".uper()", "a string has no attribute 'uper'; did you mean 'upper'?"),
    ("{\"alpha\": 1}[\"alpah\"]", "the dict has no key 'alpah'; did you mean 'alpha'?"),
    ("sorted([1], kee=1)", "sorted() got an unexpected keyword 'kee'; did you mean 'key'?"),
    ("x + 1", "unknown name 'x'"),
    ("def f():\n  y = y + 1\nf()", "'y' has no value yet"),
    ("[1][3]", "index 3 is out of range for a list of 1 element"),
    ("\"a\" + 1", "'+' is not there for a string and an int; str(x) makes a string, f\"{x}\" too"),
    ("a, b = [1]", "cannot unpack: 2 targets, but 1 values"),
    ("a, *b, c = [1]", "cannot unpack: at least 2 values are needed, there are 1"),
    ("for i in 3: pass", "an int cannot be walked by a loop"),
    ("None()", "None cannot be called"),
    ("assert 1 > 2, \"order\"", "assertion failed: order"),
    ("{[]: 1}", "a list cannot be a key: use a string, a number or a tuple of them"),
    ("d = {1: 1}\nfor k in d: d[k + 1] = 1", "the dict changed its size during the loop"),
    ("del nothing", "unknown name 'nothing'"),
    ("del len", "'len' is a built-in function and cannot be deleted"),
    ("(1).x = 2", "attributes of an int cannot be set"),
    ("(1, 2)[0] = 3", "items of a tuple cannot be set"),
    ("max([])", "max() of nothing; default= gives the value for that"),
    ("int(\"4.5\")", "'4.5' is no int in base 10"), ("float(\"x\")", "'x' is no number"),
    ("int(float(\"nan\"))", "nan does not fit in an int"), ("1 % 0", "division by zero"),
    ("1.0 // 0", "division by zero"), ("0 ** -1", "0 cannot be raised to a negative power"),
    ("10.0 ** 400", "10.0 ** 400.0 is too large for a float"),
    ("1 << -1", "a shift needs a count of 0 or more, not -1"),
    (
      "sum([\"a\"])",
      "'+' is not there for an int and a string; str(x) makes a string, f\"{x}\" too"
    ),
    ("f\"{1:q}\"", "the format type 'q' does not fit an int"),
    ("f\"{[1]:>5}\"", "a list takes no format; write {x} or {str(x):...}"),
    ("\"%d\" % (1, 2)", "the format uses 1 of 2 values"), ("chr(-1)", "-1 is no Unicode character"),
    ("input()", "there is nobody to ask here: input() needs a terminal"),
    ("print(*5)", "an int cannot be walked by a loop"),
    ("dict(**3)", "'**' needs a dict, not an int"),
    ("next(iter([]))", "the iterator is at its end"),
    ("[1, 2].index(3)", "3 is not among the elements"),
    ("\"\".join([1])", "element 0 must be a string, not an int"),
    ("\"a\".split(\"\")", "the separator is empty"),
    ("%time x", "%time is not available here"), ("!ls", "shell commands are not available here"),
    ("x?", "help is not available here"),
  ])
  func namesWhatIsWrong(source: String, message: String) {
    #expect(Session().message(source) == message)
  }
}
