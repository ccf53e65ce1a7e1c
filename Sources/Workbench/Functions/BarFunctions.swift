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
        "Numbers as bars: a row, a dict of numbers by name, or a dict of rows side by side.",
        text:
          "labels: what the places of a row are called; a dict of numbers brings its own. error: "
          + "half the length of each bar's error line, as the values are given, or a number for all."
          + " log is for the axis "
          + "of the values.",
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
    let (values, error) = (arguments.value("values"), arguments.value("error"))
    var labels = try arguments.texts("labels")
    var series: [BarPlot.Series] = []
    if case .dict(let dict) = values, dict.entries.allSatisfy({ $0.value.asDouble != nil }) {
      labels = try labels ?? dict.entries.map { try $0.key.text() }
      var errors: [Double]?
      if !error.isNone {
        errors =
          try error.asDouble.map { number in dict.entries.map { _ in number } }
          ?? dict.entries.map { key, _ in
            guard let number = try part(of: error, key, "error", of: "bar").asDouble else {
              throw arguments.mismatch("error", "a dict of numbers as the values are")
            }
            return number
          }
      }
      series = [
        try BarPlot.Series(values: dict.entries.map { $0.value.asDouble ?? .nan }, errors: errors)
      ]
    } else if case .dict(let dict) = values {
      for (key, value) in dict.entries {
        let error = try optionalPart(of: error, key, among: dict, "error", of: "bar")
        series.append(try bars(value, name: try key.text(), error: error))
      }
    } else {
      series = [try bars(values, name: "", error: error)]
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

  private func bars(_ value: Value, name: String, error: Value) throws -> BarPlot.Series {
    let values = try numbers(value, of: "bar")
    return try BarPlot.Series(
      name: name, values: values, errors: errors(error, count: values.count, of: "bar"))
  }

  private func histogram(_ arguments: BoundArguments) throws -> Value {
    func all(_ value: Value, _ name: String) throws -> Histogram.Series {
      let values = try Tensor.numbers(of: value, on: device).values
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
