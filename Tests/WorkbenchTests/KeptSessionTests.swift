import Foundation
import Language
import TestTools
import Testing
import Workbench

/// `%save` and `%load`.
@Suite struct KeptSessionTests {
  /// Saves a session after some cells and gives another that has loaded it.
  private func reloaded(
    _ cells: [String], in folder: String, variables: String? = nil
  ) throws -> RecordingSession {
    let first = try RecordingSession()
    for cell in cells { _ = try first.run(cell) }
    _ = try first.run("%save \(folder)/kept")
    let second = try RecordingSession()
    _ = try second.run("%load \(folder)/kept")
    return second
  }

  @Test func keepsValuesOfEveryKind() throws {
    try withTemporaryFolder { folder in
      let second = try reloaded(
        [
          """
          n, i, f, s = None, -(2 ** 62), 0.1, "é\\n'"
          extremes = [float("nan"), float("inf"), -0.0, 1e300, 10.0, True]
          t = (1, (2, [3]), {})
          d = {1: "a", (2, 3): "b", None: [4], "x": range(1, 9, 3)}
          a, b, c = randn(2, 3, seed=1), arange(3), tensor([True, False])
          e = ones(0, 4)
          function = prune
          """
        ], in: folder)
      #expect(try second.run("[n, i, f, s]") == "[None, -4611686018427387904, 0.1, \"é\\n'\"]")
      #expect(try second.run("extremes") == "[nan, inf, -0.0, 1e+300, 10.0, True]")
      #expect(try second.run("t") == "(1, (2, [3]), {})")
      #expect(
        try second.run("d") == "{1: 'a', (2, 3): 'b', None: [4], 'x': range(1, 9, 3)}")
      #expect(try second.run("(a == randn(2, 3, seed=1)).all().item()") == "True")
      #expect(
        try second.run("[b.dtype, b.list(), c.dtype, c.list()]")
          == "['i64', [0, 1, 2], 'bool', [True, False]]")
      #expect(try second.run("e.shape") == "[0, 4]")
      #expect(try second.run("function is prune") == "True")
    }
  }

  @Test func whatWasSharedIsSharedAgain() throws {
    try withTemporaryFolder { folder in
      let second = try reloaded(
        ["a = [1]\nb = {'a': a}\na.append(a)\nx = zeros(2)\ny = [x, x]"], in: folder)
      #expect(
        try second.run("[b['a'] is a, a[1] is a, y[0] is x, y[1] is x]")
          == "[True, True, True, True]")
      #expect(try second.run("x[0] = 7\ny[1].list()") == "[7.0, 0.0]")
    }
  }

  @Test func keepsFunctionsByTheirSource() throws {
    try withTemporaryFolder { folder in
      let second = try reloaded(
        [
          """
          scale = 3
          if True:
              def f(x, y=scale):
                  "Adds."

                  return x + y  # the end
          g = [lambda x, *, k=2: x * k]
          def outer():
              n = 1
              return lambda: n
          inner = outer()
          wide = (lambda x:
              x + 1)
          scale = 100
          """
        ], in: folder)
      // Defaults are what they were when the function was made.
      #expect(try second.run("[f(1), g[0](4), g[0](4, k=3), outer()()]") == "[4, 8, 12, 1]")
      #expect(try second.run("wide(2)") == "3")
      #expect(try second.error("inner").message.hasPrefix("unknown name 'inner'"))
    }
  }

  /// A folder is data: what it says is a function is read as one and nothing of it runs.
  @Test(arguments: [
    "def f():\\n  pass\\n!touch ran", "save(ones(1), 'ran')", "def f():\\n  pass\\nx = 1", "1 +",
  ])
  func runsNothingOfAKeptFunction(source: String) throws {
    try withTemporaryFolder { folder in
      let first = try RecordingSession()
      _ = try first.run("def f():\n    pass\nx = 7")
      _ = try first.run("%save \(folder)/kept")
      let file = folder + "/kept/session.json"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let changed = text.replacing("def f():\\n    pass", with: source)
      #expect(changed != text)
      try changed.write(toFile: file, atomically: true, encoding: .utf8)
      let second = try RecordingSession()
      second.session.folder = folder
      _ = try second.run("%load kept/")
      #expect(try second.run("x") == "7")
      #expect(second.notices.last?.contains("not restored: f (its source cannot be read") == true)
      #expect(!FileManager.default.fileExists(atPath: folder + "/ran"))
    }
  }

  /// A model that a resumed run has put back is not that of its file.
  @Test func aRestoredModelIsKeptByItsWeights() throws {
    try withTemporaryFolder { folder in
      let first = try RecordingSession()
      first.session.folder = folder
      _ = try first.run(
        """
        text = tokens([[i % 90 for i in range(16)] for j in range(4)])
        m = load("\(fixturePath("models/llama-tied"))")
        r = finetune(m, text, steps=2, batch=2, lr=0.01, save="run")
        trained = loss(m, text).mean
        n = load("\(fixturePath("models/llama-tied"))")
        s = finetune(n, text, steps=2, batch=2, lr=0.01, save="run", resume="run")
        """)
      #expect(try first.run("loss(n, text).mean == trained") == "True")
      _ = try first.run("%save kept/")
      let second = try RecordingSession()
      second.session.folder = folder
      _ = try second.run("%load kept/")
      #expect(try second.run("loss(n, text).mean == trained") == "True")
    }
  }

  @Test func whatAUserPutIntoOutStaysThere() throws {
    try withTemporaryFolder { folder in
      let first = try RecordingSession()
      _ = try first.run("1")
      _ = try first.run("%save \(folder)/kept")
      let second = try RecordingSession()
      _ = try second.run("Out[9223372036854775807] = 'far'\nOut['a'] = 'b'\n5")
      _ = try second.run("%load \(folder)/kept")
      #expect(try second.run("[Out[9223372036854775807], Out['a'], Out[2]]") == "['far', 'b', 5]")
    }
  }

  @Test func namesWhatItCannotKeep() throws {
    try withTemporaryFolder { folder in
      let first = try RecordingSession()
      _ = try first.run("x = 1\nfig = heatmap(ones(2, 2))\nlines = [1, fig]\nup = 'a'.upper")
      _ = try first.run("%save \(folder)/kept")
      #expect(
        first.notices == [
          "not kept: fig (a figure has no form in a file), lines (a figure has no form in a file), "
            + "up (it is a method of a value)"
        ])
      #expect(first.printed.hasPrefix("saved 1 variable in "))
    }
  }

  @Test func keepsTheHistoryBeforeThatOfTheSession() throws {
    try withTemporaryFolder { folder in
      let first = try RecordingSession()
      for cell in ["x = 1", "x + 1"] { _ = try first.run(cell) }
      _ = try first.run("%save \(folder)/kept")
      let second = try RecordingSession()
      _ = try second.run("40 + 2")
      _ = try second.run("%load \(folder)/kept")
      #expect(try second.run("In[1:4]") == "['x = 1', 'x + 1', '40 + 2']")
      #expect(try second.run("Out[3]") == "42")
      _ = try second.run("5")
      #expect(try second.run("[len(In) - 1 == max(Out) + 1, Out[max(Out)]]") == "[True, 5]")
    }
  }

  private var model: String { fixturePath("models/llama-tied") }

  @Test func keepsModelsByTheirPathWithTheirMasks() throws {
    try withTemporaryFolder { folder in
      let second = try reloaded(
        [
          """
          m = load("\(model)")
          m.name = "teacher"
          s = mask(mask(m, heads=[(0, 1)]), channels=[2])
          wanted = logits(s, [[1, 2, 3]])
          under = logits(unmask(s), [[1, 2, 3]])
          """
        ], in: folder)
      #expect(!FileManager.default.fileExists(atPath: folder + "/kept/models"))
      #expect(try second.run("s")?.hasPrefix("teacher (1 head, 1 channel off): ") == true)
      #expect(try second.run("(logits(s, [[1, 2, 3]]) == wanted).all().item()") == "True")
      #expect(try second.run("(logits(unmask(s), [[1, 2, 3]]) == under).all().item()") == "True")
      // Views of one model share its weights again.
      let edit = "m.weights['model.norm.weight'][0] = 9\n"
      #expect(
        try second.run(edit + "s.weights['model.norm.weight'][0].item()") == "9.0")
    }
  }

  @Test func keepsChangedAndNewModelsByTheirWeights() throws {
    try withTemporaryFolder { folder in
      let second = try reloaded(
        [
          """
          m = load("\(model)")
          flat = m.weights["model.norm.weight"].reshape(-1)
          flat[[0]] = 5
          i = importance(m, tokens([[1, 2, 3, 4], [5, 6, 7, 8]]))
          student = prune(m, i, ffn=0.5)
          run = finetune(student, tokens([[1, 2, 3, 4], [5, 6, 7, 8]]), steps=2, batch=1)
          wanted = [logits(m, [[1, 2]]), logits(student, [[1, 2]])]
          """
        ], in: folder)
      #expect(
        try second.run(
          """
          [(logits(m, [[1, 2]]) == wanted[0]).all().item(),
           (logits(student, [[1, 2]]) == wanted[1]).all().item()]
          """) == "[True, True]")
      #expect(try second.run("student.provenance.updates") == "2")
      #expect(
        try second.run("[run.model.parameters == student.parameters, run.loss.shape]")
          == "[True, [2]]")
      #expect(try second.run("run.config['steps']") == "2")
      // The scores are as good as new ones.
      #expect(try second.run("prune(m, i, ffn=0.5).ffn == student.ffn") == "True")
    }
  }

  @Test func keepsTokensTablesAndLosses() throws {
    try withTemporaryFolder { folder in
      let cell = """
        m = load("\(model)")
        d = tokens([[1, 2, 3], [4, 5, 6]])
        l = loss(m, d)
        c = compare(m, mask(m, heads=[(0, 0)]), tokens=d)
        """
      let first = try RecordingSession()
      _ = try first.run(cell)
      let shown = try first.run("[d.list(), l.mean, l.stderr, c['loss']]")
      let text = try first.run("c")
      let second = try reloaded([cell], in: folder)
      #expect(try second.run("[d.list(), l.mean, l.stderr, c['loss']]") == shown)
      #expect(try second.run("c") == text)
    }
  }

  @Test func aModelThatIsGoneIsNamedAndTheRestRestored() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.copyItem(atPath: model, toPath: folder + "/model")
      let first = try RecordingSession()
      _ = try first.run("m = load('\(folder)/model')\nx = [m, 1]\ny = 3")
      _ = try first.run("%save \(folder)/kept")
      try FileManager.default.removeItem(atPath: folder + "/model")
      let second = try RecordingSession()
      _ = try second.run("%load \(folder)/kept")
      #expect(second.notices.count == 1)
      #expect(second.notices[0].hasPrefix("not restored: m ("))
      #expect(second.notices[0].contains("/model is no longer there), x ("))
      #expect(try second.run("y") == "3")
    }
  }

  @Test(arguments: [
    ("", "the index is empty"), ("{", "half an index"), ("[1]", "no object"),
    ("{\"kind\": \"pare.session\"}", "nothing in it"),
    (
      """
      {"kind": "pare.session", "version": 2, "variables": {}, "history": [], "values": [],
      "checkpoints": []}
      """, "a later version"
    ),
  ])
  func aDamagedIndexIsOneError(index: String, what: String) throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/kept", withIntermediateDirectories: true)
      try index.write(toFile: folder + "/kept/session.json", atomically: true, encoding: .utf8)
      let error = try RecordingSession().error("%load \(folder)/kept")
      #expect(error.message.contains("/kept/session.json: "), "\(what): \(error.message)")
    }
  }

  @Test(arguments: [
    "{\"value\": 7}", "{\"value\": -1}", "{}", "[]", "{\"value\": 0}", "{\"value\": 1}",
    "{\"value\": 2}", "{\"value\": 3}", "{\"value\": 4}", "{\"value\": 5}", "{\"value\": 6}",
  ])
  func damagedValuesChangeNothing(reference: String) throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/kept", withIntermediateDirectories: true)
      let values = """
        [{"type": "tensor", "elements": "t0"}, {"type": "list"}, {"type": "shape"},
        {"type": "tuple", "items": [{"value": 3}]},
        {"type": "model", "checkpoint": 0, "masks": []},
        {"type": "importance", "file": 3}, {"type": "dict", "entries": [[[], 1]]}]
        """
      let index = """
        {"kind": "pare.session", "version": 1, "history": [], "variables": {"a": 1, "x": \(reference)},
        "values": \(values), "checkpoints": []}
        """
      try index.write(toFile: folder + "/kept/session.json", atomically: true, encoding: .utf8)
      let recorded = try RecordingSession()
      _ = try recorded.error("%load \(folder)/kept")
      #expect(try recorded.error("a").message.hasPrefix("unknown name 'a'"))
    }
  }

  @Test func refusesWhatIsNoPlaceForASession() throws {
    try withTemporaryFolder { folder in
      let recorded = try RecordingSession()
      try "x".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
      #expect(try recorded.error("%save \(folder)").message.contains("holds something else"))
      #expect(try recorded.error("%save \(folder)/file").message.contains("is a file"))
      #expect(try recorded.error("%load \(folder)").message.contains("holds no session"))
      #expect(
        try recorded.error("%load \(folder)/none").message.contains("there is no such session"))
      #expect(try recorded.error("%save ..").message.contains("give a session a plain name"))
      #expect(try recorded.error("%save").message.contains("%save needs the name of a session"))
      // Saving again replaces the session whole.
      _ = try recorded.run("x = ones(3)\n%save \(folder)/kept")
      _ = try recorded.run("del x\ny = 1\n%save \(folder)/kept")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/kept")
      #expect(names == ["session.json"])
    }
  }
}
