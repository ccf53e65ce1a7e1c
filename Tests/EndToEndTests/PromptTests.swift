import Foundation
import Testing

@Suite(.serialized) struct PromptTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/pare-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func prompt(_ environment: [String: String] = [:]) throws -> Terminal {
    let terminal = try Terminal(state: folder, environment: environment)
    #expect(terminal.shows(">>> "))
    return terminal
  }

  /// Types a cell and waits for what it shows and the next prompt.
  private func enter(
    _ cell: String, _ terminal: Terminal, shows text: String,
    at location: SourceLocation = #_sourceLocation
  ) {
    terminal.type(cell, .enter)
    #expect(terminal.shows("\n" + text + "\n>>> "), sourceLocation: location)
  }

  @Test func showsValuesAndKeepsState() throws {
    let terminal = try prompt()
    terminal.type("x = 6", .enter)
    #expect(terminal.shows(">>> "))
    enter("x * 7", terminal, shows: "42")
    enter("_ + 1", terminal, shows: "43")
    terminal.type("x.y", .enter)
    #expect(terminal.shows("cell 4, line 1:  x.y"))
    #expect(terminal.raw.contains("\u{1B}[1;31merror:\u{1B}[0m"))
    enter("x", terminal, shows: "6")
    terminal.type("", .end)
    #expect(terminal.ended() == 0)
  }

  @Test func colorsNothingWhereNoColorIsWanted() throws {
    let terminal = try prompt(["NO_COLOR": "1"])
    terminal.type("1 / 0", .enter)
    #expect(terminal.shows("cell 1, line 1"))
    #expect(!terminal.raw.contains("\u{1B}[1;31m"))
  }

  @Test(arguments: ["exit", "quit()"]) func leavesByWord(word: String) throws {
    let terminal = try prompt()
    terminal.type(word, .enter)
    #expect(terminal.ended() == 0)
  }

  @Test func readsCellsOfSeveralLines() throws {
    let terminal = try prompt()
    terminal.type("for i in range(2):", .enter)
    #expect(terminal.shows("...     "))
    terminal.type("print('line', i)", .enter)
    #expect(terminal.shows("...     "))
    terminal.type("", .enter)
    #expect(terminal.shows("line 0\nline 1\n>>> "))
    terminal.type("[1,", .enter)
    #expect(terminal.shows("... "))
    enter("2]", terminal, shows: "[1, 2]")
  }

  @Test func takesAPastedBlockWhole() throws {
    let terminal = try prompt()
    let block = "def f(x):\n    y = x\n\n    return y * 2\n\nprint(f(4))\nprint(f(5))\n"
    terminal.type("\u{1B}[200~" + block + "\u{1B}[201~")
    #expect(terminal.shows("print(f(5))"))
    terminal.type("", .enter)
    #expect(terminal.shows("8\n10\n>>> "))
    enter("len(In)", terminal, shows: "3")
  }

  @Test func recallsWholeCellsOfThisAndEarlierPrompts() throws {
    let first = try prompt()
    first.type("\u{1B}[200~if True:\n    print('a\\\\n' + 'b')\n\u{1B}[201~", .enter)
    #expect(first.shows("a\\nb\n>>> "))
    enter("1 + 1", first, shows: "2")
    // A prompt that runs beside it adds to the same history.
    let second = try prompt()
    enter("2 + 2", second, shows: "4")
    enter("3 + 3", first, shows: "6")
    second.type("", .end)
    first.type("", .end)
    #expect(second.ended() == 0)
    #expect(first.ended() == 0)

    let text = try String(contentsOfFile: folder + "/pare/history", encoding: .utf8)
    #expect(
      text == "if True:\\n    print('a\\\\\\\\n' + 'b')\n1 + 1\n2 + 2\n3 + 3\n")
    let third = try prompt()
    third.type("", .up, .up, .up, .enter)
    #expect(third.shows("\n2\n>>> "))
    third.type("if", .up, .enter)
    #expect(third.shows("a\\nb\n>>> "))
  }

  @Test func completesNamesArgumentsKeysAndPaths() throws {
    try "7".write(toFile: folder + "/some_file.json", atomically: true, encoding: .utf8)
    let terminal = try prompt()
    enter("d = {'alphabet': 3}; d", terminal, shows: "{'alphabet': 3}")
    terminal.type("perpl", .tab)
    #expect(terminal.shows("perplexity"))
    terminal.type("", .interrupt)
    #expect(terminal.shows(">>> "))
    terminal.type("d['al", .tab)
    enter("']", terminal, shows: "3")
    terminal.type("read_json('\(folder)/some", .tab)
    enter("')", terminal, shows: "7")
    terminal.type("round(2.567, nd", .tab)
    enter("1)", terminal, shows: "2.6")
    terminal.type("ran", .tab, .tab)
    #expect(terminal.shows("\n>>> ran"))
    #expect(terminal.screen.contains(/\nrandn +\w.*\nrange +\w.*\n>>> ran/))
  }

  @Test func controlCClearsAHalfTypedCell() throws {
    let terminal = try prompt()
    terminal.type("x = (1,", .enter)
    #expect(terminal.shows("... "))
    terminal.type("nonsense", .interrupt)
    #expect(terminal.shows("\n>>> "))
    enter("5", terminal, shows: "5")
    terminal.type("", .interrupt)
    #expect(terminal.shows("press Ctrl-C again to leave\n>>> "))
    // Something typed in between counts as a change of mind.
    enter("6", terminal, shows: "6")
    terminal.type("", .interrupt)
    #expect(terminal.shows("press Ctrl-C again to leave\n>>> "))
    terminal.type("", .interrupt)
    #expect(terminal.ended() == 0)
  }

  @Test func controlCStopsWorkAndKeepsState() throws {
    let terminal = try prompt()
    terminal.type("n = 0", .enter)
    #expect(terminal.shows(">>> "))
    terminal.type("\u{1B}[200~print('on')\nwhile True: n += 1\n\u{1B}[201~", .enter)
    #expect(terminal.shows("\non\n"))
    usleep(300_000)
    terminal.type("", .interrupt)
    #expect(terminal.shows("interrupted\n>>> ", within: 2))
    enter("n > 0", terminal, shows: "True")
    terminal.type("", .end)
    #expect(terminal.ended() == 0)
  }

  /// Who stops a cell by several presses does not leave, and what it left is named.
  @Test func pressesThatStopACellDoNotLeave() throws {
    let terminal = try prompt()
    terminal.type("while True: pass", .enter)
    #expect(terminal.shows("... "))
    terminal.type("", .enter)
    usleep(300_000)
    for _ in 0..<4 {
      terminal.type("", .interrupt)
      usleep(150_000)
    }
    #expect(terminal.shows("interrupted\n"))
    enter("1 + 1", terminal, shows: "2")
    usleep(2_200_000)
    terminal.type("", .interrupt)
    #expect(terminal.shows("press Ctrl-C again to leave"))
    terminal.type("", .end)
    #expect(terminal.ended() == 0)
  }

  @Test func backspaceTakesALevel() throws {
    let terminal = try prompt()
    terminal.type("if False:", .enter)
    #expect(terminal.shows("...     "))
    terminal.type("1", .enter)
    #expect(terminal.shows("...     "))
    terminal.type("", .back)
    terminal.type("else:", .enter)
    #expect(terminal.shows("else:"))
    usleep(100_000)
    terminal.type("print('second')", .enter)
    terminal.type("", .enter)
    #expect(terminal.shows("\nsecond\n>>> "))
  }

  /// A cell that is higher than the terminal shows the lines around the cursor, and runs whole.
  @Test func aTallCellScrolls() throws {
    let terminal = try Terminal(state: folder, rows: 12)
    #expect(terminal.shows(">>> "))
    let lines = ["def f(x):"] + (0..<30).map { "    a\($0) = \($0)" } + ["    return x + a29"]
    terminal.type("\u{1B}[200~" + lines.joined(separator: "\n") + "\u{1B}[201~")
    #expect(terminal.shows("lines above)"))
    #expect(terminal.raw.contains("return x + a29"))
    terminal.type("", .enter)
    terminal.type("", .enter)
    enter("f(1)", terminal, shows: "30")
  }

  @Test func asksForInput() throws {
    let terminal = try prompt()
    terminal.type("name = input('who? ')", .enter)
    #expect(terminal.shows("\nwho? "))
    terminal.type("me", .enter)
    #expect(terminal.shows(">>> "))
    enter("name", terminal, shows: "'me'")
    terminal.type("input()", .enter)
    usleep(200_000)
    terminal.type("", .interrupt)
    #expect(terminal.shows("interrupted\n>>> ", within: 2))
  }

  @Test func aPromptStartsItsLine() throws {
    let terminal = try prompt()
    enter("print('no end', end='')", terminal, shows: "no end")
  }

  @Test func keepsGoingWithoutAHistory() throws {
    let terminal = try prompt(["XDG_STATE_HOME": "/proc/nowhere"])
    terminal.type("1", .enter)
    #expect(terminal.shows("warning: /proc/nowhere/pare/history: the history cannot be made"))
    enter("2", terminal, shows: "2")
  }
}
