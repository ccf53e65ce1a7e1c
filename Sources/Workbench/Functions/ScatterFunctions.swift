import Figures
import Language

extension Session {
  /// scatter, pareto.
  var scatterFunctions: [BuiltinFunction] {
    [
      function(
        "scatter",
        """
        x, y, labels=None, title="", xlabel="", ylabel="", log=False, front=False, xlim=None, ylim=None
        """,
        "Points on two axes of numbers, of one series or of a dict of them.",
        text:
          "x, y: numbers; y, and x and labels too where they differ, may be dicts by the series' "
          + "names. labels: a string for each point, written where there is room. log: True or \"both\" "
          + "for both axes, \"x\" or \"y\" for one. front draws the Pareto front, smaller being better "
          + "on both axes, and the other points faint.",
        example: "scatter(table[\"parameters\"], table[\"loss\"], labels=table[\"name\"])"
      ) { [unowned self] in try scatter($0) },
      function(
        "pareto",
        """
        table, x="parameters", y="loss", label=None, reference=None, title="", xlabel="", \
        ylabel="", log=False, xlim=None, ylim=None
        """,
        "The rows of a table as points, with the front of those that no other beats.",
        text:
          "table: what compare gives, or a list of dicts. x, y: columns of numbers, "
          + "smaller being better; rows whose numbers are not finite or "
          + "None are left out. label: the column by which the points on the front are labelled, by default "
          + "name, else the row's number. reference: points to compare with, such as published models, "
          + "grey and no part of the front: a dict of (x, y) by name, a table or a list of "
          + "dicts. log: as in scatter.",
        example: "pareto(compare(teacher, a, b, tokens=data))"
      ) { [unowned self] in try pareto($0) },
    ]
  }

  private func scatter(_ arguments: BoundArguments) throws -> Value {
    let (x, labels) = (arguments.value("x"), arguments.value("labels"))
    var series: [ScatterPlot.Series] = []
    if case .dict(let dict) = arguments.value("y") {
      for (key, value) in dict.entries {
        series.append(
          try ScatterPlot.Series(
            name: try key.text(),
            x: try row(try part(of: x, key, "x", of: "scatter"), called: "x of '\(key.text())'"),
            y: try row(value, called: "y of '\(key.text())'"),
            labels: try Self.labels(try part(of: labels, key, "labels", of: "scatter"))))
      }
    } else {
      series = [
        try ScatterPlot.Series(
          x: try row(x, called: "x"), y: try row(arguments.value("y"), called: "y"),
          labels: try Self.labels(labels))
      ]
    }
    let plot = try ScatterPlot(
      series: series, log: try arguments.logAxes("log", both: .both),
      front: try arguments.bool("front"))
    return try figure(.scatter(plot), arguments)
  }

  private static func labels(_ value: Value) throws -> [String]? {
    if value.isNone { return nil }
    guard value.asString == nil, let labels = try? value.elements() else {
      throw LanguageError("labels are a list of names, not \(value.typePhrase)")
    }
    return try labels.map { $0.isNone ? "" : try $0.text() }
  }

  private func pareto(_ arguments: BoundArguments) throws -> Value {
    let table = try arguments.table("table")
    let (x, y) = (try arguments.string("x"), try arguments.string("y"))
    guard !table.rows.isEmpty else { throw LanguageError("table has no rows to draw") }
    let points = try zip(column(x, of: table), column(y, of: table)).map { ($0, $1) }
    var label = try arguments.optionalString("label")
    if label == nil, table.columns.contains("name") { label = "name" }
    let names =
      try label.map { try table.item(.string($0)).elements().map { try $0.text() } }
      ?? table.rows.indices.map { "\($0)" }
    let log = try arguments.logAxes("log", both: .both)
    warnOfLogarithms(points, names, log, x: x, y: y)
    let plot = try ScatterPlot(
      pareto: points, names: names, comparison: try comparison(arguments, x: x, y: y), log: log)
    func axis(_ column: String) -> String {
      let nats = ["loss": "loss", "kl": "KL to the teacher"]
      return nats[column].map { "\($0) (nats per token)" } ?? column
    }
    return try figure(
      .scatter(plot), arguments, xLabel: axis(x), yLabel: axis(y))
  }

  /// Says which rows a logarithmic axis has no place for: the front is then without them.
  private func warnOfLogarithms(
    _ points: [(Double, Double)], _ names: [String], _ log: LogAxes, x: String, y: String
  ) {
    for (point, name) in zip(points, names) {
      for (value, column, isLogarithmic) in [
        (point.0, x, log == .x || log == .both), (point.1, y, log == .y || log == .both),
      ] where isLogarithmic && value <= 0 {
        interpreter.warn(
          "the row '\(name)' is left out: its \(column) is \(value), and the axis is logarithmic")
      }
    }
  }

  /// The points to compare with, each named.
  private func comparison(
    _ arguments: BoundArguments, x: String, y: String
  ) throws -> ScatterPlot.Series? {
    var (xs, ys, names): ([Double], [Double], [String]) = ([], [], [])
    switch arguments.value("reference") {
    case .none: return nil
    case .dict(let dict):
      for (key, value) in dict.entries {
        let pair = (try? value.elements().map(\.asDouble)) ?? []
        guard pair.count == 2, let first = pair[0], let second = pair[1] else {
          throw LanguageError(
            "reference has \(try value.representation()) for '\(try key.text())', not a pair (x, y)"
          )
        }
        xs.append(first)
        ys.append(second)
        names.append(try key.text())
      }
    default:
      let table = try arguments.table(
        "reference", expected: "a dict of pairs (x, y) by name, a table or a list of dicts")
      (xs, ys) = (try column(x, of: table), try column(y, of: table))
      names =
        table.columns.contains("name")
        ? try table.item(.string("name")).elements().map { try $0.text() } : xs.map { _ in "" }
    }
    var series = try ScatterPlot.Series(name: "for comparison", x: xs, y: ys, labels: names)
    series.isComparison = true
    return series
  }

  /// A column's numbers.
  private func column(_ name: String, of table: TableObject) throws -> [Double] {
    try table.item(.string(name)).elements().enumerated().map { row, value in
      if value.isNone { return .nan }
      guard let number = value.asDouble else {
        throw LanguageError(
          "pareto needs numbers in the column '\(name)', and row \(row) has \(value.typePhrase)")
      }
      return number
    }
  }
}

extension ScatterPlot {
  /// Points with the front of those that no other beats, smaller being better; the front's are
  /// named.
  init(
    pareto points: [(Double, Double)], names: [String], comparison: Series? = nil,
    log: LogAxes = .none
  ) throws {
    func plot(_ labels: [String]) throws -> ScatterPlot {
      let measured = try Series(
        name: comparison == nil ? "" : "measured", x: points.map(\.0), y: points.map(\.1),
        labels: labels)
      return try ScatterPlot(
        series: [measured] + [comparison].compactMap(\.self), log: log, front: true)
    }
    let front = try plot(names).frontPlaces
    self = try plot(
      zip(points, names).map { point, name in front.contains { $0 == point } ? name : "" })
  }
}
