import Language
import Testing

@Suite struct SyntaxTests {
  @Test(arguments: [
    ("class A: pass", "classes"), ("import os", "imports"), ("from os import path", "imports"),
    ("try:\n  1\nexcept: 2", "exceptions"), ("raise 1", "exceptions"),
    ("with a as b: pass", "'with'"),
    ("async def f(): pass", "'async'"), ("await x", "'await'"),
    ("def f():\n  yield 1", "generators"),
    ("@f\ndef g(): pass", "decorators"), ("{1, 2}", "sets"), ("{x for x in y}", "sets"),
    ("(x := 1)", "':='"), ("match x:\n  case 1: pass", "'match'"),
    ("x: int = 1", "type annotations"),
    ("b\"a\"", "bytes"), ("1j", "complex"), ("\"\\N{BULLET}\"", "named characters"),
  ])
  func refusesTheRestOfPythonByName(source: String, word: String) {
    #expect(Session().message(source).contains(word + " "))
    #expect(Session().message(source).contains("not supported"))
  }

  @Test(arguments: [
    "x =", "1 +", "f(", "f(a b)", "f(a=1, 2)", "f(a=1, a=2)", "f(x for x in y, 1)", "x[", "x[]",
    "if x", "if x:", "if x:\npass", "  x = 1", "if 1:\n    x\n  y", "else: 1", "elif 1: 2", "5 = x",
    "f() = 1", "x + 1 = 2", "None = 1", "*a = 1", "*a, *b = c", "a, b += 1", "del f()", "return 1",
    "break", "continue", "def f(a, a): pass", "def f(a=1, b): pass", "def f(*a, *b): pass",
    "def f(**k, a): pass", "def f(: pass", "lambda x", "for in y: pass", "for 1 in y: pass",
    "while: pass", "0123", "1__0", "0x", "1a", "\"a", "'''a", "f\"{\"", "f\"{}\"", "f\"}\"",
    "f\"{a!x}\"", "f\"{a b}\"", "a.1", "a.if", "a b", "print x", "1 if 2", "not", "a not b",
    "x ? y",
    "$", "a = = b", "(1, 2", "(1]", ")", "\\", "\"\\x1\"", "\"\\ud800\"", "[*a for a in b]",
    "9223372036854775808", "-9223372036854775809", "def f():\n  global x\n  nonlocal x",
    "def f():\n  x = 1\n  global x", "nonlocal x", "if 1: if 2: 3", "x = yield", "{**a for a in b}",
    "{1: 2, 3}", "{1 2}", "f(**a, *b=1)", "f(1=2)", "a, = ", "assert", "del", "\u{0}",
    "x = \u{201C}a\u{201D}",
  ])
  func refuses(source: String) throws {
    do {
      try Interpreter.check(source, name: "cell 1")
      Issue.record("accepted: \(source)")
    } catch let error as LanguageError {
      #expect(error.isSyntax)
      #expect(error.places.count == 1)
    }
  }

  @Test func readsTabsAndLineEndsAsPythonDoes() throws {
    let session = Session()
    try session.run("if True:\r\n\tx = 1\r\n\ty = '''a\r\nb'''\r\n")
    #expect(try session.run("x, y") == "(1, 'a\\nb')")
  }

  @Test func boundsNesting() {
    let sources = [
      String(repeating: "(", count: 5000), String(repeating: "-", count: 5000) + "1",
      String(repeating: "not ", count: 5000) + "1",
      String(repeating: "lambda: ", count: 5000) + "1",
      String(repeating: "1 + ", count: 5000) + "1", "x" + String(repeating: ".a", count: 5000),
      "x" + String(repeating: "()", count: 5000),
      String(repeating: "1 if 1 else ", count: 5000) + "1",
      String(repeating: "2**", count: 5000) + "1", String(repeating: "f'{", count: 60),
      (0..<150).map { String(repeating: " ", count: $0) + "if 1:" }.joined(separator: "\n"),
    ]
    for source in sources {
      #expect(throws: LanguageError.self) { try Interpreter.check(source, name: "cell 1") }
    }
  }

  @Test func runsLongPrograms() throws {
    let session = Session()
    try session.run("x = 0\n" + String(repeating: "x += 1\n", count: 20_000))
    #expect(try session.run("x") == "20000")
    #expect(try session.run("[" + String(repeating: "1,", count: 50_000) + "][3]") == "1")
    let branches = "if x == -1: pass\n" + String(repeating: "elif x == 0: pass\n", count: 3000)
    #expect(try session.run(branches + "else: y = 1\ny") == "1")
  }
}
