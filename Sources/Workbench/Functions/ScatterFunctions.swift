import Figures
import Language

extension Session {
  /// scatter, pareto.
  var scatterFunctions: [BuiltinFunction] {
    [
      function(
        "scatter",
        """
        x, y, labels=None, title="", xlabel="", ylabel="", log=False, front=False
        """,
        "Points on two axes of numbers, of one series or of a dict of them.",
        text:
          "x, y: numbers; y, and x and labels too where they differ, may be dicts by the series' "
          + "names. labels: a string for each point, written where there is room. log: True for "
          + "both axes, \"x\" or \"y\" for one. front draws the Pareto front, smaller being better "
          + "on both axes, and the other points faint.",
        example: "scatter(table[\"parameters\"], table[\"loss\"], labels=table[\"name\"])"
      ) { [unowned self] in try scatter($0) },
      function(
        "pareto",
        """
        table, x="parameters", y="loss", label=None, title="", xlabel="", ylabel="", log=False
        """,
        "The rows of a table as points, with the front of those that no other beats.",
        text:
          "x, y: columns of numbers, smaller being better; rows whose numbers are not finite or "
          + "None are left out. label: the column by which the points on the front are labelled, by default "
          + "name, else the row's number. log: as in scatter.",
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
            name: try key.text(), x: try numbers(try part(of: x, key, "x"), of: "scatter"),
            y: try numbers(value, of: "scatter"),
            labels: try Self.labels(try part(of: labels, key, "labels"))))
      }
    } else {
      series = [
        try ScatterPlot.Series(
          x: try numbers(x, of: "scatter"), y: try numbers(arguments.value("y"), of: "scatter"),
          labels: try Self.labels(labels))
      ]
    }
    let plot = try ScatterPlot(
      series: series, log: try logarithmic(arguments), front: try arguments.bool("front"))
    return try figure(.scatter(plot), arguments)
  }

  /// What a dict has for a series; anything but a dict is for all of them.
  private func part(of value: Value, _ key: Value, _ name: String) throws -> Value {
    guard case .dict(let dict) = value else { return value }
    guard let part = try dict.value(for: key) else {
      throw LanguageError("scatter: \(name) has nothing for the series '\(try key.text())'")
    }
    return part
  }

  private static func labels(_ value: Value) throws -> [String]? {
    value.isNone ? nil : try value.elements().map { try $0.text() }
  }

  private func logarithmic(_ arguments: BoundArguments) throws -> ScatterPlot.Logarithmic {
    switch arguments.value("log") {
    case .bool(let both): return both ? .both : .none
    case .string("x"): return .x
    case .string("y"): return .y
    default: throw arguments.mismatch("log", "True, False, \"x\" or \"y\"")
    }
  }

  private func pareto(_ arguments: BoundArguments) throws -> Value {
    let table = try arguments.object("table", as: TableObject.self, expected: "a table")
    let (x, y) = (try arguments.string("x"), try arguments.string("y"))
    let points = try zip(column(x, of: table), column(y, of: table)).map { ($0, $1) }
    var label = try arguments.optionalString("label")
    if label == nil, table.columns.contains("name") { label = "name" }
    let names =
      try label.map { try table.item(.string($0)).elements().map { try $0.text() } }
      ?? table.rows.indices.map { "\($0)" }
    let plot = try ScatterPlot(pareto: points, names: names, log: try logarithmic(arguments))
    func axis(_ column: String) -> String { column == "loss" ? "loss (nats per token)" : column }
    return try figure(
      .scatter(plot), arguments, xLabel: axis(x), yLabel: axis(y))
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
  init(pareto points: [(Double, Double)], names: [String], log: Logarithmic = .none) throws {
    func plot(_ labels: [String]) throws -> ScatterPlot {
      try ScatterPlot(
        series: [Series(x: points.map(\.0), y: points.map(\.1), labels: labels)], log: log,
        front: true)
    }
    let front = try plot(names).frontPlaces
    self = try plot(
      zip(points, names).map { point, name in front.contains { $0 == point } ? name : "" })
  }
}
