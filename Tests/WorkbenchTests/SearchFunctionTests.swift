import Kernels
import TestTools
import Testing
import Workbench

/// search as a user types it.
@Suite struct SearchFunctionTests {
  private static let model = fixturePath("models/llama-tied")

  private func session() throws -> RecordingSession {
    let session = try RecordingSession()
    _ = try session.run(
      """
      m = load("\(Self.model)")
      data = tokens([[(k * 7 + i * i) % 96 for i in range(16)] for k in range(6)])
      s = importance(m, data)
      grid = {"layers": [2, 3, 4], "heads": [1.0], "ffn": [24, 40], "hidden": [36]}
      """)
    return session
  }

  @Test func aTableAndTheBest() throws {
    let session = try session()
    _ = try session.run(
      "f = search(m, s, data, parameters=0.6, tolerance=0.3, grid=grid, steps=2, top=2, batch=2)")
    #expect(
      try session.run("f.table.columns")
        == "['rank', 'name', 'layers', 'heads', 'ffn', 'hidden', 'parameters', 'loss', "
        + "'distilled', 'rank_before']")
    #expect(try session.run("f.table[\"rank\"] == list(range(1, len(f.table) + 1))") == "True")
    #expect(try session.run("f.best.parameters == f.table[0][\"parameters\"]") == "True")
    #expect(try session.run("loss(f.best, data).mean == f.table[0][\"distilled\"]") == "True")
    #expect(
      try session.run("(f.steps, f.ranks.columns, f.done)")
        == "([0, 1, 2], ['name', 'step 0', 'step 1', 'step 2'], True)")
    #expect(try session.run("[len(c) for c in f.curves.values()]") == "[3, 3]")
    _ = try session.run("pareto(f.table, label=\"name\")")
    // Each shape that was distilled had its line while the table filled.
    #expect(session.notices.count { $0.contains(" distilled, rank ") } == 2)
    guard case .finished(let display) = session.session.executeForDisplay("f") else {
      throw Stopped()
    }
    #expect(display?.figure != nil && display?.html?.contains("<table>") == true)
    #expect(display?.text.hasPrefix("search: ") == true)
  }

  /// Interrupted, what was measured is in `_`, and the same call goes on. In a process of its own:
  /// a request to stop is for the whole process.
  @Test func theSameCallGoesOn() async {
    await #expect(processExitsWith: .success) {
      let session = try SearchFunctionTests().session()
      let call =
        "search(m, s, data, parameters=0.6, tolerance=0.3, grid=grid, steps=2, top=2, batch=2)"
      session.whenever = { event in
        if case .notice(let line) = event, line.contains(" distilled, rank ") {
          Interrupt.request()
        }
      }
      guard case .interrupted = session.session.execute(call) else { throw Stopped() }
      Interrupt.clear()
      session.whenever = { _ in }
      let first = try session.run("(_.done, len(_.curves))")
      let before = session.events.count
      _ = try session.run("f = " + call)
      let titles = session.events[before...].compactMap { event -> String? in
        if case .progress(let state?) = event { state.title } else { nil }
      }
      // Nothing is measured twice.
      guard first == "(False, 1)", Set(titles.filter { $0.hasPrefix("distill ") }).count == 1,
        try session.run("(f.done, len(f.curves))") == "(True, 2)"
      else { throw Stopped() }
    }
  }

  @Test(arguments: [
    ("parameters=None", "parameters must be an int (a count) or a float (a fraction), not None"),
    ("parameters=0.6, grid=[1]", "grid must be a dict of axes and lists of sizes, not a list"),
    (
      "parameters=0.6, grid={\"layer\": [2]}",
      "grid has the axes 'layers', 'heads', 'ffn' and 'hidden', not 'layer'"
    ),
    ("parameters=0.6, grid={\"layers\": 2}", "grid: 'layers' is a list of sizes, not an int"),
    (
      "parameters=0.6, grid={\"layers\": [\"2\"]}",
      "grid: a size is an int or a float, not a string"
    ),
    ("parameters=0.6, steps=-1", "steps must be at least 0, not -1"),
  ])
  func whatIsRefused(arguments: String, message: String) throws {
    let session = try session()
    #expect(
      try session.error("search(m, s, data, \(arguments))").message.hasPrefix(message),
      "\(arguments)")
  }
}
