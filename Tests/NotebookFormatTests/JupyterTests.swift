import Foundation
import JSONFormat
import NotebookFormat
import TestTools
import Testing

/// A notebook with every kind of cell and output.
private func everything() -> Notebook {
  var code = Cell(id: "code-1", kind: .code, source: "print('größer')\nx = \"a\\tb\"\n\n1 + 1")
  code.executionCount = 3
  code.tags = ["parameters"]
  code.metadata["zeta"] = ["b": 1, "a": [1.5, .null, 1e16, 1e-7]]
  code.outputs = [
    .stream(name: "stdout", text: "größer\nline\u{2028}separated\u{0B}\r\nend"),
    .displayData(
      RichOutput(
        data: JSONObject([
          ("text/plain", "a\nb"), ("image/png", "iVBORw0KGgo=\n"),
          ("text/html", "<b>\n</b>"), ("application/json", ["z": ["x\ny"], "a": 1]),
        ]), metadata: JSONObject([("image/png", ["width": 10])]), displayID: "progress")),
    .executeResult(RichOutput(data: JSONObject([("text/plain", "2")])), executionCount: 3),
    .error(name: "error", value: "no", traceback: ["line 1\nline 2", "\u{1B}[31mred"]),
  ]
  var text = Cell(id: "text_2", kind: .markdown, source: "# Title\n\nwords 👩🏽‍🔬 e\u{301}")
  text.attachments = JSONObject([("a.png", ["image/png": "AAAA"])])
  let raw = Cell(id: "raw", kind: .raw, source: "")
  return Notebook(cells: [code, text, raw])
}

@Suite struct JupyterTests {
  @Test func writingIsStable() throws {
    let text = everything().jupyterText
    #expect(try Notebook(jupyter: Array(text.utf8)).jupyterText == text)
    #expect(text.hasPrefix("{\n \"cells\": [\n  {\n   \"cell_type\": \"code\",\n"))
    #expect(text.hasSuffix(" \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n"))
  }

  @Test func readingKeepsEverything() throws {
    let notebook = try Notebook(jupyter: Array(everything().jupyterText.utf8))
    let code = try #require(notebook.cells.first)
    #expect(code.id == "code-1")
    #expect(code.executionCount == 3)
    #expect(code.tags == ["parameters"])
    #expect(code.metadata["zeta"]?["b"]?.int == 1)
    #expect(code.source == "print('größer')\nx = \"a\\tb\"\n\n1 + 1")
    #expect(code.outputs.count == 4)
    guard case .stream("stdout", let text) = code.outputs[0] else {
      Issue.record("no stream")
      return
    }
    #expect(text == "größer\nline\u{2028}separated\u{0B}\r\nend")
    guard case .displayData(let rich) = code.outputs[1] else {
      Issue.record("no display")
      return
    }
    #expect(rich.data["text/html"]?.string == "<b>\n</b>")
    #expect(rich.data["image/png"]?.string == "iVBORw0KGgo=\n")
    #expect(rich.data["application/json"]?["z"]?.array?.count == 1)
    #expect(rich.displayID == nil, "a display id is not stored")
    #expect(notebook.cells[1].attachments?["a.png"]?["image/png"]?.string == "AAAA")
    #expect(notebook.metadata["kernelspec"]?["name"]?.string == "pare")
  }

  @Test func olderNotebooksGetValidIdentifiers() throws {
    let old = """
      {"cells": [{"cell_type": "code", "source": ["a\\n", "b"], "metadata": {"trusted": true}},
       {"cell_type": "markdown", "source": "t", "metadata": {}, "id": "same"},
       {"cell_type": "markdown", "source": "t", "metadata": {}, "id": "same"},
       {"cell_type": "raw", "source": "t", "metadata": {}, "id": "not valid"}],
       "metadata": {"orig_nbformat": 2, "mine": {"kept": [1]}}, "nbformat": 4, "nbformat_minor": 2}
      """
    let notebook = try Notebook(jupyter: Array(old.utf8))
    #expect(notebook.cells.map(\.id) == ["cell-1", "same", "cell-3", "cell-4"])
    #expect(notebook.cells[0].source == "a\nb")
    #expect(notebook.minor == 5)
    #expect(notebook.metadata.keys == ["mine"])
    #expect(notebook.cells[0].metadata["trusted"] == nil)
  }

  @Test(arguments: [
    ("[]", "not a notebook: the JSON is no object"),
    ("{}", "not a notebook: it has no number \"nbformat\""),
    ("{\"nbformat\": 4}", "not a notebook: it has no list \"cells\""),
    (
      "{\"nbformat\": 3, \"worksheets\": []}",
      "a notebook of nbformat 3: only 4 is read; open it in Jupyter and save it again"
    ),
    ("{\"nbformat\": 4, \"cells\": [1]}", "cell 1 is no object"),
    ("{\"nbformat\": 4, \"cells\": [{}]}", "cell 1: \"cell_type\" must be a string"),
    (
      "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"heading\"}]}",
      "cell 1: \"cell_type\" is \"heading\", not code, markdown or raw"
    ),
    (
      "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"raw\", \"source\": [1]}]}",
      "cell 1: \"source\" must be a string or a list of strings"
    ),
    (
      "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": \"\", "
        + "\"execution_count\": -1}]}",
      "cell 1: \"execution_count\" must be null or a number from 0"
    ),
    (
      "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": \"\", "
        + "\"outputs\": [{\"output_type\": \"pyout\"}]}]}",
      "cell 1, output 1: \"output_type\" is \"pyout\", "
        + "not stream, display_data, execute_result or error"
    ),
  ])
  func badNotebooks(text: String, message: String) {
    #expect {
      try Notebook(jupyter: Array(text.utf8))
    } throws: {
      "\($0)" == message
    }
  }

  @Test func filesNameThemselvesInErrors() throws {
    let folder = try temporaryFolder()
    let path = folder + "/bad.ipynb"
    try Data("{\"nbformat\": 4,".utf8).write(to: URL(fileURLWithPath: path))
    #expect {
      try Notebook(contentsOf: path)
    } throws: {
      "\($0)".hasPrefix("\(path): invalid JSON at byte 15")
    }
    #expect {
      try Notebook(contentsOf: folder + "/none.ipynb")
    } throws: {
      "\($0)" == "\(folder)/none.ipynb: cannot open: no such file or directory"
    }
    #expect {
      try Notebook().write(to: folder + "/a.txt")
    } throws: {
      "\($0)".hasSuffix("is neither a notebook (.ipynb) nor a script (.pare) by its ending")
    }
  }

  @Test func injectionFollowsTheParametersCell() throws {
    let notebook = everything().injecting(parameters: [("quick", "True"), ("n", "3")])
    #expect(notebook.cells.map(\.id) == ["code-1", "injected-parameters", "text_2", "raw"])
    #expect(notebook.cells[1].source == "# Parameters\nquick = True\nn = 3")
    #expect(notebook.cells[1].tags == ["injected-parameters"])

    let again = notebook.injecting(parameters: [("n", "4")])
    #expect(again.cells.count == 4)
    #expect(again.cells[1].source == "# Parameters\nn = 4")

    let bare = Notebook(cells: [Cell(id: "a", kind: .code, source: "1")])
    #expect(bare.injecting(parameters: []).cells.map(\.id) == ["injected-parameters", "a"])
  }

  @Test(.enabled(if: PythonOracle.hasNbformat)) func nbformatAcceptsAndRewritesTheSameBytes() throws
  {
    let folder = try temporaryFolder()
    try everything().write(to: folder + "/all.ipynb")
    try Notebook(script: "# %% tags=[\"parameters\"]\nx = 1\n\n# %% [markdown]\n# text\n")
      .injecting(parameters: [("x", "2")]).write(to: folder + "/script.ipynb")
    try Notebook().write(to: folder + "/empty.ipynb")
    let program = """
      import nbformat, sys, warnings
      warnings.simplefilter("error")
      for name in ["all", "script", "empty"]:
          path = sys.argv[1] + "/" + name + ".ipynb"
          notebook = nbformat.read(path, as_version=4)
          nbformat.validate(notebook)
          nbformat.write(notebook, path + ".again")
          assert open(path, "rb").read() == open(path + ".again", "rb").read(), name
      """
    let result = try PythonOracle.run(program, [folder])
    #expect(result.status == 0, "\(result.errors)")
  }
}
