import Foundation
import Language
import Testing

/// Values that are broken to a width.
@Suite struct ShownWidthTests {
  /// A list that holds itself often is shown once: without that its text would grow by the power of
  /// the depth.
  @Test(.timeLimit(.minutes(1))) func aListInsideItselfIsShownOnce() throws {
    let interpreter = Interpreter()
    _ = try interpreter.execute("a = [0] * 20\nfor i in range(20): a[i] = a\n", name: "a")
    let value = try interpreter.evaluate("a")
    let text = try value.shown(width: 80)
    #expect(text.count < 3000)
    #expect(text.contains("[...]"))
    #expect(try interpreter.evaluate("{'k': a}").shown(width: 40).count < 3000)
  }

  @Test func aLongValueIsCutBeforeItIsWritten() throws {
    let interpreter = Interpreter()
    let value = try interpreter.evaluate("list(range(2000000))")
    let start = Date()
    let text = try value.representation(cutAt: 100)
    #expect(text.count == 100 && text.hasPrefix("[0, 1, 2") && text.hasSuffix("..."))
    #expect(Date().timeIntervalSince(start) < 0.5)
    #expect(try interpreter.evaluate("'x' * 300").representation(cutAt: 50).count == 50)
    #expect(try interpreter.evaluate("[1, 2]").representation(cutAt: 50) == "[1, 2]")
  }

  @Test(arguments: ["x = 1\n", "f(1)", "def f(): pass\nx = 1", "lambda: 1\n2", "1 +"])
  func onlyOneFunctionIsAFunction(source: String) {
    #expect(throws: LanguageError.self) {
      try Interpreter().function(of: source, defaults: [:])
    }
  }
}
