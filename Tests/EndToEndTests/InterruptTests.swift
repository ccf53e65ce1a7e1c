import Foundation
import NotebookFormat
import Testing

@Suite(.serialized) struct InterruptTests {
  /// Work that ends by itself only much later, of each kind that must notice a request to stop.
  static let longWork = [
    "while True: pass", "sum(i for i in range(10 ** 9))", "[i for i in range(10 ** 9)]",
    "sorted(range(20000000), key=lambda i: -i)", "a = randn(3000, 3000)\nwhile True: b = a @ a",
    "!sleep 20; true",
    "!trap '' INT; sleep 20; true", "!yes > /dev/null", "%timeit while True: pass",
  ]

  @Test(arguments: longWork) func stopsSoon(code: String) throws {
    var asked = Date()
    let result = try Program.run(["-e", "print('go', flush=True)", "-e", code]) { process in
      usleep(700_000)
      asked = Date()
      process.interrupt()
    }
    #expect(result.status == 130)
    #expect(result.output == "go\n")
    #expect(result.errors == "interrupted\n")
    // 200 ms is the promise; a machine that others share may add to it.
    #expect(Date().timeIntervalSince(asked) < 1)
  }

  @Test func keepsTheNotebookAsFarAsItCame() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write(
      "a.pare", "# %%\nprint(1)\n# %% Wait\nprint(2)\nwhile True: pass\n# %%\nprint(3)\n")
    let output = folder.path + "/out.ipynb"
    let result = try Program.run(["run", script, "-o", output]) { process in
      #expect(waited { (try? Notebook(contentsOf: output))?.cells[0].outputs.count == 1 })
      usleep(200_000)
      process.interrupt()
    }
    #expect(result.status == 130)
    #expect(result.output == "1\n2\n")
    #expect(result.errors.contains("interrupted in cell 2 (Wait); the cell after it did not run"))
    let cells = try Notebook(contentsOf: output).cells
    #expect(cells.map(\.executionCount) == [1, 2, nil])
    guard case .stream("stdout", "2\n") = cells[1].outputs[0],
      case .error("Interrupted", _, _) = cells[1].outputs[1]
    else { throw Unexpected("\(cells[1].outputs)") }
    // Nothing is left of the writing.
    #expect(try folder.names() == ["a.pare", "out.ipynb"])
  }
}
