import Compression
import Figures
import Language
import Tensors

extension Session {
  /// All functions that make figures.
  var figureFunctions: [BuiltinFunction] {
    [heatmapFunction] + lineFunctions + barFunctions + scatterFunctions + gridFunctions
      + readyMadeFunctions + tableFunctions + [themeFunction]
  }

  private var heatmapFunction: BuiltinFunction {
    function(
      "heatmap",
      """
      matrix, title="", xlabel="", ylabel="", colors="viridis", annotate=False, center=None, \
      log=False, limits=None, mask=None, rows=None, columns=None, label=""
      """,
      "A matrix as coloured cells with a colour bar; row 0 is at the top.",
      text: "matrix: [rows, columns], or [columns] as one row. colors: a colour map's name. "
        + "annotate writes each value where it can be read; center puts a value in the middle of "
        + "a diverging map; log colours by the logarithm; limits=(low, high) are the values at the "
        + "ends of the colours. mask: truth values, true where a cell is hatched. rows and columns "
        + "name what they are; label stands beside the colour bar. Cells that are not finite are "
        + "grey.",
      example: "heatmap(scores.heads, title=\"Heads\", xlabel=\"head\", ylabel=\"layer\")"
    ) { [unowned self] in try heatmap($0) }
  }

  private func heatmap(_ arguments: BoundArguments) throws -> Value {
    let given = try Tensor.nested(arguments.value("matrix"), on: device)
    guard given.rank == 1 || given.rank == 2 else {
      throw LanguageError("heatmap takes a matrix, not shape \(given.shape)")
    }
    let matrix = given.rank == 1 ? try given.reshaped([1, given.count]) : given
    var mask: [Bool]?
    if !arguments.value("mask").isNone {
      let truths = try Tensor.nested(arguments.value("mask"), on: device)
      guard truths.type == .bool, truths.shape == given.shape else {
        throw LanguageError(
          "mask takes truth values of the matrix's shape \(given.shape), not \(truths.type.name) of "
            + "\(truths.shape)")
      }
      mask = try truths.truths()
    }
    var map = try Heatmap(
      values: matrix.floats(), rows: matrix.shape[0], columns: matrix.shape[1],
      colors: arguments.isGiven("colors") ? try arguments.choice("colors") : nil,
      annotate: try arguments.bool("annotate"),
      center: try arguments.optionalDouble("center"),
      isLogarithmic: try arguments.bool("log"), range: try arguments.optionalRange("limits"),
      mask: mask)
    map.rowNames = try names(arguments, "rows", count: map.rows)
    map.columnNames = try names(arguments, "columns", count: map.columns)
    map.valueLabel = try arguments.string("label")
    return try figure(.heatmap(map), arguments)
  }

  private func names(_ arguments: BoundArguments, _ name: String, count: Int) throws -> [String]? {
    guard let names = try arguments.texts(name) else { return nil }
    guard names.count == count else {
      throw LanguageError("\(name) has \(names.count) names for \(counted(count, "place"))")
    }
    return names
  }

  /// A figure with the title, the labels and the limits of the arguments, else those given here.
  func figure(
    _ content: Figure.Content, _ arguments: BoundArguments, title: String = "",
    xLabel: String = "", yLabel: String = ""
  ) throws -> Value {
    func label(_ name: String, _ fallback: String) throws -> String {
      arguments.has(name) && arguments.isGiven(name) ? try arguments.string(name) : fallback
    }
    var figure = Figure(
      content, title: try label("title", title), xLabel: try label("xlabel", xLabel),
      yLabel: try label("ylabel", yLabel))
    if arguments.has("xlim") { figure.xLimits = try arguments.optionalRange("xlim") }
    if arguments.has("ylim") { figure.yLimits = try arguments.optionalRange("ylim") }
    return .object(FigureObject(figure))
  }

  /// Numbers in one row; `function` is whose they are, for errors.
  func numbers(_ value: Value, of function: String) throws -> [Double] {
    let tensor = try Tensor.nested(value, on: device)
    guard tensor.rank == 1 else {
      throw LanguageError("\(function) takes numbers in one row, not shape \(tensor.shape)")
    }
    guard tensor.count > 0 else {
      throw LanguageError("\(function) has nothing to draw: the row of numbers is empty")
    }
    return try tensor.floats().map { Double($0) }
  }

  /// What a dict has for a series that may be left out of it; anything but a dict is for all of them.
  /// - Throws: `LanguageError` where the dict names what is no series.
  func optionalPart(
    of value: Value, _ key: Value, among series: DictObject, _ name: String, of function: String
  ) throws -> Value {
    guard case .dict(let dict) = value else { return value }
    for (other, _) in dict.entries where try series.value(for: other) == nil {
      let names = try series.entries.map { try $0.key.text() }
      throw LanguageError(
        "\(function): \(name) names '\(try other.text())', which is no series"
          + didYouMean(try other.text(), names))
    }
    return try dict.value(for: key) ?? .none
  }

  /// What a dict has for a series; anything but a dict is for all of them.
  func part(
    of value: Value, _ key: Value, _ name: String, of function: String
  ) throws -> Value {
    guard case .dict(let dict) = value else { return value }
    guard let part = try dict.value(for: key) else {
      throw LanguageError("\(function): \(name) has nothing for the series '\(try key.text())'")
    }
    return part
  }

  private var themeFunction: BuiltinFunction {
    function(
      "theme", "name=None", "Chooses how figures look from now on, or says how they do.",
      text: "'paper' (white, sans-serif), 'serif' (white, the type of a paper's text), 'screen' "
        + "(larger) and 'dark'. save(figure, path, theme=) draws one file in another.",
      example: "theme(\"serif\")"
    ) { [unowned self] arguments in
      guard !arguments.value("name").isNone else { return .string(theme.rawValue) }
      theme = try arguments.choice("name")
      return .none
    }
  }
}

extension BoundArguments {
  /// Two numbers, the lower first; nil where the argument is None.
  func optionalRange(_ name: String) throws -> ClosedRange<Double>? {
    if value(name).isNone { return nil }
    let numbers = try? value(name).elements().map(\.asDouble)
    guard let numbers, numbers.count == 2, let low = numbers[0], let high = numbers[1], low < high,
      max(low.magnitude, high.magnitude) <= 1e300, high - low > 1e-300
    else {
      let given = try value(name).representation()
      throw LanguageError("\(name) is two numbers of at most 1e300, the lower first, not \(given)")
    }
    return low...high
  }

  /// Strings, or what their text is; nil where the argument is None.
  func texts(_ name: String) throws -> [String]? {
    value(name).isNone ? nil : try value(name).elements().map { try $0.text() }
  }

  /// Which axes are logarithmic: True is what `both` says.
  func logAxes(_ name: String, both: LogAxes) throws -> LogAxes {
    switch value(name) {
    case .bool(let isLogarithmic): return isLogarithmic ? both : .none
    case .string("x"): return .x
    case .string("y"): return .y
    case .string("both"): return .both
    default: throw mismatch(name, "True, False, \"x\", \"y\" or \"both\"")
    }
  }
}
