import Foundation
import Language
import Testing
import Workbench

@Suite struct MagicTests {
  /// What a cell prints.
  private func printed(_ source: String, after setUp: String = "pass") throws -> String {
    let recorded = try RecordingSession()
    _ = try recorded.run(setUp)
    let before = recorded.printed
    _ = try recorded.run(source)
    return String(recorded.printed.dropFirst(before.count))
  }

  @Test func timesAStatementOnceAndKeepsItsValue() throws {
    let recorded = try RecordingSession()
    #expect(try recorded.run("%time x = 3") == nil)
    #expect(try recorded.run("%time x * 14") == "42")
    #expect(try recorded.run("_") == "42")
    let line = /wall \d+(\.\d+)? (s|ms|µs|ns), cpu \d+(\.\d+)? (s|ms|µs|ns)\n/
    #expect(recorded.printed.matches(of: line).count == 2, "\(recorded.printed)")
  }

  @Test func timesAStatementManyTimes() throws {
    let text = try printed("%timeit -n 5 -r 3 n += 1", after: "n = 0")
    let line = /\d+(\.\d+)? (ms|µs|ns) ± \d+(\.\d+)? (ms|µs|ns) a loop \(3 runs of 5 loops\)\n/
    #expect(text.wholeMatch(of: line) != nil, "\(text)")
    let recorded = try RecordingSession()
    _ = try recorded.run("n = 0\n%timeit -n 5 -r 3 n += 1")
    // One more run finds out how slow the statement is.
    #expect(try recorded.run("n") == "20")
  }

  @Test func choosesItsLoops() throws {
    let text = try printed("%timeit 1 + 1")
    #expect(text.contains(/\(\d runs of\ /))
    let loops = try #require(text.firstMatch(of: /of ([\d,]+) loops/)).1
    #expect(try #require(Int(loops.filter { $0 != "," })) >= 10_000)
  }

  @Test(arguments: [
    (0.0000000005, "0.50 ns"), (0.000000123456, "123 ns"), (0.0000012, "1.20 µs"),
    (0.0456, "45.6 ms"), (0.9999, "1.00 s"), (59.96, "60.0 s"), (125.4, "2 min 5 s"),
  ])
  func durationsHaveThreeDigits(seconds: Double, text: String) {
    #expect(durationText(seconds) == text)
  }

  @Test func listsVariables() throws {
    let setUp = "b = zeros(2, 3)\na = [1, 2]\ndef f(x, y=1): return x\ns = 'né'"
    #expect(try printed("%who", after: setUp) == "a  b  f  s\n")
    #expect(try printed("%who tensor list", after: setUp) == "a  b\n")
    #expect(try printed("%who") == "no variables\n")
    let recorded = try RecordingSession()
    _ = try recorded.run(setUp)
    #expect(
      try recorded.error("%who tensr").message
        == "no variable is of the type 'tensr'; did you mean 'tensor'?")
    _ = try recorded.run("%whos")
    guard case .displayed(let display)? = recorded.events.last else { throw Stopped() }
    #expect(
      display.text == """
        name  type        shape     bytes  device
        a     list        2             -  -
        b     tensor f32  [2, 3]       24  cpu
        f     function    (x, y=1)      -  -
        s     str         2             3  -
        """)
    // The table is shown and is nobody's value.
    #expect(try recorded.run("_ if '_' in dir() else 0") == "0")
  }

  @Test func forgetsVariables() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("seed(5)\nlen = 3\nx = 1")
    _ = try recorded.run("x + 1")
    _ = try recorded.run("%reset")
    #expect(recorded.printed == "forgot 2 variables\n")
    #expect(try recorded.run("[len([1]), len(Out), dir()]") == "[1, 0, ['In', 'Out']]")
    #expect(try recorded.error("x").message.hasPrefix("unknown name 'x'"))
    #expect(try recorded.run("In[2]") == "'x + 1'")
    #expect(try recorded.error("%reset -f").message.contains("takes nothing behind it"))
  }

  @Test func printsTheHistory() throws {
    let recorded = try RecordingSession()
    for cell in ["x = 1", "for i in range(2):\n    x += i\n", "%history 2"] {
      _ = try recorded.run(cell)
    }
    #expect(recorded.printed == "1  x = 1\n2  for i in range(2):\n       x += i\n")
    #expect(try recorded.error("%history all").message.contains("%history 10"))
    // Asked by a cell that is not remembered, it leaves none out.
    let other = try RecordingSession()
    _ = try other.run("y = 2")
    _ = other.session.execute("%history", isKept: false)
    #expect(other.printed == "1  y = 2\n")
  }

  @Test func runsFilesInTheSession() throws {
    try withTemporaryFolder { folder in
      let script = "# %%\ny = x + 1\ny\n# %% [markdown]\n# text\n# %%\nprint('done')\n"
      try script.write(toFile: folder + "/a b.pare", atomically: true, encoding: .utf8)
      try "%run loop.pare".write(toFile: folder + "/loop.pare", atomically: true, encoding: .utf8)
      let broken = "z = 1\n# %%\nz = (\n"
      try broken.write(toFile: folder + "/broken.pare", atomically: true, encoding: .utf8)
      let recorded = try RecordingSession()
      recorded.session.folder = folder
      _ = try recorded.run("x = 1")
      _ = try recorded.run("%run 'a b.pare'")
      #expect(recorded.printed == "done\n")
      guard case .displayed(let display) = recorded.events[0] else { throw Stopped() }
      #expect(display.text == "2")
      #expect(try recorded.run("y") == "2")
      #expect(try recorded.error("%run loop.pare").message.contains("nested more than 20 deep"))
      // A script that cannot be read whole runs not at all.
      let error = try recorded.error("%run broken.pare")
      #expect(error.rendered.contains("broken.pare, cell 2, line 1"))
      #expect(try recorded.error("z").message.hasPrefix("unknown name"))
      #expect(try recorded.error("%run").message.contains("%run needs a file"))
      #expect(try recorded.error("%run nothing.pare").message.contains("nothing.pare"))
      #expect(try recorded.error("%run .").message.contains("is a folder"))
    }
  }

  @Test func pathsInAFileThatRunsStartAtItsProject() throws {
    try withTemporaryFolder { folder in
      let files = FileManager.default
      for name in ["/project/Plots", "/project/scripts"] {
        try files.createDirectory(atPath: folder + name, withIntermediateDirectories: true)
      }
      try "save(ones(2), 'Plots/a.npy')".write(
        toFile: folder + "/project/scripts/a.pare", atomically: true, encoding: .utf8)
      let recorded = try RecordingSession()
      recorded.session.folder = folder
      _ = try recorded.run("%run project/scripts/a.pare")
      #expect(files.fileExists(atPath: folder + "/project/Plots/a.npy"))
      #expect(recorded.session.folder == folder && recorded.session.scriptName.isEmpty)
    }
  }

  @Test func changesTheFolder() throws {
    try withTemporaryFolder { folder in
      let recorded = try RecordingSession()
      _ = try recorded.run("%cd \(folder)")
      _ = try recorded.run("save(ones(2), 'a.npy')\n!mkdir sub; ls")
      _ = try recorded.run("%cd sub\n%cd ..\n%cd")
      let bare = try #require(recorded.session.folder)
      #expect(bare.hasSuffix(String(folder.split(separator: "/").last ?? "")))
      let lines = recorded.printed.split(separator: "\n").map(String.init)
      #expect(lines == [bare, "a.npy", "sub", bare + "/sub", bare, bare])
      #expect(try recorded.error("%cd nowhere").message.contains("there is no such folder"))
      #expect(try recorded.error("%cd a.npy").message.contains("is a file"))
    }
  }

  @Test(arguments: [
    ("%tme 1", "there is no magic %tme; did you mean '%time'?"),
    ("%", "% needs the name of a magic; %magics lists them"),
    ("%%time x", "a magic works on its own line alone: %time with one %"),
    ("%frobnicate", "there is no magic %frobnicate; %magics lists them"),
    ("%time", "%time needs a statement behind it, as in %time a @ b"),
    ("%timeit -n 3", "%timeit needs a statement behind it, as in %timeit a @ b"),
    ("%timeit -n 0 x", "%timeit -n takes a count from 1, as in %timeit -n 100 -r 5 statement"),
    ("%time 1 / 0", "division by zero"), ("!cd x", "!cd changes the folder of its own shell alone"),
    ("!", "! needs a command of the shell after it, as in !ls"),
  ])
  func mistakesAreExplained(source: String, message: String) throws {
    #expect(try RecordingSession().error(source).message.hasPrefix(message))
  }

  @Test func everyMagicHasHelpAndSummary() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("%magics")
    for name in recorded.session.magicNames {
      #expect(recorded.printed.contains("%\(name)"))
      #expect(!recorded.session.magicSummary(name).isEmpty)
      let texts = try ["%\(name)?", "?%\(name)", "help('%\(name)')"].map { try printed($0) }
      #expect(Set(texts).count == 1)
      #expect(texts[0].hasPrefix("%\(name)"))
      #expect(texts[0].contains("\n    %\(name)"), "an example")
    }
    #expect(try printed("help('magics')") == recorded.printed)
  }

  @Test func tabOffersMagicsAndWhatFollowsThem() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("alphabet = 'abc'")
    func offers(_ text: String) -> Completion {
      recorded.session.interpreter.completion(of: text, at: text.unicodeScalars.count)
    }
    let magics = offers("x = 1\n%ti").candidates
    #expect(magics.map(\.text) == ["time", "timeit"])
    #expect(magics[0].detail == "Runs a statement once and says how long it took.")
    let name = offers("%time alph")
    #expect(name.candidates.map(\.text) == ["alphabet"])
    #expect(name.range == Span(start: 6, end: 10))
    #expect(offers("%timeit alphabet.upp").candidates.map(\.text) == ["upper"])
    #expect(offers("%timeit alphabet.upp").candidates[0].detail == "The string in capitals.")
    #expect(offers("%run scripts/a").stringPrefix == "scripts/a")
    #expect(offers("!ls -l Sour").stringPrefix == "Sour")
    #expect(offers(String(repeating: "%time ", count: 5000) + "a").candidates.isEmpty)
  }

  @Test func nestedMagicsEnd() throws {
    let source = String(repeating: "%time ", count: 3) + "1 + 1"
    #expect(try RecordingSession().run(source) == "2")
  }
}
