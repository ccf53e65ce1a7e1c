import Files
import Foundation
import JSONFormat
import NotebookFormat
import TestTools
import Testing

@Suite struct NotebookTests {
  private static let script = """
    # %% [markdown]
    # About

    # %% tags=["parameters"]
    n = 1

    # %%
    print("a")
    print("b")
    n

    # %%
    display(line([1.0, 2.0], title="F"))
    unknown_name

    # %%
    print("after")

    """

  private func notebook(_ folder: borrowing TemporaryFolder) throws -> String {
    let path = try folder.write("a.pare", Self.script)
    #expect(try Program.run(["convert", path, folder.path + "/a.ipynb"]).status == 0)
    return folder.path + "/a.ipynb"
  }

  @Test func writesTheExecutedNotebook() throws {
    let folder = try TemporaryFolder()
    let input = try notebook(folder)
    let before = try String(contentsOfFile: input, encoding: .utf8)
    let output = folder.path + "/out.ipynb"
    let result = try Program.run(["run", input, "-o", output, "--set", "n=5"])
    #expect(result.status == 1)
    #expect(result.output == "a\nb\n5\nfigure: F (line plot of 1 series)\n")
    #expect(result.errors.contains("cell 3 failed"))
    #expect(try String(contentsOfFile: input, encoding: .utf8) == before)

    let cells = try Notebook(contentsOf: output).cells
    #expect(cells.map(\.executionCount) == [nil, nil, 1, 2, 3, nil, 4, nil])
    #expect(
      cells[0].source.hasPrefix("**The run failed in [cell 3](#run-failure):** `unknown name"))
    #expect(cells[3].tags == ["injected-parameters"])
    #expect(cells[3].source == "# Parameters\nn = 5")
    let shown = cells[4].outputs
    guard case .stream("stdout", "a\nb\n") = shown[0],
      case .executeResult(let value, executionCount: 3) = shown[1], shown.count == 2
    else { throw Unexpected("\(shown)") }
    #expect(value.data["text/plain"]?.string == "5")
    let failed = cells[6].outputs
    guard case .displayData(let figure) = failed[0],
      case .error("Error", let message, let traceback) = failed[1], failed.count == 2
    else { throw Unexpected("\(failed)") }
    let image = figure.data["image/png"]?.string.flatMap { Data(base64Encoded: $0) }
    #expect(image?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true)
    #expect(message == "unknown name 'unknown_name'")
    #expect(traceback.joined(separator: "\n").contains("cell 3, line 2:  unknown_name"))
    #expect(cells[7].outputs.isEmpty)
  }

  @Test func allowedErrorsKeepTheRest() throws {
    let folder = try TemporaryFolder()
    let input = try notebook(folder)
    let result = try Program.run(["run", input, "-o", input, "--allow-errors"])
    #expect(result.status == 1)
    let cells = try Notebook(contentsOf: input).cells
    #expect(cells.map(\.executionCount) == [nil, 1, 2, 3, 4])
    guard case .stream("stdout", "after\n")? = cells[4].outputs.first else {
      throw Unexpected("\(cells[4].outputs)")
    }
    // The second run replaces what the first one left.
    let again = try Program.run(["run", input, "-o", input, "--allow-errors"])
    #expect(again.output == result.output)
    #expect(try Notebook(contentsOf: input).cells[2].outputs.count == 2)
  }

  @Test func standardOutputIsTheNotebookAlone() throws {
    let result = try Program.run(["run", "-", "-o", "-"], input: "print(1)\ndisplay(2)\n3")
    #expect(result.status == 0)
    let cells = try Notebook(jupyter: Array(result.output.utf8)).cells
    #expect(cells.count == 1)
    #expect(cells[0].outputs.count == 3)
    let failing = try Program.run(["run", "-", "-o", "-"], input: "1 / 0")
    #expect(failing.status == 1)
    #expect(try Notebook(jupyter: Array(failing.output.utf8)).cells[2].outputs.count == 1)
  }

  @Test func nbformatFindsTheNotebookValid() throws {
    guard PythonOracle.hasNbformat else { return }
    let folder = try TemporaryFolder()
    let input = try notebook(folder)
    let output = folder.path + "/out.ipynb"
    _ = try Program.run(["run", input, "-o", output, "--allow-errors", "--set", "n=2"])
    let judged = try PythonOracle.run(
      "import nbformat, sys; nb = nbformat.read(sys.argv[1], 4); nbformat.validate(nb); "
        + "print(nb.cells[3].outputs[0].text)", [output])
    #expect(judged.status == 0, "\(judged.errors)")
    #expect(judged.output == "a\nb\n\n")
  }

  @Test func anUnwritableNotebookIsNoticedBeforeTheWork() throws {
    let folder = try TemporaryFolder()
    let input = try folder.write("a.pare", "print(1)")
    let result = try Program.run(["run", input, "-o", folder.path + "/none/out.ipynb"])
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("none/out.ipynb: cannot write"))
  }
}

/// What a test did not expect to see.
struct Unexpected: Error {
  let text: String
  init(_ text: String) { self.text = text }
}
