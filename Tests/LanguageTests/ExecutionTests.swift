import Language
import Testing

@Suite struct ExecutionTests {
  @Test func showsTheLastExpression() throws {
    let session = Session()
    #expect(try session.run("1 + 1") == "2")
    #expect(try session.run("x = 3") == nil)
    #expect(try session.run("x\nx + 1") == "4")
    #expect(try session.run("x;") == nil)
    #expect(try session.run("x; x * 2") == "6")
    #expect(try session.run("x  ; # quiet") == nil)
    #expect(try session.run("None") == nil)
    #expect(try session.run("if x: x") == nil)
    #expect(try session.run("x\ny = 1") == nil)
    #expect(try session.run("") == nil)
    #expect(try session.run("# only a comment") == nil)
    #expect(try session.run("'a\\'b'") == "\"a'b\"")
  }

  @Test func keepsVariablesAfterAnError() throws {
    let session = Session()
    _ = session.failure("a = 1\nb = missing\nc = 2")
    #expect(try session.run("a") == "1")
    #expect(session.message("c") == "unknown name 'c'")
  }

  @Test func hidesBuiltinsWithOneWarning() throws {
    let session = Session()
    try session.run("len = 5\nlen = 6")
    #expect(session.warnings == ["'len' now hides the built-in function; 'del len' brings it back"])
    try session.run("del len")
    #expect(try session.run("len([1])") == "1")
    try session.run("def f(max): return max\nf(1)")
    #expect(session.warnings.count == 1)
  }

  @Test func overflowIsAnError() {
    let sources = [
      "9223372036854775807 + 1", "-9223372036854775808 - 1", "9223372036854775807 * 2", "2 ** 63",
      "-(-9223372036854775808)", "abs(-9223372036854775808)", "-9223372036854775808 // -1",
      "1 << 63",
      "3 ** 10000000000", "sum([9223372036854775807, 1])", "int(1e19)", "round(1e19)",
      "int(\"9223372036854775808\")", "round(9223372036854775807, -1)",
      "range(-9223372036854775807, 9223372036854775807)",
    ]
    for source in sources { #expect(Session().message(source).contains("fit"), "\(source)") }
  }

  @Test func sizesAreBounded() {
    let sources = [
      "[0] * 10**10", "\"a\" * 10**12", "(1, 2) * 10**9", "list(range(10**12))",
      "x = [1]\nx *= 10**10", "\"a\".center(10**12)", "f\"{1:1000000000000}\"",
      "\"%*d\" % (10**10, 1)",
      "\"{:99999999999}\".format(1)", "f\"{1.5:.99999999f}\"",
      "(\"x\" * 10**5).replace(\"\", \"y\" * 10**4)",
      "\"a\".zfill(10**12)", "(\"a\" * 10**6).join(list(\"a\" * 1000))",
    ]
    for source in sources {
      let message = Session().message(source)
      #expect(message.contains("limit"), "\(source): \(message)")
    }
  }

  @Test func lazyWalksStopEarly() throws {
    let session = Session()
    #expect(try session.run("next(x for x in range(10**12) if x > 5)") == "6")
    #expect(try session.run("any(x > 3 for x in range(10**12))") == "True")
    #expect(try session.run("10**11 in range(0, 10**12, 10)") == "True")
    #expect(try session.run("for i, x in enumerate(range(10**12)):\n  if i == 2: break\nx") == "2")
    #expect(
      try session.run("len(range(10**12)), range(10**12)[-1]") == "(1000000000000, 999999999999)")
  }

  @Test func recursionEndsInAnError() throws {
    let messages = try onLargeStack {
      [
        Session().message("def r(n): return r(n + 1)\nr(0)"),
        Session().message("def q(n): return sorted([1], key=lambda v: q(n + 1))\nq(0)"),
        Session().message("f = lambda: [f() for i in [1]]\nf()"),
      ]
    }
    for message in messages { #expect(message.contains("nested more than 1000 deep")) }
    let session = Session()
    session.interpreter.recursionLimit = 20
    #expect(session.message("def r(n): return r(n + 1)\nr(0)").contains("more than 20 deep"))
    #expect(try session.run("def s(n): return 0 if n == 0 else 1 + s(n - 1)\ns(15)") == "15")
  }

  @Test func smallStacksEndInAnError() throws {
    let message = try onLargeStack(bytes: 256 << 10) {
      Session().message("def r(n): return r(n + 1)\nr(0)")
    }
    #expect(message == "calls and expressions are nested too deeply")
  }

  @Test(arguments: [
    "x = []\nfor i in range(200000): x = [x]\nx = 0",
    "x = ()\nfor i in range(200000): x = (x,)\nx = 0",
    "x = {}\nfor i in range(200000): x = {1: x}\nx = 0",
    "def wrap(f): return lambda: f\nx = 0\nfor i in range(200000): x = wrap(x)\nx = 0",
    "x = 0\nfor i in range(200000): x = [(x, {1: x})]\nx = 0",
    "x = 0\nfor i in range(200000): x = lambda a=x: a\nx = 0",
  ])
  func longChainsAreReleased(source: String) throws {
    try Session().run(source)
  }

  @Test func deepValuesAreRefusedWherePrintingWouldRecurse() {
    let deep = "x = []\ny = []\nfor i in range(5000):\n  x = [x]\n  y = [y]\n"
    #expect(Session().message(deep + "print(x)").contains("nested too deeply"))
    #expect(Session().message(deep + "x == y").contains("nested too deeply"))
    #expect(Session().message(deep + "x < y").contains("nested too deeply"))
    let tuples = "x = ()\nfor i in range(5000): x = (x,)\n"
    #expect(Session().message(tuples + "{x: 1}").contains("nested too deeply"))
  }

  @Test func interruptsPassUntouched() {
    struct Budget: Interruption {}
    let sources = [
      "while True: pass", "for i in range(10**12): pass", "[i for i in range(10**12)]",
      "sum(i for i in range(10**12))", "def f(): f()\nwhile True:\n  [0]", "all(range(1, 10**12))",
      "list(map(str, range(10**12)))", "max(range(10**12))", "0 in enumerate(range(10**12))",
      "dict(zip(range(10**12), range(10**12)))", "list(range(3 * 10**7))",
      "sorted(filter(None, range(10**12)))",
    ]
    for source in sources {
      let session = Session()
      var polls = 0
      session.interpreter.poll = {
        polls += 1
        if polls > 500 { throw Budget() }
      }
      #expect(throws: Budget.self, "\(source)") { try session.run(source) }
      session.interpreter.poll = {}
      #expect(throws: Never.self) { try session.run("1") }
    }
  }

  @Test func printsThroughTheHook() throws {
    let session = Session()
    try session.run("print(1, \"a\", sep=\"-\", end=\".\")\nprint()")
    #expect(session.printed == "1-a.\n")
    session.interpreter.input = { prompt in prompt == "? " ? "answer" : nil }
    #expect(try session.run("input(\"? \")") == "'answer'")
    #expect(session.message("input()") == "the input is at its end")
  }

  @Test func hostLinesReachTheHost() throws {
    final class Host: InterpreterHost {
      var seen: [String] = []
      func magic(_ name: String, _ arguments: String, _ interpreter: Interpreter) throws -> Value? {
        seen.append("%\(name)|\(arguments)")
        return name == "value" ? try interpreter.evaluate(arguments) : nil
      }
      func shell(_ command: String, _ interpreter: Interpreter) { seen.append("!" + command) }
      func help(_ name: String, _ interpreter: Interpreter) { seen.append("?" + name) }
    }
    let session = Session()
    let host = Host()
    session.interpreter.host = host
    try session.run("x = 5\n%time  a b = c \n!ls -l | wc\n?load\nmodel.hidden?\nif x:\n    %who\n")
    #expect(
      host.seen == ["%time|a b = c", "!ls -l | wc", "?load", "?model.hidden", "%who|"])
    #expect(try session.run("%value x + 1") == "6")
    #expect(try session.run("7 \\\n  % 4") == "3")
    #expect(try session.run("(7\n% 4)") == "3")
  }

  @Test(arguments: [
    ("3", "3"), (" -0.5 ", "-0.5"), ("True", "True"), ("None", "None"), ("'a'", "'a'"),
    ("[1, (2, 3), {'a': None}]", "[1, (2, 3), {'a': None}]"), ("1, 2", "(1, 2)"),
    ("1e-4", "0.0001"),
  ])
  func readsLiterals(text: String, shown: String) throws {
    #expect(try Literal.parse(text)?.representation() == shown)
  }

  @Test(arguments: ["x", "1 + 1", "f(1)", "", "[x]", "'a", "a b", "{**{}}", "f'{1}'", "Plots/x"])
  func refusesWhatIsNoLiteral(text: String) {
    #expect(Literal.parse(text).map(\.typeName) == nil)
  }
}
