import Figures
import Foundation
import TestTools
import Testing
import Workbench

/// The functions that make figures, and what a user may ask of them wrongly.
@Suite struct FigureFunctionTests {
  @Test(arguments: [
    (
      "heatmap([[1, 2], [3, 4]], rows=['a', 'b'], columns=['c', 'd'], log=True)", "heatmap of 2 × 2"
    ),
    ("heatmap([1.0, 2.0], mask=[True, False], limits=(0, 3))", "heatmap of 1 × 2"),
    (
      "line([1, 2, 3], error=[0.1, 0.2, 0.3], marks=[1], reference=2.5, log='x', x=[1, 2, 3])",
      "line plot of 1 series"
    ),
    (
      "line({'a': [1, 2], 'b': [2, 3]}, error={'a': [1, 1], 'b': [0, 1]}, reference={'t': 2})",
      "line plot of 2 series"
    ),
    ("bar({'a': 1, 'b': 2.5}, error={'a': 0.1, 'b': 0.2})", "bar plot of 2 × 1"),
    ("bar({'x': [1, 2], 'y': [3, 4]}, labels=['a', 'b'], horizontal=True)", "bar plot of 2 × 2"),
    ("bar(tensor([1, 2, 3]))", "bar plot of 3 × 1"),
    ("histogram(randn(3, 4, seed=1), bins=5)", "histogram of 12 values in 5 bins"),
    (
      "histogram({'a': [1, 2], 'b': [3.0]}, bins=2, density=True)",
      "histogram of 3 values in 2 bins"
    ),
    ("scatter([1, 2], [3, 4], log='both', xlim=(0.5, 3))", "scatter plot of 2 points"),
    (
      "line({'a': [1, 2], 'b': [2, 3]}, error={'a': [1, 1]}, marks={'b': [1]})",
      "line plot of 2 series"
    ),
    ("grid([line([1, 2]), heatmap([[1]])], columns=1)", "grid of 2 panels"),
    ("grid([line([1, 2]), line([3, 4])], share=['x', 'y'], letters=False)", "grid of 2 panels"),
    ("depth_map([[1.0, 2.0], [3.0, float('nan')]])", "heatmap of 2 × 2"),
    ("line([1, 2], xlim=(5, 0), ylim=(None, 3), marks=False)", "line plot of 1 series"),
    ("line([1, 2], error=0.5, marks=True)", "line plot of 1 series"),
    ("line([1, 2], marks=[])", "line plot of 1 series"),
    ("bar({'a': 1, 'b': 2.5}, error=0.1)", "bar plot of 2 × 1"),
    ("heatmap([[1, 2]], limits=(0, None))", "heatmap of 1 × 2"),
    (
      "bar({'m': {'ARC': 1, 'PIQA': 2}, 'n': {'ARC': 3}}, error={'m': {'ARC': 0.1}})",
      "bar plot of 2 × 2"
    ),
    ("line([1, None, 3])", "line plot of 1 series"),
    ("pareto([{'parameters': 1, 'loss': 2.5}, {'parameters': 2}])", "scatter plot of 1 point"),
    ("table_figure([{'a': 1}, {'b': 2}])", "table of 2 × 2"),
    (
      "grid([heatmap([[1], [2]], rows=['a', 'b']), bar({'a': 1, 'b': 2}, horizontal=True)], share='y')",
      "grid of 2 panels"
    ),
  ])
  func makesFigures(source: String, summary: String) throws {
    let recorded = try RecordingSession()
    let text = try #require(try recorded.run(source))
    #expect(text.hasSuffix("(\(summary))") || text == "figure: \(summary)", "\(text)")
  }

  @Test(arguments: [
    ("heatmap([[1, 2]], rows=['a', 'b'])", "rows has 2 names for 1 place"),
    ("heatmap([[1, 2]], mask=[1, 0])", "mask takes truth values of the matrix's shape"),
    ("heatmap([[1, 2]], limits=(2, 1))", "limits are the lower value of the colours first"),
    ("bar({'a': 1e308, 'b': -1e308})", "too large to draw"),
    ("bar([1, 2], xlim=(0, 1))", "xlim is for an axis of numbers"),
    ("grid([line([1, 2]), line([1, 2], log=True)], share='y')", "one is logarithmic"),
    ("heatmap([[1, 2]], colors='viridi')", "viridis"),
    ("heatmap(zeros(0, 3))", "at least one row and one column"),
    ("heatmap([[0.0, -1.0]], log=True)", "is finite and positive"),
    ("line([])", "the row of numbers is empty"), ("line({})", "the dict is empty"),
    ("line([1, 2], error=[1])", "1 errors for 2 values"),
    ("line({'a': [1, 2]}, error={'aa': [1, 1]})", "which is no series; did you mean 'a'?"),
    ("line([1, 2], xlim=(2, 2))", "xlim: the limits are two numbers apart, not 2.0 and 2.0"),
    ("line([1, 2], xlim=(2, 'a'))", "xlim is two numbers, either of them None, not (2, 'a')"),
    ("line([1, 2], ylim=(float('inf'), None))", "numbers of at most 1e+300, not inf"),
    ("line([1, 2], error='a')", "error: a tensor holds numbers, not a string"),
    ("line([1, 2], error=[[1, 2]])", "error is numbers in one row, not shape [1, 2]"),
    ("line([1, 2], marks=3)", "marks are numbers in one row, True or False, not an int"),
    ("line([1, 2], reference={'a': 'b'})", "and has a string for 'a'"),
    ("bar({'a': [1, 2], 'b': [1]})", "'b'"),
    (
      "line([1, 2], log=True, ylim=(-1, 5))", "ylim: a logarithmic axis has numbers above 0, not -1"
    ),
    ("line({'a': [1, 2]}, name='b')", "name is for a single curve"),
    ("line('abc')", "y: a tensor holds numbers, not a string"),
    ("line([1, 2, 3], x=[10, 20, 30]).add([1, 2])", "x is missing: y has 2 values"),
    ("bar({'a': {'x': 1}, 'b': {'x': 'y'}})", "values has a string for 'x'"),
    ("bar({'a': 1}, labels=['x'])", "a dict of numbers brings its own names"),
    ("bar({'a': 1}, error={'aa': 1})", "error has 'aa', which is no bar; did you mean 'a'?"),
    ("bar([1, 2], labels='ab')", "labels must be a list of names, not a string"),
    ("scatter([1], [2], labels='a')", "labels are a list of names, not a string"),
    ("heatmap([[1, 1e39]])", "matrix has 1e+39, and a heatmap's values are f32"),
    ("heatmap('abc')", "matrix: a tensor holds numbers, not a string"),
    ("heatmap([[1, 2]], limits=(1, 1))", "limits: the limits are two numbers"),
    ("pareto([])", "table has no rows to draw"),
    ("pareto([{'a': 1}])", "the table has no column 'parameters'; it has a"),
    ("pareto([{'parameters': 1, 'loss': 2}], reference={'a': 3})", "reference has 3 for 'a'"),
    ("table_figure([{'a': 1}], digits=-1)", "digits is 0 to 15, not -1"),
    ("stability_plot({})", "stability has nothing to draw"), ("line({})", "the dict is empty"),
    ("latex([])", "table has no columns"),
    ("line([1, 5], ylim=(1, 1.0000000000000002))", "two numbers apart"),
    ("save(line([1, 2]), '')", "path is empty"),
    (
      "grid([heatmap([[1, 2]]), heatmap([[1, 2]], log=True)], share='colors')",
      "the same scale: one is logarithmic"
    ),
    ("heatmap([[1, 2]], center=0, limits=(0, 1))", "a center or limits, not both"),
    ("pareto([{'loss': 1, 'parameters': 2}, 3])", "table: a table is made of dicts, and item 1 is"),
    ("table_figure([{1: 2}])", "the columns of a table are strings, and row 0 has an int"),
    (
      "grid([heatmap([[1], [2]]), heatmap([[1], [2], [3]])], share='y')",
      "not the same stands along it"
    ),
    (
      "grid([line([1, 2]), line([1, 2], ylim=(2, 0))], share='y')", "one runs backward"
    ),
    ("line([1, 2], log='z')", "\"both\", not 'z'"),
    ("line([1, 2], reference='a')", "a number or a dict"),
    ("line({'a': [1]}, x={'b': [1]})", "x names 'b', which is no series"),
    ("line([float('nan')])", "nothing to draw"), ("bar([])", "empty"),
    ("bar([1, 2], labels=['a'])", "2 values, and the names are 1"),
    ("histogram([])", "has no values"), ("histogram([1, 2], bins=-1)", "1 to 2000 bins"),
    ("grid([1])", "item 0 is an int"), ("grid([])", "at least one figure"),
    ("grid([line([1])], share='z')", "panels share 'x', 'y' or 'colors', not 'z'"),
    ("overview([1])", "an importance"), ("shapes(1)", "a model"),
    ("stability_plot(3)", "what .stability(axis) gives"),
    ("depth_map([[1, 2]])", "block=\"all\""), ("table_figure(1)", "a table"),
    ("theme('papr')", "paper"), ("heatmap([[1]]).add([1])", "add() is for line plots"),
    ("line([1, 2]).nothing = 3", "may be set"),
  ])
  func mistakesAreExplained(source: String, message: String) throws {
    let error = try RecordingSession().error(source)
    #expect(error.message.contains(message), "\(error.message)")
  }

  /// Data that once trapped, hung or drew the wrong way.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "line([1, float('nan'), 3], error=[0.1, 0.1, 0.1])",
      "line([1, 2, 3], error=[0.1, float('inf'), 0.1])",
      "line([1, 10, 10], smooth=0.9, error=[0.1, 9, 9], log=True)",
      "line([3, 1e6, 2.9, 2.8], ylim=(2, 4))",
      "line([1e299, 1e300, -1e300], x=[1, 2, 1e200])", "histogram([1e299, 2e299])",
      "scatter([1, 2, 3], [3, 2, 1], front=True, xlim=(4, 0), ylim=(4, None))",
      "bar([0, 0, 0])", "line([1e-320, 3e-320])",
      "histogram([1.0, 1.0000000000000002, 1.0000000000000004], log=True, density=True)",
      "line(range(3000), xlim=(3000, 0), error=5, smooth=0.9)",
      "bar({'a': [1e30, 1], 'b': [1e30, 2], 'c': [1e30, 2]}, ylim=(0, 1))",
      "heatmap(rand(300, 3000, seed=1), mask=rand(300, 3000, seed=2) > 0.5)",
      "scatter(randn(100000, seed=1), randn(100000, seed=2))",
      "line(randn(200000, seed=1), error=rand(200000, seed=2))",
    ])
  func awkwardDataAreDrawn(source: String) throws {
    try withTemporaryFolder { folder in
      let recorded = try RecordingSession()
      recorded.session.folder = folder
      _ = try recorded.run("f = \(source)")
      for ending in ["png", "pdf", "svg"] {
        _ = try recorded.run("save(f, 'a.\(ending)', dpi=100)")
      }
      let pdf = try Data(contentsOf: URL(fileURLWithPath: folder + "/a.pdf"))
      #expect(pdf.count < 4_000_000)
    }
  }

  @Test func aCurveIsAddedLater() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("f = line({'first': [1, 2]}, title='Loss')")
    #expect(
      try recorded.run("f.add([2, 3], 'second')") == "figure: Loss (line plot of 2 series)")
    _ = try recorded.run("f.title = 'Both'")
    #expect(try recorded.run("[f.title, f.xlabel]") == "['Both', '']")
    #expect(try recorded.run("f") == "figure: Both (line plot of 2 series)")
  }

  @Test func filesAreWhatTheirEndingsSay() throws {
    try withTemporaryFolder { folder in
      let recorded = try RecordingSession()
      recorded.session.folder = folder
      _ = try recorded.run(
        """
        f = line([1, 2, 3], title="T")
        save(f, "a.png", width="column", dpi=100)
        save(f, "a.pdf", width="page", theme="serif")
        save(f, "a.SVG", width=4, height=3, theme=None)
        theme("dark")
        save(f, "b.png", width="column", dpi=100)
        """)
      func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
      }
      #expect(Array(try bytes("a.pdf").prefix(5)) == Array("%PDF-".utf8))
      let svg = String(decoding: try bytes("a.SVG"), as: UTF8.self)
      #expect(svg.contains("width=\"288pt\"") && svg.contains("<title>T</title>"))
      #expect(svg.contains("<dc:creator>Pare "))
      let (paper, dark) = (try bytes("a.png"), try bytes("b.png"))
      // 3.35 inches at 100 dots.
      #expect(paper[16..<20].elementsEqual([0, 0, 1, 79]))
      #expect(paper != dark)
      #expect(try recorded.run("theme()") == "'dark'")
      for (path, message) in [
        ("a.pgn", "did you mean 'png'?"), ("a", "has no ending"), ("none/a.png", "none"),
      ] {
        let error = try recorded.error("save(f, '\(path)')")
        #expect(error.message.contains(message), "\(error.message)")
      }
      #expect(try recorded.error("save(f, 'x.png', width='colum')").message.contains("column"))
      // Letters that the theme's type lacks are no reason to warn; those that no font has are.
      _ = try recorded.run("save(line([1, 2], title='α → ☃ \u{1D400} $م$'), 'a.pdf')")
      #expect(recorded.notices.isEmpty, "\(recorded.notices)")
      _ = try recorded.run("save(line([1, 2], title='a \u{F0000}\u{F0000}'), 'a.png')")
      #expect(
        recorded.notices.count == 1
          && recorded.notices[0].contains("no installed font has '\u{F0000}': a box"))
      #expect(try recorded.error("save(f, 'x.png', width=0)").message.contains("wide, not 0.0"))
      #expect(try recorded.error("save(1, 'x.png', theme='dark')").message.contains("theme="))
    }
  }

  /// A user is told what a figure could not show.
  @Test(arguments: [
    (
      "scatter([1] * 30, [2] * 30, labels=['a long label'] * 30)",
      "no room beside their points for the labels \"a long label\""
    ),
    ("heatmap(rand(40, 400, seed=1), annotate=True)", "the cells are too small for their values"),
    ("heatmap(rand(2, 400, seed=1), columns=['name'] * 400)", "of 400 names below the plot"),
    ("line([1, 2], title='\u{5E9}\u{5DC}\u{5D5}\u{5DD}')", "is drawn from left to right"),
    ("line([1, 2], title='$\\\\foo$')", "\\foo is not known"),
    ("grid([line([1, 2]), heatmap(rand(90, 90, seed=1), annotate=True)])", "panel b: the cells"),
  ])
  func omissionsAreTold(source: String, notice: String) throws {
    try withTemporaryFolder { folder in
      let recorded = try RecordingSession()
      recorded.session.folder = folder
      _ = try recorded.run("save(\(source), 'a.png', width='column')")
      #expect(recorded.notices.count == 1)
      #expect(recorded.notices.first?.contains(notice) == true, "\(recorded.notices)")
    }
  }

  /// What is left out of a picture, or asked for in vain, is told when it is made.
  @Test(arguments: [
    (
      "pareto([{'name': 'T', 'parameters': 2, 'loss': 0}, {'name': 'S', 'parameters': 1, 'loss': 1}], log='y')",
      "the row 'T' is left out: its loss is 0.0, and the axis is logarithmic"
    ),
    ("line([1, 2], marks=[7])", "marks: no curve has a point at 7.0"),
    ("heatmap([[1, 2]], limits=(None, 0.5))", "nothing of the data lies within limits"),
  ])
  func whatIsAskedInVainIsTold(source: String, notice: String) throws {
    let recorded = try RecordingSession()
    _ = try recorded.run(source)
    #expect(recorded.notices.count == 1)
    #expect(recorded.notices.first?.contains(notice) == true, "\(recorded.notices)")
  }

  /// The legend names what was named.
  @Test func namesAreInTheLegend() throws {
    for (source, names) in [
      ("line([1, 2], name='one')", ["one"]), ("line({'a': [1, 2]})", ["a"]), ("line([1, 2])", nil),
      ("line([1, 2], name='one').add([2, 3], 'two')", ["one", "two"]),
    ] as [(String, [String]?)] {
      guard case .finished(let display) = try RecordingSession().session.executeForDisplay(source),
        let figure = display?.figure
      else { throw Stopped() }
      #expect(try figure.layout().boxes.first { $0.name == "legend" }?.text == names, "\(source)")
    }
  }

  @Test func limitsWithoutDataAreTold() throws {
    let recorded = try RecordingSession()
    _ = try recorded.run("line([1, 2, 3], xlim=(5, 6))")
    #expect(recorded.notices.count == 1)
    #expect(
      recorded.notices.first?.contains(
        "nothing of the data lies within xlim: they reach from 0.0 to 2.0")
        == true)
  }

  /// Numbers of lists are drawn as they are, not as f32 has them.
  @Test func largeNumbersAreNotMissing() throws {
    let recorded = try RecordingSession()
    guard
      case .finished(let display) = recorded.session.executeForDisplay(
        "line({'a': [1e200, 2e200], 'b': [1e200, 1.5e200]})"),
      let figure = display?.figure
    else { throw Stopped() }
    let legend = try figure.layout().boxes.first { $0.name == "legend" }
    #expect(legend?.text == ["a", "b"])
  }

  /// What scores are of is noted where they are made, and where they are loaded.
  @Test func figuresNoteTheirScores() throws {
    try withTemporaryFolder { folder in
      let recorded = try RecordingSession()
      try recorded.prepareSmallModel()
      _ = try recorded.run("save(s, '\(folder)/s.safetensors')")
      let other = try RecordingSession()
      #expect(!other.session.figureStyle.metadata.contains { $0.keyword == "Scores" })
      _ = try other.run("load('\(folder)/s.safetensors')")
      for session in [recorded.session, other.session] {
        let note = session.figureStyle.metadata.first { $0.keyword == "Scores" }?.text
        #expect(note == "importance of llama-tied on 8 windows of 16")
      }
    }
  }

  @Test func readyMadeFiguresOfAModel() throws {
    let recorded = try RecordingSession()
    try recorded.prepareSmallModel()
    _ = try recorded.run("depth = layer_importance(m, data, block='all')")
    #expect(try recorded.run("overview(s)")?.contains("grid of 4 panels") == true)
    #expect(try recorded.run("shapes(m, small)")?.contains("shapes of ") == true)
    #expect(try recorded.run("depth_map(depth)")?.contains("Blocks of layers") == true)
    #expect(
      try recorded.run("stability_plot(s.stability('neurons', resamples=20))")?.contains(
        "line plot of 1 series") == true)
    #expect(
      try recorded.run(
        "stability_plot({a: s.stability(a, resamples=20) for a in ['neurons', 'channels']})")?
        .contains("line plot of 2 series") == true)
    #expect(try recorded.run("table_figure(t)")?.contains("table of 2 × 7") == true)
    #expect(
      try recorded.run("pareto(t, reference={'other': (1000, 3.0)})")?.contains(
        "scatter plot of 3 points") == true)
    // What is above and below a chance ranking lies between 0 and 1.
    #expect(
      try recorded.run(
        "all([0 <= l and l <= x and x <= h and h <= 1 for k, x, l, h in s.stability('neurons', resamples=20).levels])"
      ) == "True")
    let source = try #require(
      try recorded.run("latex(t, columns={'name': 'A_b', 'kl': 'KL'}, caption='50 %', label='t')"))
    for part in [
      "\\\\begin{tabular}{lr}", "A\\\\_b & KL \\\\\\\\", "\\\\toprule", "\\\\caption{50 \\\\%}",
      "\\\\label{t}", "& 0.000",
    ] {
      #expect(source.contains(part), "\(part) in \(source)")
    }
    #expect(
      try recorded.error("latex(t, columns=['lss'])").message.contains("did you mean 'loss'?"))
  }
}
