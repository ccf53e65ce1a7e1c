import Foundation
import JSONFormat
import Language
import NotebookFormat
import Testing
import Workbench

@Suite struct NotebookRunnerTests {
  private func run(
    _ script: String, _ options: NotebookRunner.Options = NotebookRunner.Options()
  ) throws -> (notebook: Notebook, ending: NotebookRunner.Ending) {
    let runner = NotebookRunner(
      try Notebook(script: script), session: try Session(), options: options)
    runner.save = { _ in }
    return (try { ($1, $0) }(runner.run(), runner.notebook))
  }

  private func outputs(_ script: String) throws -> [Output] {
    try run(script).notebook.cells.first?.outputs ?? []
  }

  @Test func joinsWhatOneStreamReceives() throws {
    let outputs = try outputs("print(1)\nprint(2)\nlen = 3\nprint(3)\ndisplay(4)\nprint(5)\n6")
    #expect(
      outputs.map(\.summary) == [
        "stdout: 1\n2\n",
        "stderr: warning: 'len' now hides the built-in function; 'del len' brings it back\n",
        "stdout: 3\n", "display: 4", "stdout: 5\n", "result: 6",
      ])
  }

  @Test func clearsWhatWasShown() throws {
    #expect(try outputs("print(1)\nclear_output()\nprint(2)").map(\.summary) == ["stdout: 2\n"])
    let waiting = "print(1)\nclear_output(wait=True)\n"
    #expect(try outputs(waiting).map(\.summary) == ["stdout: 1\n"])
    #expect(try outputs(waiting + "print(2)").map(\.summary) == ["stdout: 2\n"])
  }

  /// A progress is one output while it lasts and none when it has ended.
  @Test func progressLeavesNothingBehind() throws {
    let session = try Session()
    let runner = NotebookRunner(
      try Notebook(script: "print(1)\nwork()\nprint(4)"), session: session)
    runner.save = { _ in }
    session.interpreter.register(
      BuiltinFunction("work", Signature("")) { _, interpreter in
        for done in 0...2 {
          session.output(
            .progress(ProgressState(title: "work", done: done, total: 2, seconds: 1, note: "")))
          if done == 1 { interpreter.output("2\n") }
        }
        interpreter.output("3\n")
        session.output(.progress(nil))
        return .none
      })
    _ = try runner.run()
    #expect(runner.notebook.cells[0].outputs.map(\.summary) == ["stdout: 1\n2\n3\n4\n"])
  }

  @Test func progressSaysRateAndTimeLeft() {
    let state = ProgressState(title: "distill", done: 25, total: 100, seconds: 50, note: "loss 2.1")
    #expect(state.line == "distill  25/100  0.50/s  2 min 30 s left  loss 2.1")
    #expect(state.lastLine == "distill  25/100  in 50 s  0.50/s  loss 2.1")
    // What a resumed run made before took no time now.
    let resumed = ProgressState(
      title: "distill", done: 60, total: 100, before: 50, seconds: 20, note: "")
    #expect(resumed.rate == 0.5 && resumed.secondsLeft == 80)
    let start = ProgressState(title: "loss", done: 0, total: 8, seconds: 0, note: "")
    #expect(start.line == "loss  0/8")
  }

  @Test func aFailedCellEndsTheRun() throws {
    let script = "# %%\n1\n# %% Bad\n1 / 0\n# %%\n3\n"
    let (notebook, ending) = try run(script)
    guard case .stopped("cell 2 (Bad)", left: 1) = ending else { throw Stopped() }
    #expect(notebook.cells.map(\.executionCount) == [nil, 1, nil, 2, nil])
    #expect(
      notebook.cells[0].source
        == "**The run failed in [cell 2 (Bad)](#run-failure):** `division by zero`")
    #expect(notebook.cells[2].source.hasSuffix("**The run failed here, in cell 2 (Bad).**"))
    #expect(notebook.cells[1].metadata["pare"]?["status"]?.string == "completed")
    #expect(notebook.cells[3].metadata["pare"]?["status"]?.string == "failed")
    #expect(notebook.cells[4].metadata["pare"] == nil)
    #expect(notebook.metadata["pare"]?["status"]?.string == "failed")
    // Another run begins without any of it.
    let again = NotebookRunner(notebook, session: try Session()).notebook
    #expect(again.cells.map(\.source) == ["1", "1 / 0", "3"])
    #expect(again.metadata["pare"] == nil && again.cells[2].metadata["pare"] == nil)

    var options = NotebookRunner.Options()
    options.allowsErrors = true
    let (whole, end) = try run(script, options)
    guard case .finished(let failures) = end else { throw Stopped() }
    #expect(failures == ["cell 2 (Bad)"])
    #expect(whole.cells[2].outputs.map(\.summary) == ["result: 3"])
  }

  @Test func aCellThatMayFailEndsNothing() throws {
    let (notebook, ending) = try run("# %% tags=[\"raises-exception\"]\n1 / 0\n# %%\n3\n")
    guard case .finished(let failures) = ending, failures.isEmpty else { throw Stopped() }
    #expect(notebook.cells.map(\.executionCount) == [1, 2])
    guard case .error("Error", "division by zero", _)? = notebook.cells[0].outputs.first else {
      throw Stopped()
    }
    #expect(notebook.metadata["pare"]?["status"]?.string == "completed")
  }

  @Test func parametersWithoutTheirCellAreWarnedOf() throws {
    var options = NotebookRunner.Options()
    options.parameters = [try RunParameter("n=3")]
    let runner = NotebookRunner(
      try Notebook(script: "# %%\nn\n"), session: try Session(), options: options)
    var notices: [String] = []
    runner.output = { if case .notice(let line) = $0 { notices.append(line) } }
    _ = try runner.run()
    #expect(notices.count == 1 && notices[0].contains("no cell is tagged 'parameters'"))
    #expect(runner.notebook.metadata["pare"]?["parameters"]?["n"]?.string == "3")
  }

  @Test func savesBeforeTheFirstAndAfterEveryCell() throws {
    let runner = NotebookRunner(
      try Notebook(script: "# %%\n1\n# %% [markdown]\n# x\n# %%\n2\n"), session: try Session())
    var saved: [[Int?]] = []
    runner.save = { saved.append($0.cells.map(\.executionCount)) }
    _ = try runner.run()
    #expect(saved == [[nil, nil, nil], [1, nil, nil], [1, nil, 2], [1, nil, 2]])
  }

  @Test func aFailingSaveEndsTheRun() throws {
    struct Full: Error {}
    let runner = NotebookRunner(try Notebook(script: "# %%\n1\n# %%\n2\n"), session: try Session())
    var shown = 0
    runner.output = { _ in shown += 1 }
    runner.save = { if $0.cells[0].executionCount != nil { throw Full() } }
    #expect(throws: Full.self) { try runner.run() }
    #expect(shown == 1)
  }

  @Test func checksEveryCellBeforehand() throws {
    let runner = NotebookRunner(
      try Notebook(script: "# %%\n1\n# %%\nif:\n"), session: try Session())
    #expect(throws: (any Error).self) { try runner.check() }
  }

  @Test(arguments: [
    ("n=3", "n", "3"), ("n=-2.5", "n", "-2.5"), ("n=[1, 'a']", "n", "[1, 'a']"),
    ("n=True", "n", "True"), ("n=true", "n", "'true'"), ("n=", "n", "''"),
    ("n=a=b", "n", "'a=b'"), ("n=it's", "n", "\"it's\""), ("ünï=1", "ünï", "1"),
    ("n=1\n2", "n", "'1\\n2'"), ("n='x'", "n", "'x'"), ("n=1 + 1", "n", "'1 + 1'"),
  ])
  func readsParameters(text: String, name: String, literal: String) throws {
    let parameter = try RunParameter(text)
    #expect(parameter.name == name)
    #expect(parameter.literal == literal)
  }

  @Test(arguments: [
    "n", "=3", "1n=3", "a b=3", "a.b=3", "a[0]=1", "for=1", "None=1", "a\nb=1", "a;b=1",
  ])
  func refusesWhatIsNoParameter(text: String) {
    #expect(throws: (any Error).self) { try RunParameter(text) }
  }

  @Test func placesStartAtTheProject() throws {
    try withTemporaryFolder { folder in
      let manager = FileManager.default
      try manager.createDirectory(
        atPath: folder + "/p/Plots", withIntermediateDirectories: true)
      try manager.createDirectory(atPath: folder + "/p/a/b", withIntermediateDirectories: true)
      let inside = try ScriptPlace(ofFile: folder + "/p/a/b/../b/s.pare")
      #expect(inside.name == "a/b/s.pare")
      #expect(inside.folder.hasSuffix("/p"))
      #expect(try ScriptPlace(ofFile: folder + "/p/s.pare").name == "s.pare")
      #expect(throws: (any Error).self) { try ScriptPlace(ofFile: folder + "/q/s.pare") }
    }
  }
}

extension Output {
  /// The output in one line.
  fileprivate var summary: String {
    switch self {
    case .stream(let name, let text): "\(name): \(text)"
    case .displayData(let rich): "display: \(rich.data["text/plain"]?.string ?? "")"
    case .executeResult(let rich, _): "result: \(rich.data["text/plain"]?.string ?? "")"
    case .error(_, let value, _): "error: \(value)"
    }
  }
}
