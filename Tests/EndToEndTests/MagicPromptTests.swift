import Foundation
import TestTools
import Testing

/// Magics, shell lines and kept sessions through the built program.
@Suite(.serialized) struct MagicPromptTests {
  @Test func aSessionOutlivesItsProcess() throws {
    let folder = try TemporaryFolder()
    let state = ["XDG_STATE_HOME": folder.path]
    let saved = try Program.run(
      ["-e", "x = [1, 2]\ndef f(a): return a + 1", "-e", "%save monday"], setting: state)
    #expect(saved.status == 0)
    #expect(saved.output == "saved 2 variables in \(folder.path)/pare/sessions/monday\n")
    let loaded = try Program.run(["-e", "%load monday", "-e", "f(x[1])"], setting: state)
    #expect(loaded.output == "restored 2 variables: f, x\n3\n")
    let missing = try Program.run(["-e", "%load mondy"], setting: state)
    #expect(missing.status == 1)
    #expect(missing.errors.hasPrefix("error: there is no session 'mondy'; did you mean 'monday'?"))
    #expect(try folder.names("pare/sessions") == ["monday"])
  }

  @Test func meansTheSameInANotebookAndAScript() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write(
      "a.pare", "# %%\n!echo out; echo err >&2; exit 2\n%run b.pare\n%who\n# %%\n%time y\n")
    _ = try folder.write("b.pare", "y = 5\n")
    let result = try Program.run(["run", script, "-o", folder.path + "/out.ipynb"])
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("out\ny\nwall "))
    #expect(result.output.hasSuffix("\n5\n"))
    #expect(result.errors == "err\nthe command ended with status 2\n")
    let notebook = try String(contentsOfFile: folder.path + "/out.ipynb", encoding: .utf8)
    for text in ["\"out\\n\"", "\"err\\n\"", "execute_result"] { #expect(notebook.contains(text)) }
  }

  @Test func controlCStopsACommandAtThePrompt() throws {
    let folder = try TemporaryFolder()
    let terminal = try Terminal(state: folder.path, in: folder.path)
    #expect(terminal.shows(">>> "))
    terminal.type("!echo begun; sleep 30", .enter)
    #expect(terminal.shows("\nbegun\n"))
    let start = Date()
    terminal.type("", .interrupt)
    #expect(terminal.shows("interrupted\n>>> ", within: 5))
    #expect(Date().timeIntervalSince(start) < 1)
    terminal.type("%ma", .tab)
    terminal.type("", .enter)
    #expect(terminal.shows("%timeit [-n loops] [-r runs] statement"))
    terminal.type("1", .enter)
    #expect(terminal.shows("\n1\n>>> "))
    terminal.type("x = 2", .enter)
    #expect(terminal.shows(">>> "))
    terminal.type("%whos", .enter)
    #expect(terminal.shows("x     int"))
  }
}
