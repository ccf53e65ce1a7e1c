import Testing
import Workbench

@Suite struct ValueTests {
  @Test(arguments: [
    ("tensor([[1, 2], [3, 4]]).shape", "[2, 2]"),
    ("(tensor([[1., 2.], [3., 4.]]) @ tensor([[1.], [1.]])).list()", "[[3.0], [7.0]]"),
    ("tensor([1, 2, 3]).sum().item()", "6"),
    ("(tensor([1., 2.]) * 2 + 1).list()", "[3.0, 5.0]"),
    ("arange(5)[1:4].list()", "[1, 2, 3]"),
    ("tensor([[1., 5.], [7., 2.]]).argmax(axis=1).list()", "[1, 0]"),
    ("tensor([3., 1.]).mean().item()", "2.0"),
    ("float(tensor([2.5]))", "2.5"),
    ("len(zeros(4, 2))", "4"),
  ])
  func tensors(source: String, text: String) throws {
    #expect(try RecordingSession().run(source) == text)
  }

  @Test func shapesThatDoNotMatchAreNamed() throws {
    let error = try RecordingSession().error("a = zeros(2, 3)\nb = zeros(4, 5)\nc = a @ b")
    #expect(error.message.contains("[2, 3]"))
    #expect(error.message.contains("[4, 5]"))
    #expect(error.rendered.contains("cell 1, line 3:  c = a @ b"))
  }

  @Test func jsonGoesBothWays() throws {
    try withTemporaryFolder { folder in
      let recorded = try RecordingSession()
      recorded.session.folder = folder
      #expect(
        try recorded.run("print(json({'a': [1, 2.0, None, True], 'b': 'ü\"'}))") == nil)
      #expect(recorded.printed == "{\"a\": [1, 2.0, null, true], \"b\": \"ü\\\"\"}\n")
      try recorded.printed.write(toFile: folder + "/v.json", atomically: true, encoding: .utf8)
      #expect(
        try recorded.run("read_json('v.json')") == "{'a': [1, 2.0, None, True], 'b': 'ü\"'}")
      #expect(try recorded.error("read_json('w.json')").message.contains("w.json"))
      #expect(try recorded.error("json(print)").message.isEmpty == false)
    }
  }

  @Test func tensorsAreSavedAndLoaded() throws {
    try withTemporaryFolder { folder in
      let recorded = try RecordingSession()
      recorded.session.folder = folder
      _ = try recorded.run("save(tensor([[1., 2.]]), 'a.npy')")
      #expect(try recorded.run("load('a.npy').list()") == "[[1.0, 2.0]]")
      _ = try recorded.run("save({'w': ones(2), 'i': arange(2)}, 'd.safetensors')")
      #expect(
        try recorded.run("d = load('d.safetensors')\n[d['w'].list(), d['i'].list()]")
          == "[[1.0, 1.0], [0, 1]]")
      #expect(try recorded.error("save(ones(2), 'a.txt')").message.contains(".npy"))
      #expect(try recorded.error("save(3, 'a.npy')").message.contains("cannot be saved"))
    }
  }

  @Test func figuresShowAsTextAndPicture() throws {
    let recorded = try RecordingSession()
    let source = "heatmap([[1., 2.], [3., 4.]], title='Scores')"
    guard case .finished(let display?) = recorded.session.executeForDisplay(source) else {
      throw Stopped()
    }
    #expect(display.text == "figure: Scores (heatmap of 2 × 2)")
    #expect(display.figure != nil)
    #expect(try recorded.error("line(3)").message.contains("y is numbers in one row, not an int"))
  }
}
