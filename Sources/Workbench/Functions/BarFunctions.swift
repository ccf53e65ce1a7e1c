import Figures
import Language
import Tensors

extension Session {
  /// bar, histogram.
  var barFunctions: [BuiltinFunction] {
    [
      function(
        "bar",
        """
        values, labels=None, error=None, title="", xlabel="", ylabel="", log=False, \
        horizontal=False, xlim=None, ylim=None
        """,
        "Numbers as bars: a row, a dict of numbers by name, or a dict of rows or dicts side by side.",
        text:
          "labels: what the places of a row are called; dicts of numbers bring their own. error: half "
          + "the length of each bar's error line, as the values are given, or a number for all. log is "
          + "for the axis of the values.",
        example: "bar({\"teacher\": 2.92, \"pruned\": 3.41, \"distilled\": 3.05}, ylabel=\"loss\")"
      ) { [unowned self] in try bar($0) },
      function(
        "histogram",
        """
        values, bins=None, title="", xlabel="", ylabel="", log=False, density=False, xlim=None, \
        ylim=None
        """,
        "How often numbers occur, of one tensor or of a dict of them over common bins.",
        text:
          "values: any shape. bins: how many; as NumPy's 'auto' chooses without. log is for the "
          + "vertical axis; density makes the area of each 1.",
        example: "histogram({\"layer 0\": scores.neurons[0], \"layer 29\": scores.neurons[29]})"
      ) { [unowned self] in try histogram($0) },
    ]
  }

  private func bar(_ arguments: BoundArguments) throws -> Value {
    var labels = try arguments.texts("labels")
    let error = arguments.value("error")
    var series: [BarPlot.Series] = []
    switch arguments.value("values") {
    case .dict(let dict) where dict.entries.allSatisfy({ $0.value.asDouble != nil }):
      try refuse(labels)
      labels = try dict.entries.map { try $0.key.text() }
      series = [try bars(dict, over: dict.entries.map(\.key), name: "", error: error)]
    case .dict(let dict) where dict.entries.allSatisfy({ $0.value.asDict != nil }):
      try refuse(labels)
      let places = try TableObject(records: dict.entries.map(\.value)).columns
      labels = places
      for (key, value) in dict.entries {
        guard let bars = value.asDict else { continue }
        let error = try optionalPart(of: error, key, among: dict, "error", of: "bar")
        series.append(
          try self.bars(
            bars, over: places.map(Value.string), name: try key.text(), error: error))
      }
    case .dict(let dict):
      series = try dict.entries.map { key, value in
        let error = try optionalPart(of: error, key, among: dict, "error", of: "bar")
        return try bars(value, name: try key.text(), error: error)
      }
    default: series = [try bars(arguments.value("values"), name: "", error: error)]
    }
    let isHorizontal = try arguments.bool("horizontal")
    let other = isHorizontal ? "ylim" : "xlim"
    guard arguments.value(other).isNone else {
      throw LanguageError(
        "\(other) is for an axis of numbers; the bars' values are on the "
          + (isHorizontal ? "horizontal one: xlim" : "vertical one: ylim"))
    }
    let plot = try BarPlot(
      categories: labels, series: series, isLogarithmic: try arguments.bool("log"),
      isHorizontal: isHorizontal)
    return try figure(.bars(plot), arguments)
  }

  private func refuse(_ labels: [String]?) throws {
    guard labels == nil else {
      throw LanguageError("labels are for rows; a dict of numbers brings its own names")
    }
  }

  private func bars(_ value: Value, name: String, error: Value) throws -> BarPlot.Series {
    let called = name.isEmpty ? "values" : "values of '\(name)'"
    let values = try row(value, called: called)
    return try BarPlot.Series(
      name: name, values: values, errors: errors(error, count: values.count))
  }

  /// The bars of a dict's numbers, none at places that it has not.
  private func bars(
    _ dict: DictObject, over places: [Value], name: String, error: Value
  ) throws -> BarPlot.Series {
    func number(_ dict: DictObject, _ place: Value, _ what: String) throws -> Double {
      guard let value = try dict.value(for: place), !value.isNone else { return .nan }
      guard let number = value.asDouble else {
        throw LanguageError("\(what) has \(value.typePhrase) for '\(try place.text())'")
      }
      return number
    }
    let errors: [Double]?
    if let given = error.asDict {
      for (key, _) in given.entries where try dict.value(for: key) == nil {
        throw LanguageError(
          "error has '\(try key.text())', which is no bar"
            + didYouMean(try key.text(), try places.map { try $0.text() }))
      }
      errors = try places.map { try number(given, $0, "error") }
    } else {
      errors = try self.errors(error, count: places.count)
    }
    return try BarPlot.Series(
      name: name, values: try places.map { try number(dict, $0, "values") }, errors: errors)
  }

  private func histogram(_ arguments: BoundArguments) throws -> Value {
    func all(_ value: Value, _ name: String) throws -> Histogram.Series {
      let values = try numbers(
        of: value, called: name.isEmpty ? "values" : "values of '\(name)'"
      ).values
      guard !values.isEmpty else {
        let whose = name.isEmpty ? "histogram" : "histogram's series '\(name)'"
        throw LanguageError("\(whose) has no values")
      }
      return Histogram.Series(name: name, values: values)
    }
    var series: [Histogram.Series] = []
    if case .dict(let dict) = arguments.value("values") {
      series = try dict.entries.map { try all($1, try $0.text()) }
    } else {
      series = [try all(arguments.value("values"), "")]
    }
    let isDensity = try arguments.bool("density")
    let plot = try Histogram(
      series: series, bins: try arguments.optionalInt("bins"), isDensity: isDensity,
      isLogarithmic: try arguments.bool("log"))
    return try figure(.histogram(plot), arguments, yLabel: isDensity ? "density" : "count")
  }
}
