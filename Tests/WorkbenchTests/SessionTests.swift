import Foundation
import Language
import Testing
import Workbench

@Suite struct SessionTests {
  @Test(arguments: [
    ("1 + 1", "2"), ("'a' * 2", "'aa'"), ("None", nil), ("x = 3", nil), ("x = 3\nx", "3"),
    ("5;", nil), ("print(1)", nil), ("def f(): return 1\nf()", "1"),
    ("(1, [2.0, 'c'])", "(1, [2.0, 'c'])"),
  ])
  func showsTheLastExpression(source: String, text: String?) throws {
    #expect(try RecordingSession().run(source) == text)
  }

  @Test func keepsInputsAndValues() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("40 + 2")
    #expect(try recorded.run("_") == "42")
    _ = try recorded.run("x = 1")
    // A cell without a value leaves the last one in place.
    #expect(try recorded.run("[_, Out[1], In[3]]") == "[42, 42, 'x = 1']")
    #expect(try recorded.run("sorted(Out.keys())") == "[1, 2, 4]")
    _ = try recorded.error("1 / 0")
    #expect(try recorded.run("len(In)") == "8")
    #expect(recorded.session.cellCount == 7)
  }

  @Test func errorsShowTheirPlace() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("pass")
    let error = try recorded.error("a = 1\nb = a + importanse")
    #expect(error.message == "unknown name 'importanse'; did you mean 'importance'?")
    #expect(
      error.rendered == """
        error: unknown name 'importanse'; did you mean 'importance'?
          cell 2, line 2:  b = a + importanse
                                   ^^^^^^^^^^
        """)
  }

  @Test func argumentsAreChecked() throws {
    let recorded = try RecordingSession()
    #expect(try recorded.error("zeros(2, 3, dtyp='i64')").message.contains("dtyp"))
    #expect(try recorded.error("seed('a')").message.contains("n"))
    #expect(try recorded.error("load()").message.contains("path"))
    #expect(try recorded.error("loss(3, 4)").message.contains("model"))
  }

  @Test func hidingABuiltinWarnsOnceAndIsTakenBack() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("loss = 3")
    _ = try recorded.run("loss = 4")
    #expect(recorded.notices.count == 1)
    #expect(recorded.notices.first?.contains("'loss' now hides the built-in function") == true)
    #expect(try recorded.run("loss") == "4")
    _ = try recorded.run("del loss")
    #expect(try recorded.run("loss").map { $0.hasPrefix("<built-in") } == true)
  }

  @Test func helpIsPrinted() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("?prune")
    let text = recorded.printed
    #expect(text.hasPrefix("prune(model"))
    _ = try recorded.run("help('prune')")
    #expect(recorded.printed == text + text)
    _ = try recorded.run("help()")
    #expect(recorded.printed.contains("help(\"name\") shows one of them whole."))
    #expect(try recorded.error("help('prun')").message.contains("did you mean 'prune'?"))
  }

  @Test func everyFunctionHasHelp() throws {
    let session = try Session()
    for (name, value) in session.interpreter.builtins {
      guard case .builtin(let function) = value else { continue }
      #expect(!function.documentation.summary.isEmpty, "\(name)")
      #expect(!function.documentation.example.isEmpty, "\(name)")
    }
  }

  /// REFERENCE.md is what the help says; `make reference` writes it anew.
  @Test func theReferenceIsTheHelp() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
        "REFERENCE.md")
    let reference = try Session().reference
    if ProcessInfo.processInfo.environment["PARE_RENEW_REFERENCE"] != nil {
      try reference.write(to: path, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: path, encoding: .utf8) == reference)
    // Whole: every function that the workbench adds has its heading.
    let session = try Session()
    for function in session.catalogue {
      #expect(reference.contains("\n`\(function.name)("), "\(function.name)")
    }
    #expect(reference.contains("\n`softmax(x)`"))
  }

  @Test func displayShowsWithoutBeingTheValue() throws {
    let recorded = try RecordingSession()
    #expect(try recorded.run("display(3)") == nil)
    guard case .displayed(let display)? = recorded.events.last else { throw Stopped() }
    #expect(display.text == "3")
  }

  @Test func theSeedDecides() throws {
    var options = Session.Options()
    options.seed = 5
    let first = try RecordingSession(options).run("randn(4).list()")
    #expect(try RecordingSession(options).run("randn(4).list()") == first)
    #expect(try RecordingSession().run("randn(4).list()") != first)
    #expect(try RecordingSession().run("seed(5)\nrandn(4).list()") == first)
  }

  @Test func anUnknownDeviceIsRefused() throws {
    var options = Session.Options()
    options.device = "abacus"
    #expect(throws: (any Error).self) { try Session(options) }
    #expect(try RecordingSession().error("device('abacus')").message.contains("'abacus'"))
    #expect(
      try RecordingSession().run("precision('bf16')\n[device(), precision()]") == "['cpu', 'bf16']")
  }
}
