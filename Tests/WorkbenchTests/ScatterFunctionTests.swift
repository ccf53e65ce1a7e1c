import Foundation
import Testing

/// scatter and pareto at the prompt.
@Suite struct ScatterFunctionTests {
  @Test func seriesAndLabels() throws {
    let recording = try RecordingSession()
    #expect(
      try recording.run("scatter([1, 2, 3], [3, 1, 2], labels=[\"a\", \"b\", \"c\"])")
        == "figure: scatter plot of 3 points")
    #expect(
      try recording.run(
        "scatter({\"u\": [1, 2], \"v\": [5]}, {\"u\": [1, 2], \"v\": [3]}, title=\"T\", log=\"x\")")
        == "figure: T (scatter plot of 3 points)")
    #expect(
      try recording.run(
        "scatter(arange(3), {\"u\": ones(3), \"v\": zeros(3)}, log=True, front=True)")
        == "figure: scatter plot of 2 points")
  }

  @Test(arguments: [
    ("scatter([1], [1, 2])", "a series has 1 x values for 2 y values"),
    ("scatter([1], [1], labels=[])", "a series has 0 labels for 1 points"),
    ("scatter({\"a\": [1]}, {\"b\": [1]})", "scatter: x has nothing for the series 'b'"),
    ("scatter([1], [1], log=3)", "log is True, False, \"x\", \"y\" or \"both\", not 3"),
    ("scatter([[1]], [1])", "x is numbers in one row, not shape [1, 1]"),
    ("pareto([1])", "a table"),
  ])
  func refusals(_ source: String, _ reason: String) throws {
    let error = try RecordingSession().error(source)
    #expect(error.message.contains(reason))
  }

  @Test func rowsOfATable() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/models/llama-tied.gguf").standardized.path
    let recording = try RecordingSession()
    _ = try recording.run("model = load(\"\(path)\")\ndata = tokens(list(range(64)), length=16)")
    _ = try recording.run("table = compare(model, mask(model, layers=[0]), tokens=data)")
    #expect(try recording.run("pareto(table)") == "figure: scatter plot of 2 points")
    #expect(
      try recording.run("pareto(table, x=\"kl\", y=\"bytes\", label=\"name\", title=\"T\")")
        == "figure: T (scatter plot of 2 points)")
    let missing = try recording.error("pareto(table, x=\"size\")")
    #expect(missing.message.contains("the table has no column 'size'"))
    let words = try recording.error("pareto(table, y=\"name\")")
    #expect(
      words.message.contains("pareto needs numbers in the column 'name', and row 0 has a string"))
  }
}
