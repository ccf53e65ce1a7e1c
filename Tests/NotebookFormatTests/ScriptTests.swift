import JSONFormat
import NotebookFormat
import TestTools
import Testing

@Suite struct ScriptTests {
  @Test func readsCellsTagsAndMarkdown() throws {
    let script = """
      import_free = 1

      # %% tags=["parameters"] name="first"
      x = 1
      # a comment


      # %% A title [markdown]
      # # Heading
      #
      # text
      #%% [raw]
      # raw
      # %%
      # %%time is a comment
      """
    let notebook = try Notebook(script: script)
    #expect(notebook.cells.map(\.kind) == [.code, .code, .markdown, .raw, .code])
    #expect(notebook.cells.map(\.id) == ["cell-1", "cell-2", "cell-3", "cell-4", "cell-5"])
    #expect(
      notebook.cells.map(\.source) == [
        "import_free = 1", "x = 1\n# a comment", "# Heading\n\ntext", "raw",
        "# %%time is a comment",
      ])
    #expect(notebook.cells[1].tags == ["parameters"])
    #expect(notebook.cells[1].metadata["name"]?.string == "first")
    #expect(notebook.cells[2].metadata["title"]?.string == "A title")
  }

  @Test func writesAsJupytextDoes() throws {
    var first = Cell(id: "a", kind: .code, source: "x = 1")
    first.tags = ["parameters"]
    first.metadata["collapsed"] = true
    let text = Cell(id: "b", kind: .markdown, source: "# Heading\n\ntext")
    #expect(
      Notebook(cells: [first, text]).scriptText == """
        # %% tags=["parameters"]
        x = 1

        # %% [markdown]
        # # Heading
        #
        # text

        """)
    #expect(Notebook().scriptText == "")
    #expect(try Notebook(script: "").cells.isEmpty)
  }

  @Test(arguments: Cell.Kind.allCases)
  func everySourceSurvives(kind: Cell.Kind) throws {
    let sources = [
      "", "a", "\nleading", "# %% not a marker", "# # %% x", "%% x", "#%%", "# # # %%%\n# %% y",
      "a\n\n\nb", "  indented\n\ttab", "# e\u{301}", "\u{301}", "text = \"\"\"\n# %%\n\"\"\"",
      "\"\"\"\nquoted\n\"\"\"", "👩🏽‍🔬\u{2028}x", "# ---", "%time x\n!ls\n?load",
    ]
    var cells: [Cell] = []
    for (index, source) in sources.enumerated() {
      cells.append(Cell(id: "c\(index)", kind: kind, source: source))
    }
    let read = try Notebook(script: Notebook(cells: cells).scriptText)
    #expect(read.cells.map(\.kind) == cells.map(\.kind))
    #expect(read.cells.map { Array($0.source.utf8) } == sources.map { Array($0.utf8) })
  }

  /// Notebooks of random pieces come back from a script with every byte of source, every tag and
  /// title.
  @Test func generatedNotebooksSurvive() throws {
    let pieces = [
      "# %%", "#%%", "# # %%", "%time x", "\n", "\n\n", " ", "\t", "x = 1", "\"\"\"", "'", "#",
      "# ",
      "é\u{301}", "\u{2028}", "👩🏽‍🔬", "[markdown]", "tags=[]", "{}", "\\", "!ls", "?", "# ---",
    ]
    var dice = SplitMix64(seed: 7)
    func text(_ most: Int) -> String {
      (0..<Int.random(in: 0...most, using: &dice)).map { _ in
        pieces.randomElement(using: &dice) ?? ""
      }
      .joined()
    }
    for _ in 0..<2000 {
      let cells = (0..<Int.random(in: 1...5, using: &dice)).map { index in
        var cell = Cell(
          id: "c\(index)", kind: Cell.Kind.allCases.randomElement(using: &dice) ?? .code,
          source: text(8))
        if Bool.random(using: &dice) { cell.tags = [text(2), "parameters"] }
        if Bool.random(using: &dice) { cell.metadata["title"] = .string(text(3)) }
        return cell
      }
      let script = Notebook(cells: cells).scriptText
      let read = try Notebook(script: script)
      #expect(read.cells.map(\.kind) == cells.map(\.kind))
      #expect(read.cells.map { Array($0.source.utf8) } == cells.map { Array($0.source.utf8) })
      #expect(read.cells.map(\.tags) == cells.map(\.tags))
      #expect(
        read.cells.map { $0.metadata["title"]?.string }
          == cells.map { $0.metadata["title"]?.string })
      #expect(read.scriptText == script)
    }
  }

  @Test func metadataSurvives() throws {
    let titles = ["plain words", "a=b c", "[markdown]", "{x}", " spaced ", "two  spaces", "x\ny"]
    for title in titles {
      var cell = Cell(id: "a", kind: .markdown, source: "t")
      cell.metadata["title"] = .string(title)
      cell.metadata["deep"] = ["k": [1, 2.5, "a b]\"{", .null, true]]
      cell.tags = ["one", "two words"]
      let read = try Notebook(script: Notebook(cells: [cell]).scriptText)
      #expect(read.cells.count == 1)
      #expect(read.cells.first?.metadata["title"]?.string == title)
      #expect(read.cells.first?.metadata["deep"] == cell.metadata["deep"])
      #expect(read.cells.first?.tags == ["one", "two words"])
    }
    var cell = Cell(id: "a", kind: .code, source: "t")
    cell.metadata["a key"] = 1
    cell.metadata["title"] = "words"
    let text = Notebook(cells: [cell]).scriptText
    #expect(text == "# %% words {\"a key\": 1}\nt\n")
    #expect(try Notebook(script: text).cells.first?.metadata["a key"]?.int == 1)
  }

  @Test func lineEndsAndHeadersOfOtherTools() throws {
    let header = "# ---\r\n# jupyter:\r\n#   jupytext:\r\n# ---\r\n\r\n# %%\r\nx = 1\r\ny = 2\r\n"
    let notebook = try Notebook(reading: [0xEF, 0xBB, 0xBF] + Array(header.utf8))
    #expect(notebook.cells.map(\.source) == ["x = 1\ny = 2"])
    let verbatim = try Notebook(
      script: "# %% [markdown]\nplain text\n# %% [md]\n\"\"\"\nin\n\"\"\"")
    #expect(verbatim.cells.map(\.source) == ["plain text", "in"])
  }

  @Test(arguments: [
    (
      "x\n# %% tags=['a']",
      "line 2: the value of tags on a cell's marker is not JSON: \"['a']\""
    ),
    (
      "# %% tags=\"a\"",
      "line 1: tags must be a list of strings, such as tags=[\"parameters\"]"
    ),
    ("# %% k=", "line 1: the value of k on a cell's marker is not JSON: \"\""),
    ("# %% {\"a\"", "line 1: the value of the cell on a cell's marker is not JSON: \"{\"a\"\""),
  ])
  func badMarkers(script: String, message: String) {
    #expect {
      try Notebook(script: script)
    } throws: {
      "\($0)" == message
    }
  }

  @Test func bytesThatAreNoTextAreRefused() {
    #expect {
      try Notebook(script: [0x61, 0x0A, 0xFF])
    } throws: {
      "\($0)" == "not a script: line 2 is not UTF-8"
    }
  }

  @Test func standardInputIsReadByItsFirstByte() throws {
    let json = Notebook(cells: [Cell(id: "a", kind: .code, source: "1")]).jupyterText
    #expect(try Notebook(reading: Array("\n \(json)".utf8)).cells.count == 1)
    #expect(try Notebook(reading: Array("x = {}".utf8)).cells.first?.source == "x = {}")
    #expect(try Notebook(reading: []).cells.isEmpty)
  }
}
