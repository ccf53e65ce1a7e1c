import Foundation
import Testing

@Suite struct ScriptTests {
  @Test func standardOutputHoldsPrintsAndValuesAlone() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write(
      "a.pare", "# %%\nprint('p')\n1 + 1\n\n# %%\n3;\n\n# %%\nlen = 2\ndisplay([1])\n'v'\n")
    let result = try Program.run(["run", script])
    #expect(result.status == 0)
    #expect(result.output == "p\n2\n[1]\n'v'\n")
    #expect(result.errors.contains("'len' now hides the built-in function"))

    let quiet = try Program.run(["run", script, "--quiet"])
    #expect(quiet.status == 0)
    #expect(quiet.output == "p\n")
    #expect(quiet.errors.isEmpty)
  }

  @Test func namesTheFailingCellAndStops() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "a.pare", "# %%\nprint(1)\n\n# %% Divide\n1 / 0\n\n# %%\nprint(3)\n\n# %%\nprint(4)\n")
    let result = try Program.run(["run", "a.pare"], in: folder.path)
    #expect(result.status == 1)
    #expect(result.output == "1\n")
    #expect(result.errors.contains("cell 2 (Divide), line 1:  1 / 0"))
    #expect(
      result.errors.hasSuffix("a.pare: cell 2 (Divide) failed; the 2 cells after it did not run\n"))

    let all = try Program.run(["run", "a.pare", "--allow-errors"], in: folder.path)
    #expect(all.status == 1)
    #expect(all.output == "1\n3\n4\n")
    #expect(all.errors.hasSuffix("a.pare: cell 2 (Divide) failed\n"))
  }

  @Test func runsNothingOfAScriptThatDoesNotParse() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write("a.pare", "# %%\nprint(1)\n\n# %%\nx = (\n")
    let result = try Program.run(["run", script])
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("cell 2, line 1:  x = ("))
    #expect(result.errors.contains("nothing was run"))
  }

  @Test func readsStandardInput() throws {
    let result = try Program.run(["run", "-"], input: "print(1)\n2")
    #expect(result.output == "1\n2\n")
    // Without a terminal the prompt is no prompt.
    let bare = try Program.run([], input: "print(1)\n2")
    #expect(bare.output == "1\n2\n")
    #expect(bare.status == 0)
    #expect(try Program.run(["run", "-"], input: "").status == 0)
    #expect(try Program.run(["run", "-"], input: "{\"cells\": 1}").status == 1)
    let notebook = #"{"cells": [{"cell_type": "code", "source": "5"}], "nbformat": 4}"#
    #expect(try Program.run(["run", "-"], input: notebook).output == "5\n")
  }

  @Test(arguments: ["missing.pare", "missing.ipynb", "missing.txt", "/", ""])
  func reportsAMissingFile(name: String) throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(["run", name], in: folder.path)
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("error: " + name))
  }

  @Test func givesParametersTheirValues() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write(
      "a.pare",
      "# %% tags=[\"parameters\"]\nn = 1\nname = \"x\"\nkeys = []\n\n# %%\n[n, name, keys]\n")
    let result = try Program.run(
      ["run", script, "--set", "n=-2.5", "--set", "name=two words", "--set", "keys=[1, 'a']"])
    #expect(result.output == "[-2.5, 'two words', [1, 'a']]\n")
    #expect(result.errors.isEmpty)
    #expect(try Program.run(["run", script, "--set", "name="]).output == "[1, '', []]\n")
    let misspelt = try Program.run(["run", script, "--set", "nam=3"])
    #expect(misspelt.errors.contains("no 'nam'; did you mean 'name'?"))
    #expect(misspelt.status == 0)
  }

  /// A cell's number is the file's: parameters, which add a cell, change no name.
  @Test func savesShownFigures() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write(
      "project/a.pare",
      """
      # %%
      f = line([1.0, 3.0, 2.0], title="Rise")
      display(f)
      f

      # %%
      heatmap([[1.0, 2.0], [3.0, 4.0]])

      """)
    let result = try Program.run(
      ["run", script, "--set", "n=1", "--plots", folder.path + "/new/plots", "--quiet"])
    #expect(result.status == 0)
    #expect(try folder.names("new/plots") == ["cell-1-2.png", "cell-1.png", "cell-2.png"])
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/new/plots/cell-1.png"))
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(bytes.range(of: Data("a.pare".utf8)) != nil)
    #expect(bytes.range(of: Data(folder.path.utf8)) == nil)
    #expect(try Program.run(["run", script]).output.hasPrefix("figure: Rise"))
  }

  @Test func relativePathsStartAtTheProject() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("project/Plots/keep", "")
    _ = try folder.write("project/data.json", "{\"n\": 3}")
    let script = try folder.write("project/deep/er/a.pare", "read_json('data.json')")
    #expect(try Program.run(["run", script], in: "/").output == "{'n': 3}\n")
    _ = try folder.write("alone/data.json", "4")
    let alone = try folder.write("alone/a.pare", "read_json('data.json')")
    #expect(try Program.run(["run", alone], in: "/").output == "4\n")
    let fromInput = try Program.run(
      ["run", "-"], input: "read_json('data.json')", in: folder.path + "/alone")
    #expect(fromInput.output == "4\n")
  }

  @Test func boundsTheTimeOfACell() throws {
    let result = try Program.run(
      ["run", "-", "--timeout", "0.3", "--allow-errors"],
      input: "# %%\nprint(1)\n# %%\nwhile True: pass\n# %%\nprint(3)\n")
    #expect(result.status == 1)
    #expect(result.output == "1\n3\n")
    #expect(result.errors.contains("cell 2 took longer than the 0.3 seconds"))
  }

  /// Drawing what a cell shows is part of the cell: its time bounds it, and is what is said.
  @Test(arguments: ["f", "display(f)"]) func boundsTheTimeOfADrawing(shown: String) throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(
      ["run", "-", "--timeout", "2", "-o", folder.path + "/out.ipynb"],
      input: "# %%\nf = line({f'c{i}': randn([10000]) for i in range(400)}, smooth=0.9)\n"
        + "# %%\n\(shown)\n", in: folder.path)
    #expect(result.status == 1)
    #expect(result.errors.contains("cell 2 took longer than the 2.0 seconds"), "\(result.errors)")
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write("a.pare", "for i in range(10000000): print(i)")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "{ \"$0\" run \"$1\"; echo status $? >&2; } | head -1"]
    process.arguments?.append(contentsOf: [Program.path, script])
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    #expect(String(decoding: text, as: UTF8.self) == "0\n")
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    #expect(String(decoding: said, as: UTF8.self) == "status 0\n")
  }
}
